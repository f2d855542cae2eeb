#include "engine/files/atomic_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace viasync::files {
namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() {
    const char* base = std::getenv("TEST_TMPDIR");
    path = std::string(base ? base : "/tmp") + "/files-XXXXXX";
    REQUIRE(mkdtemp(path.data()) != nullptr);
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const std::string& name) const { return path + "/" + name; }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path)) names.push_back(entry.path().filename());
    return names;
  }
  std::string path;
};

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

mode_t ModeOf(const std::string& path) {
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

TEST_CASE("a file is there whole, or as it was before") {
  Folder folder;
  Write(folder / "a", "old");
  {
    auto file = AtomicFile::Create(folder / "a", Rights::kOwner);
    REQUIRE(file);
    REQUIRE(file->Write("new, but never committed"));
    CHECK(Read(folder / "a") == "old");
    CHECK(folder.Names().size() == 2);
  }
  CHECK(folder.Names().size() == 1);
  REQUIRE(WriteWhole(folder / "a", "new", Rights::kOwner));
  CHECK(Read(folder / "a") == "new");
  CHECK(folder.Names().size() == 1);
  CHECK(ModeOf(folder / "a") == 0600);
}

TEST_CASE("the rights of the file that is replaced are kept where that is asked for") {
  Folder folder;
  umask(022);
  Write(folder / "a", "old");
  REQUIRE(chmod((folder / "a").c_str(), 0640) == 0);
  REQUIRE(WriteWhole(folder / "a", "new", Rights::kAsBefore));
  CHECK(ModeOf(folder / "a") == 0640);
  REQUIRE(WriteWhole(folder / "b", "new", Rights::kAsBefore));
  CHECK(ModeOf(folder / "b") == 0644);
}

TEST_CASE("a link is replaced, and what it leads to stays") {
  Folder folder;
  Write(folder / "precious", "precious");
  REQUIRE(symlink("precious", (folder / "a").c_str()) == 0);
  for (auto rights : {Rights::kOwner, Rights::kAsBefore}) {
    REQUIRE(WriteWhole(folder / "a", "new", rights));
    CHECK(Read(folder / "precious") == "precious");
    CHECK_FALSE(fs::is_symlink(folder / "a"));
  }
}

TEST_CASE("drafts of killed runs are cleared away, those at work and other files are not") {
  Folder folder;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto file = AtomicFile::Create(folder / "a", Rights::kOwner);
    (void)file->Write("half");
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(folder.Names().size() == 1);
  Write(folder / ".viasync-notes", "mine");
  Write(folder / ".viasync-0123456789abcdeX.tmp", "mine");
  REQUIRE(symlink("a", (folder / ".viasync-0123456789abcdef.tmp").c_str()) == 0);
  auto at_work = AtomicFile::Create(folder / "b", Rights::kOwner);
  REQUIRE(at_work);
  REQUIRE(WriteWhole(folder / "a", "new", Rights::kOwner));
  CHECK(folder.Names().size() == 5);  // a, b's draft, and the three
  REQUIRE(at_work->Write("b"));
  REQUIRE(at_work->Commit());
  CHECK(Read(folder / "b") == "b");
}

TEST_CASE("a file that cannot be written is an error with its reason, and leaves nothing") {
  Folder folder;
  auto nowhere = WriteWhole(folder / "no/such/folder", "x", Rights::kOwner);
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error() == ENOENT);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit small{100, 100};
    setrlimit(RLIMIT_FSIZE, &small);
    auto written = WriteWhole(folder / "a", std::string(1000, 'x'), Rights::kOwner);
    _exit(!written && written.error() == EFBIG ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(folder.Names().empty());
}

TEST_CASE("what a path leads to is told apart") {
  Folder folder;
  Write(folder / "file", "");
  REQUIRE(mkfifo((folder / "fifo").c_str(), 0600) == 0);
  REQUIRE(symlink("fifo", (folder / "link").c_str()) == 0);
  CHECK(TargetOf(folder / "none").value() == Target::kNone);
  CHECK(TargetOf(folder / "file").value() == Target::kRegular);
  CHECK(TargetOf(folder.path).value() == Target::kFolder);
  CHECK(TargetOf(folder / "fifo").value() == Target::kStream);
  CHECK(TargetOf(folder / "link").value() == Target::kStream);
  CHECK(TargetOf("/dev/null").value() == Target::kStream);
}

}  // namespace
}  // namespace viasync::files
