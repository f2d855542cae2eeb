// A commit reads like the folder that a checkout of it would be.
#include "engine/config/git_tree.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/base/strings.h"
#include "engine/config/git.h"
#include "tests/config/git_repo.h"

namespace viasync::config {
namespace {

namespace fs = std::filesystem;

// A repository of its own that is removed with it.
class Repo {
 public:
  Repo() {
    const char* base = std::getenv("TEST_TMPDIR");
    path_ = std::string(base ? base : "/tmp") + "/git-XXXXXX";
    REQUIRE(mkdtemp(path_.data()) != nullptr);
    Git(path_, "init -q");
  }
  ~Repo() { fs::remove_all(path_); }
  const std::string& path() const { return path_; }
  void Write(const std::string& name, const std::string& text) const {
    fs::create_directories((fs::path(path_) / name).parent_path());
    std::ofstream(path_ + "/" + name) << text;
  }
  void Link(const std::string& name, const std::string& target) const {
    fs::create_directories((fs::path(path_) / name).parent_path());
    fs::create_symlink(target, path_ + "/" + name);
  }

 private:
  std::string path_;
};

std::unique_ptr<FileTree> Head(const std::string& root) {
  auto commit = FindCommit(root, "HEAD");
  REQUIRE_MESSAGE(commit.has_value(), commit.error().message);
  auto tree = OpenGitTree(root, *commit);
  REQUIRE_MESSAGE(tree.has_value(), tree.error().message);
  return std::move(*tree);
}

// The content, or "error: …".
std::string Text(FileTree& tree, const std::string& path) {
  auto file = tree.Open(path);
  if (!file) return "error: " + file.error().message;
  return {std::istreambuf_iterator<char>(file->get()), {}};
}

std::string Names(FileTree& tree, const std::string& dir) {
  auto listed = tree.List(dir);
  return listed ? base::Join(*listed, " ") : "error: " + listed.error().message;
}

// Both trees list the same names and hold the same bytes.
void CheckLikeOnDisk(const Repo& repo) {
  auto commit = Head(repo.path());
  auto disk = MakeDiskTree(repo.path());
  auto listed = disk->List("config");
  REQUIRE_MESSAGE(listed.has_value(), listed.error().message);
  CHECK(Names(*commit, "config") == Names(*disk, "config"));
  for (const auto& path : *listed) {
    CAPTURE(path);
    CHECK(Text(*commit, path) == Text(*disk, path));
  }
}

}  // namespace

TEST_CASE("links are followed in a commit as on disk") {
  Repo repo;
  repo.Write("shared/a.yaml", "a");
  repo.Write("shared/dnc.csv", "row");
  repo.Write("config/b.yaml", "b");
  repo.Write("config/.hidden.yaml", "h");
  repo.Link("config/a.yaml", "../shared/a.yaml");
  repo.Link("config/twice.yaml", "a.yaml");
  repo.Link("config/deep/c.yml", "../../shared/../shared/a.yaml");
  repo.Link("lists", "shared");
  CommitAll(repo.path());
  CheckLikeOnDisk(repo);
  auto tree = Head(repo.path());
  CHECK(Names(*tree, "config") ==
        "config/a.yaml config/b.yaml config/deep/c.yml config/twice.yaml");
  CHECK(Text(*tree, "config/deep/c.yml") == "a");
  CHECK(Text(*tree, "lists/dnc.csv") == "row");
}

TEST_CASE("the folder itself may be a link; a linked folder below it is an error, as on disk") {
  Repo repo;
  repo.Write("real/a.yaml", "a");
  repo.Link("config", "real");
  CommitAll(repo.path());
  CheckLikeOnDisk(repo);
  repo.Write("other/b.yaml", "b");
  repo.Link("real/more", "../other");
  CommitAll(repo.path());
  CHECK(Names(*Head(repo.path()), "config").contains("is a link to a folder"));
  CHECK(Names(*MakeDiskTree(repo.path()), "config").contains("is a link to a folder"));
}

TEST_CASE("links that lead out, round, or nowhere are errors of their own") {
  Repo repo;
  repo.Link("config/out.yaml", "../../elsewhere.yaml");
  repo.Link("config/absolute.yaml", "/etc/hostname");
  repo.Link("config/round.yaml", "round.yaml");
  repo.Link("config/nowhere.yaml", "missing.yaml");
  CommitAll(repo.path());
  auto tree = Head(repo.path());
  CHECK(Text(*tree, "config/out.yaml").contains("leads out of the repository"));
  CHECK(Text(*tree, "config/absolute.yaml").contains("leads out of the repository"));
  CHECK(Text(*tree, "config/round.yaml").contains("leads back to itself"));
  CHECK(Text(*tree, "config/nowhere.yaml").contains("has no file"));
  CHECK(Text(*tree, "../x").contains("leads out of the repository"));
}

TEST_CASE("a root below the top of the repository sees its own files") {
  Repo repo;
  repo.Write("a/config/a.yaml", "a");
  repo.Write("b/config/b.yaml", "b");
  CommitAll(repo.path());
  auto tree = Head(repo.path() + "/a");
  CHECK(Names(*tree, "config") == "config/a.yaml");
  CHECK(Text(*tree, "config/a.yaml") == "a");
}

TEST_CASE("files of a submodule belong to the commit; one that is not fetched is an error") {
  Repo lib, repo;
  lib.Write("a.yaml", "a");
  CommitAll(lib.path());
  Git(repo.path(), "submodule --quiet add " + lib.path() + " config/lib");
  CommitAll(repo.path());
  CheckLikeOnDisk(repo);
  CHECK(Text(*Head(repo.path()), "config/lib/a.yaml") == "a");
  Git(repo.path(), "submodule --quiet deinit -f config/lib");
  fs::remove_all(repo.path() + "/.git/modules");
  CHECK(Names(*Head(repo.path()), "config").contains("the submodule `config/lib` cannot be read"));
}

TEST_CASE("what a filter keeps elsewhere is put back, as in a checkout") {
  Repo repo;
  Git(repo.path(), "config filter.up.clean 'tr A-Z a-z'");
  Git(repo.path(), "config filter.up.smudge 'tr a-z A-Z'");
  repo.Write(".gitattributes", "config/*.csv filter=up\n");
  repo.Write("config/a.yaml", "a");
  repo.Write("config/dnc.csv", "ROW");
  CommitAll(repo.path());
  REQUIRE(Git(repo.path(), "show HEAD:config/dnc.csv") == "row");
  CHECK(Text(*Head(repo.path()), "config/dnc.csv") == "ROW");
  CHECK(Text(*Head(repo.path()), "config/a.yaml") == "a");
}

TEST_CASE("what a checkout rewrites is read as it lies on the disk") {
  Repo repo;
  repo.Write(".gitattributes",
             "config/wide.csv working-tree-encoding=UTF-16LE\nconfig/id.yaml ident\n");
  repo.Write("config/wide.csv", std::string("a\0b\0", 4));
  repo.Write("config/id.yaml", "$Id$");
  CommitAll(repo.path());
  REQUIRE(Git(repo.path(), "show HEAD:config/wide.csv") == "ab");
  CHECK(Text(*Head(repo.path()), "config/wide.csv") == std::string("a\0b\0", 4));
  CHECK(Text(*Head(repo.path()), "config/id.yaml").starts_with("$Id: "));
}

TEST_CASE("what git said is in the error, with what to do") {
  Repo repo;
  CommitAll(repo.path());
  auto unknown = FindCommit(repo.path(), "nowhere");
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().message == "`nowhere` is not a commit of this repository");
  CHECK(unknown.error().hint.contains("fetch"));

  Repo copy;
  CommitAll(repo.path());
  Git(copy.path(), "fetch -q --depth 1 file://" + repo.path() + " main:there");
  auto cut = FindCommit(copy.path(), "there~1");
  REQUIRE_FALSE(cut.has_value());
  CHECK(cut.error().hint.contains("shallow"));

  fs::remove_all(copy.path() + "/.git");
  setenv("GIT_CEILING_DIRECTORIES", "/nowhere", 1);  // must not matter
  auto none = FindCommit("/", "HEAD");
  unsetenv("GIT_CEILING_DIRECTORIES");
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().message.contains("not a git repository"));
}

TEST_CASE("without git the error says so") {
  std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  auto commit = FindCommit(".", "HEAD");
  setenv("PATH", path.c_str(), 1);
  REQUIRE_FALSE(commit.has_value());
  CHECK(commit.error().message.contains("`git` cannot be run"));
  CHECK(commit.error().hint.contains("install git"));
}

TEST_CASE("no variable chooses another repository") {
  Repo repo, other;
  repo.Write("config/a.yaml", "ours");
  CommitAll(repo.path());
  other.Write("config/a.yaml", "theirs");
  CommitAll(other.path());
  const std::string git = other.path() + "/.git";
  const std::pair<const char*, std::string> variables[] = {
      {"GIT_DIR", git},
      {"GIT_WORK_TREE", other.path()},
      {"GIT_INDEX_FILE", git + "/index"},
      {"GIT_OBJECT_DIRECTORY", git + "/objects"},
      {"GIT_ALTERNATE_OBJECT_DIRECTORIES", git + "/objects"},
      {"GIT_COMMON_DIR", git},
      {"GIT_NAMESPACE", "other"},
      {"GIT_PREFIX", "config/"},
      {"GIT_CEILING_DIRECTORIES", fs::path(repo.path()).parent_path()},
      {"GIT_CONFIG_COUNT", "1"},
      {"GIT_CONFIG_KEY_0", "core.worktree"},
      {"GIT_CONFIG_VALUE_0", other.path()},
      {"GIT_CONFIG_PARAMETERS", "'core.bare=true'"},
      {"GIT_SHALLOW_FILE", "/nowhere"},
      {"GIT_TRACE", "1"},
      {"GIT_LITERAL_PATHSPECS", "1"},
      {"GIT_REPLACE_REF_BASE", "refs/x"},
      {"GIT_ATTR_SOURCE", "nowhere"}};
  for (const auto& [name, value] : variables) setenv(name, value.c_str(), 1);
  CHECK(Text(*Head(repo.path()), "config/a.yaml") == "ours");
  for (const auto& [name, value] : variables) unsetenv(name);
}

TEST_CASE("git keeps what reaches a server and whom to trust, and gets no credentials") {
  auto kept = GitEnvironment(
      {"PATH=/bin", "GIT_SSH_COMMAND=ssh -i key", "GIT_SSL_CAINFO=ca.pem",
       "VIASYNC_PROD_API_KEY=secret", "GIT_DIR=/x", "LC_ALL=de_DE.UTF-8", "GIT_CONFIG_COUNT=3",
       "GIT_CONFIG_KEY_0=core.worktree", "GIT_CONFIG_VALUE_0=/x", "GIT_CONFIG_KEY_1=safe.directory",
       "GIT_CONFIG_VALUE_1=*", "GIT_CONFIG_KEY_2=http.proxy", "GIT_CONFIG_VALUE_2=p"});
  std::ranges::sort(kept);
  CHECK(base::Join(kept, "\n") ==
        "GIT_CONFIG_COUNT=2\nGIT_CONFIG_KEY_0=safe.directory\nGIT_CONFIG_KEY_1=http.proxy\n"
        "GIT_CONFIG_VALUE_0=*\nGIT_CONFIG_VALUE_1=p\nGIT_OPTIONAL_LOCKS=0\n"
        "GIT_SSH_COMMAND=ssh -i key\nGIT_SSL_CAINFO=ca.pem\nGIT_TERMINAL_PROMPT=0\nLC_ALL=C\n"
        "PATH=/bin");
}

}  // namespace viasync::config
