#include "engine/config/git.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

#include "engine/base/strings.h"

namespace viasync::config {
namespace {

// Of the variables that begin with GIT_ only what says how to reach a server, or where the user's
// own configuration is. All else belongs to the git command that started us.
constexpr std::array<std::string_view, 16> kKept = {"GIT_ASKPASS",
                                                    "GIT_SSH",
                                                    "GIT_SSH_COMMAND",
                                                    "GIT_SSH_VARIANT",
                                                    "GIT_SSL_",
                                                    "GIT_HTTP_",
                                                    "GIT_PROXY_",
                                                    "GIT_PROXY_COMMAND",
                                                    "GIT_CONFIG_GLOBAL",
                                                    "GIT_CONFIG_SYSTEM",
                                                    "GIT_CONFIG_NOSYSTEM",
                                                    "GIT_EXEC_PATH",
                                                    "GIT_ALLOW_PROTOCOL",
                                                    "GIT_PROTOCOL",
                                                    "GIT_TEMPLATE_DIR",
                                                    "GIT_DISCOVERY_ACROSS_FILESYSTEM"};

constexpr base::Millis kNetworkLimit{120'000};

bool IsKept(std::string_view name) {
  if (name.starts_with("VIASYNC_")) return false;
  if (name == "LC_ALL" || name == "LANGUAGE") return false;  // we set them
  if (!name.starts_with("GIT_")) return true;
  return std::ranges::any_of(kKept, [&](std::string_view kept) {
    return kept.ends_with('_') ? name.starts_with(kept) : name == kept;
  });
}

// Settings that a CI gives git by GIT_CONFIG_COUNT, _KEY_n and _VALUE_n and that choose no
// repository: whom to trust, and how to reach a server.
bool IsKeptSetting(std::string_view key) {
  std::string lower = base::ToLower(key);
  constexpr std::array<std::string_view, 8> kSettings = {
      "safe.directory", "http.", "credential.",   "url.",
      "protocol.",      "ssh.",  "core.gitproxy", "core.sshcommand"};
  return std::ranges::any_of(kSettings, [&](std::string_view kept) {
    return kept.ends_with('.') ? lower.starts_with(kept) : lower == kept;
  });
}

std::string_view ValueIn(const std::vector<std::string>& variables, const std::string& name) {
  for (const auto& variable : variables) {
    if (variable.size() > name.size() && variable.starts_with(name) &&
        variable[name.size()] == '=') {
      return std::string_view(variable).substr(name.size() + 1);
    }
  }
  return {};
}

void KeepSettings(const std::vector<std::string>& inherited, std::vector<std::string>& kept) {
  std::string_view text = ValueIn(inherited, "GIT_CONFIG_COUNT");
  int count = 0, taken = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  constexpr int kMost = 1000;
  for (int i = 0; i < std::min(count, kMost); ++i) {
    auto number = std::to_string(i);
    std::string key(ValueIn(inherited, "GIT_CONFIG_KEY_" + number));
    if (!IsKeptSetting(key)) continue;
    auto as = std::to_string(taken++);
    std::string value(ValueIn(inherited, "GIT_CONFIG_VALUE_" + number));
    kept.push_back("GIT_CONFIG_KEY_" + as + "=" + key);
    kept.push_back("GIT_CONFIG_VALUE_" + as + "=" + value);
  }
  if (taken > 0) kept.push_back("GIT_CONFIG_COUNT=" + std::to_string(taken));
}

std::vector<std::string> OurEnvironment() {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry; ++entry) variables.emplace_back(*entry);
  return GitEnvironment(variables);
}

std::unexpected<base::Error> CannotRun(std::string why) {
  return base::Fail(base::ErrorKind::kIo, std::move(why),
                    "install git and put it on the PATH, or leave --base-ref out");
}

// Looking at a repository runs nothing that lies in it, and leaves no work behind: no hook (the
// settings of a checkout may name a folder of the files), no file monitor, no clearing up.
std::vector<std::string> Command(const std::string& root, std::vector<std::string> args) {
  std::vector<std::string> command = {"git", "-C", root.empty() ? "." : root};
  for (const char* setting : {"core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0",
                              "maintenance.auto=false"}) {
    command.insert(command.end(), {"-c", setting});
  }
  std::ranges::move(args, std::back_inserter(command));
  return command;
}

base::Result<ChildOutput> Run(const std::string& root, std::vector<std::string> args,
                              std::string input, std::optional<base::Millis> time_limit) {
  args = Command(root, std::move(args));
  auto output = RunChild({.args = std::move(args),
                          .environment = OurEnvironment(),
                          .input = std::move(input),
                          .keep_stderr = true,
                          .time_limit = time_limit});
  if (!output) return CannotRun(output.error().message);
  if (output->timed_out) output->err += "\nthe server did not answer in time";
  return output;
}

// The other end of `git cat-file --batch`.
class BatchObjects final : public GitObjects {
 public:
  BatchObjects(pid_t pid, int socket) : pid_(pid), socket_(socket) {}
  ~BatchObjects() override {
    ::close(socket_);  // git ends with its input
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }

  base::Result<std::string> Read(const std::string& id) override {
    if (!Send(id + "\n")) return Broken();
    std::string header;
    if (!TakeLine(header)) return Broken();
    auto words = base::Split(header, ' ');  // ID TYPE SIZE
    if (words.size() != 3) {
      return base::Fail(base::ErrorKind::kNotFound, "git has no object " + id.substr(0, 12),
                        "the clone is not complete: fetch all of it");
    }
    std::size_t size = 0;
    auto [end, bad] = std::from_chars(words[2].data(), words[2].data() + words[2].size(), size);
    if (bad != std::errc() || end != words[2].data() + words[2].size()) return Broken();
    while (buffer_.size() < size + 1) {
      if (!Fill()) return Broken();
    }
    std::string content = buffer_.substr(0, size);
    buffer_.erase(0, size + 1);
    return content;
  }

 private:
  static std::unexpected<base::Error> Broken() {
    return base::Fail(base::ErrorKind::kIo, "`git cat-file` ended early",
                      "check the repository with `git fsck`");
  }
  bool Send(std::string_view text) {
    while (!text.empty()) {
      auto n = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  bool Fill() {
    char chunk[65536];
    for (;;) {
      auto n = ::read(socket_, chunk, sizeof chunk);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      buffer_.append(chunk, static_cast<std::size_t>(n));
      return true;
    }
  }
  bool TakeLine(std::string& line) {
    for (;;) {
      if (auto end = buffer_.find('\n'); end != std::string::npos) {
        line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return true;
      }
      if (!Fill()) return false;
    }
  }

  pid_t pid_;
  int socket_;
  std::string buffer_;
};

}  // namespace

std::vector<std::string> GitEnvironment(const std::vector<std::string>& inherited) {
  std::vector<std::string> kept;
  for (const auto& variable : inherited) {
    if (IsKept(std::string_view(variable).substr(0, variable.find('=')))) kept.push_back(variable);
  }
  KeepSettings(inherited, kept);
  // Looking must not write (the index), nothing may ask, and messages are English like ours.
  for (const char* set : {"LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0"}) {
    kept.emplace_back(set);
  }
  return kept;
}

base::Result<ChildOutput> RunGit(const std::string& root, std::vector<std::string> args,
                                 std::string input) {
  return Run(root, std::move(args), std::move(input), std::nullopt);
}

base::Result<ChildOutput> RunGitOverNetwork(const std::string& root,
                                            std::vector<std::string> args) {
  return Run(root, std::move(args), {}, kNetworkLimit);
}

std::string WhatGitSaid(const ChildOutput& output) {
  std::string said;
  for (auto line : base::Split(output.err, '\n')) {
    line = base::Trim(line);
    for (std::string_view prefix : {"fatal: ", "error: ", "warning: "}) {
      if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
    }
    if (line.empty()) continue;
    said += (said.empty() ? "" : said.ends_with(':') ? " " : "; ") + base::Printable(line);
  }
  return said;
}

base::Result<std::unique_ptr<GitObjects>> OpenGitObjects(const std::string& root) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return CannotRun(std::string("no socket: ") + base::SystemReason(errno));
  }
  std::vector<std::string> args = Command(root, {"cat-file", "--batch"});
  auto variables = OurEnvironment();
  auto pointers = [](std::vector<std::string>& strings) {
    std::vector<char*> list;
    for (auto& text : strings) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
  };
  auto argv = pointers(args), envp = pointers(variables);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  int error = posix_spawnp(&pid, "git", &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (error != 0) {
    ::close(ends[0]);
    return CannotRun(std::string("`git` cannot be run: ") + base::SystemReason(error));
  }
  return std::make_unique<BatchObjects>(pid, ends[0]);
}

}  // namespace viasync::config
