#include "engine/config/edit/write_files.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace viasync::config {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "viasync-write-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  std::string root() const { return path_.string(); }
  fs::path operator/(const std::string& name) const { return path_ / name; }

  void Put(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::string Get(const std::string& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

 private:
  fs::path path_;
};

FileEdit Edit(std::optional<std::string> before, std::optional<std::string> after) {
  return {.before = std::move(before), .after = std::move(after)};
}

TEST_CASE("files are replaced, made and removed; modes and links stay") {
  Folder folder;
  folder.Put("config/a.yaml", "a");
  folder.Put("real/b.yaml", "b");
  folder.Put("config/c.yaml", "c");
  fs::create_symlink("../real/b.yaml", folder / "config/b.yaml");
  chmod((folder / "config/a.yaml").c_str(), 0640);
  auto done = WriteFiles(folder.root(), {{"config/a.yaml", Edit("a", "A")},
                                         {"config/b.yaml", Edit("b", "B")},
                                         {"config/c.yaml", Edit("c", std::nullopt)},
                                         {"config/new/d.yaml", Edit(std::nullopt, "D")}});
  REQUIRE(done.has_value());
  CHECK(folder.Get("config/a.yaml") == "A");
  struct stat info {};
  REQUIRE(stat((folder / "config/a.yaml").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0640);
  CHECK(fs::is_symlink(folder / "config/b.yaml"));
  CHECK(folder.Get("real/b.yaml") == "B");
  CHECK_FALSE(fs::exists(folder / "config/c.yaml"));
  CHECK(folder.Get("config/new/d.yaml") == "D");
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder.root())) {
    files += entry.is_regular_file() && !entry.is_symlink();
  }
  CHECK(files == 3);  // no temporary one is left
}

TEST_CASE("nothing is written where one file is not as it was read") {
  struct {
    const char* fact;
    std::string path;
    FileEdit edit;
    base::ErrorKind kind;
  } cases[] = {
      {"changed meanwhile", "config/z.yaml", Edit("other", "Z"), base::ErrorKind::kStale},
      {"gone", "config/gone.yaml", Edit("x", "y"), base::ErrorKind::kStale},
      {"made meanwhile", "config/z.yaml", Edit(std::nullopt, "Z"), base::ErrorKind::kStale},
      {"outside", "../x.yaml", Edit(std::nullopt, "Z"), base::ErrorKind::kInvalid},
      {"a link that leads outside", "config/out/x.yaml", Edit(std::nullopt, "Z"),
       base::ErrorKind::kInvalid},
  };
  for (const auto& c : cases) {
    CAPTURE(c.fact);
    Folder folder;
    folder.Put("config/a.yaml", "a");
    folder.Put("config/z.yaml", "z");
    fs::create_symlink("/tmp", folder / "config/out");
    auto done = WriteFiles(folder.root(), {{"config/a.yaml", Edit("a", "A")}, {c.path, c.edit}});
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().kind == c.kind);
    CHECK_FALSE(done.error().hint.empty());
    CHECK(folder.Get("config/a.yaml") == "a");
    CHECK(folder.Get("config/z.yaml") == "z");
  }
}

TEST_CASE("a file that cannot be written stays whole, and the error counts the others") {
  Folder folder;
  folder.Put("config/a.yaml", "a");
  folder.Put("blocked", "no folder");
  auto done = WriteFiles(folder.root(), {{"aa.yaml", Edit(std::nullopt, "A")},
                                         {"blocked/b.yaml", Edit(std::nullopt, "B")}});
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == base::ErrorKind::kIo);
  CHECK(done.error().message.contains("1 file of 2 were written before"));
}

}  // namespace
}  // namespace viasync::config
