#include "engine/workflow/git_tree.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <vector>

#include "engine/base/strings.h"

namespace viasync::workflow {
namespace {

struct Output {
  int exit_code = 0;
  std::string text;
};

std::string ReadAll(int descriptor) {
  std::string text;
  char buffer[65536];
  for (;;) {
    auto n = ::read(descriptor, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
  }
}

// Runs git without a shell; what it says to stderr is dropped.
base::Result<Output> RunGit(const std::string& root, std::vector<std::string> args) {
  args.insert(args.begin(), {"git", "-C", root});
  std::vector<char*> argv;
  for (auto& arg : args) argv.push_back(arg.data());
  argv.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return base::Fail(base::ErrorKind::kIo, std::string("no pipe: ") + base::SystemReason(errno));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  int error = posix_spawnp(&pid, "git", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (error != 0) {
    ::close(ends[0]);
    return base::Fail(base::ErrorKind::kIo,
                      std::string("git cannot be run: ") + base::SystemReason(error),
                      "install git, or leave --base-ref out");
  }
  Output output{.text = ReadAll(ends[0])};
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  return output;
}

class CommitTree final : public config::FileTree {
 public:
  CommitTree(std::string root, std::string commit)
      : root_(std::move(root)), commit_(std::move(commit)) {}

  base::Result<std::vector<std::string>> List(const std::string& dir) override {
    auto listed = RunGit(root_, {"ls-tree", "-r", "-z", "--name-only", commit_, "--", dir});
    if (!listed) return base::Fail(listed.error());
    std::vector<std::string> paths;
    for (auto part : base::Split(listed->text, '\0')) {
      std::string path(part);
      bool hidden = path.starts_with('.') || path.find("/.") != std::string::npos;
      if (!hidden && (path.ends_with(".yaml") || path.ends_with(".yml"))) paths.push_back(path);
    }
    std::ranges::sort(paths);
    return paths;
  }

  base::Result<std::unique_ptr<std::streambuf>> Open(const std::string& path) override {
    // `./` makes git take the path from `root_`, which may lie below the top of the repository.
    auto shown = RunGit(root_, {"show", commit_ + ":./" + path});
    if (!shown) return base::Fail(shown.error());
    if (!config::StaysInside(path) || shown->exit_code != 0) {
      return base::Fail(
          base::ErrorKind::kNotFound,
          "commit " + commit_.substr(0, 12) + " has no file `" + base::Printable(path) + "`");
    }
    return std::make_unique<std::stringbuf>(std::move(shown->text), std::ios::in);
  }

 private:
  std::string root_, commit_;
};

}  // namespace

base::Result<GitTree> OpenGitTree(const std::string& root, const std::string& ref) {
  auto parsed =
      RunGit(root, {"rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}"});
  if (!parsed) return base::Fail(parsed.error());
  std::string commit(base::Trim(parsed->text));
  if (parsed->exit_code != 0 || commit.empty()) {
    return base::Fail(base::ErrorKind::kNotFound,
                      "--base-ref `" + base::Printable(ref) + "` is no commit of this repository",
                      "in CI, fetch it first (a shallow clone has few commits)");
  }
  return GitTree{std::make_unique<CommitTree>(root, commit), commit};
}

}  // namespace viasync::workflow
