#include "engine/config/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "engine/base/strings.h"

namespace viasync::config {
namespace {

using Clock = std::chrono::steady_clock;

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { Close(); }
  int get() const { return fd_; }
  void Close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

// A file in memory that holds `text`, to be read from its start.
Descriptor MemoryFile(std::string_view text) {
  Descriptor file(::memfd_create("viasync", MFD_CLOEXEC));
  while (!text.empty()) {
    auto n = ::write(file.get(), text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return Descriptor();
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (auto& text : strings) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

// The end of the output, or false when the time was up first.
bool ReadAll(int fd, const ChildOptions& options, std::string& text) {
  const auto until = Clock::now() + options.time_limit.value_or(base::Millis(0));
  char buffer[65536];
  for (;;) {
    int wait_ms = -1;
    if (options.time_limit) {
      auto left = std::chrono::ceil<base::Millis>(until - Clock::now()).count();
      if (left <= 0) return false;
      wait_ms = static_cast<int>(left);
    }
    pollfd one{.fd = fd, .events = POLLIN, .revents = 0};
    int ready = ::poll(&one, 1, wait_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return false;
    auto n = ::read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    auto room = options.output_max - std::min(options.output_max, text.size());
    text.append(buffer, std::min(room, static_cast<std::size_t>(n)));
  }
}

std::string Contents(int fd) {
  std::string text;
  char buffer[4096];
  ::lseek(fd, 0, SEEK_SET);
  for (;;) {
    auto n = ::read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
  }
}

// Waits for the end; one that closed its output and goes on is killed when the time is up.
// `target`: what is killed, it or its group.
int WaitFor(pid_t pid, pid_t target, const ChildOptions& options, bool& timed_out) {
  constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 5'000'000};
  const auto until = Clock::now() + options.time_limit.value_or(base::Millis(0));
  int status = 0;
  for (;;) {
    bool may_wait = !options.time_limit || timed_out;
    pid_t ended = ::waitpid(pid, &status, may_wait ? 0 : WNOHANG);
    if (ended == pid) return status;
    if (ended < 0 && errno != EINTR) return status;
    if (may_wait) continue;
    if (Clock::now() >= until) {
      timed_out = true;
      ::kill(target, SIGKILL);
    } else {
      ::nanosleep(&kNap, nullptr);
    }
  }
}

}  // namespace

std::string ChildOutput::HowItEnded() const {
  if (timed_out) return "took too long and was stopped";
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

base::Result<ChildOutput> RunChild(ChildOptions options) {
  const std::string program = options.args.front();
  auto failed = [&](int error) {
    return base::Fail(base::ErrorKind::kIo,
                      "`" + program + "` cannot be run: " + base::SystemReason(error));
  };
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failed(errno);
  Descriptor from(ends[0]), to(ends[1]);
  Descriptor input = MemoryFile(options.input), err = MemoryFile({});
  if (input.get() < 0 || err.get() < 0) return failed(errno);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, to.get(), STDOUT_FILENO);
  if (options.keep_stderr) {
    posix_spawn_file_actions_adddup2(&actions, err.get(), STDERR_FILENO);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A group of its own, so that what it started can be stopped with it; but at a terminal it must
  // stay in ours to be able to ask there.
  const bool own_group = options.time_limit && !::isatty(STDIN_FILENO);
  if (own_group) {
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
  }
  auto argv = Pointers(options.args), envp = Pointers(options.environment);
  pid_t pid = 0;
  int error = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), envp.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  to.Close();
  if (error != 0) return failed(error);

  const pid_t target = own_group ? -pid : pid;
  ChildOutput output;
  if (!ReadAll(from.get(), options, output.out)) {
    output.timed_out = true;
    ::kill(target, SIGKILL);
  }
  output.status = WaitFor(pid, target, options, output.timed_out);
  if (options.keep_stderr) output.err = Contents(err.get());
  return output;
}

}  // namespace viasync::config
