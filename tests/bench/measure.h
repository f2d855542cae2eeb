// What benchmarks through the real binary share: the sandbox as a child, and a child's time and
// memory. A sandbox in this process would make its children look as large as itself.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <httplib.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/e2e/harness.h"

namespace viasync::bench {

using nlohmann::json;

// Runs `viasync ARGS` in `folder`, its output in a file. A sandbox in this process would make its
// children look as large as itself, so it is one of them.
inline pid_t Spawn(const e2e::Folder& folder, std::vector<std::string> args,
                   const std::string& out) {
  args.insert(args.begin(), e2e::Binary());
  args.insert(args.end(), {"-C", folder.path()});
  std::vector<char*> argv;
  for (auto& arg : args) argv.push_back(arg.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t pid = 0;
  REQUIRE(posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

class Sandbox {
 public:
  // `args`: besides the port and the name of the org, acme-dev.
  Sandbox(const e2e::Folder& folder, std::vector<std::string> args)
      : pid_(Spawn(folder, WithOrg(std::move(args)), folder.path() + "/sandbox.txt")) {
    constexpr std::string_view kListening = "listening on ";
    while (url_.empty()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      std::string text = folder.Read("sandbox.txt");
      if (!text.starts_with(kListening) || text.find('\n') == std::string::npos) continue;
      url_ = text.substr(kListening.size(), text.find('\n') - kListening.size());
    }
  }
  ~Sandbox() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  const std::string& url() const { return url_; }
  json Get(const std::string& path) const {
    auto answer = httplib::Client(url_).Get("/_sandbox/" + path);
    REQUIRE(answer);
    return json::parse(answer->body);
  }
  // How many requests it got since it was asked last.
  std::size_t Requests() const {
    auto count = Get("log").at("entries").size();
    httplib::Client(url_).Delete("/_sandbox/log");
    return count;
  }

 private:
  static std::vector<std::string> WithOrg(std::vector<std::string> args) {
    args.insert(args.begin(), {"sandbox", "--port", "0", "--org", "acme-dev"});
    return args;
  }
  pid_t pid_;
  std::string url_;
};

struct Measured {
  double wall_s = 0, cpu_s = 0;
  long peak_mb = 0;
  int exit_code = 0;
};

inline Measured Measure(const e2e::Folder& folder, const std::vector<std::string>& args) {
  auto begun = std::chrono::steady_clock::now();
  pid_t pid = Spawn(folder, args, folder.path() + "/out.txt");
  int status = 0;
  rusage usage{};
  wait4(pid, &status, 0, &usage);
  std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun;
  auto seconds = [](timeval t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return {wall.count(), seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss / 1024,
          WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

// viasync.yaml for the sandbox, and its credentials.
inline void WriteProject(const e2e::Folder& repo, const Sandbox& sandbox, int concurrency) {
  repo.Write("viasync.yaml", fmt::format("version: 1\nenvironments:\n  dev:\n    org: acme-dev\n"
                                         "    base_url: {0}\n"
                                         "    token_url: {0}/tokenservice/oauth2/access_token\n"
                                         "    concurrency: {1}\n",
                                         sandbox.url(), concurrency));
  setenv("VIASYNC_DEV_CLIENT_ID", "acme-dev-client", 1);
  setenv("VIASYNC_DEV_CLIENT_SECRET", "acme-dev-secret", 1);
  setenv("VIASYNC_DEV_API_KEY", "acme-dev-key", 1);
}

}  // namespace viasync::bench
