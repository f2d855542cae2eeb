// Plan and apply against a sandbox at 50 ms latency, through the real binary:
// 2,000 filters, 300 lists and 20,000 exclusions of which 5,200 are declared; 1,000 changes.
// Printed as a ratio to the ideal: the requests that were needed, at the configured concurrency,
// times the latency. Nothing is asserted about time.
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
#include <map>
#include <thread>

#include "tests/e2e/harness.h"

namespace viasync::bench {
namespace {

using nlohmann::json;

constexpr int kLatencyMs = 50;
constexpr int kConcurrency = 32;
constexpr std::size_t kDeclaredExclusions = 5'000, kNewExclusions = 200;
constexpr std::size_t kChangedExclusions = 400, kChangedFilters = 300, kNewFilters = 100;

const char* TypeName(int type) {
  constexpr const char* kNames[] = {"account", "voice", "email", "sms", "secondary"};
  return kNames[type];
}

std::string Quoted(const std::string& text) { return json(text).dump(); }

// Declares what the org holds, except for the changes to be made.
void Declare(const json& org, const e2e::Folder& repo) {
  std::map<std::string, std::string> schema;
  for (const auto& s : org.at("schemas")) schema[s.at("id")] = s.at("schemaName");
  std::string yaml = "filters:\n";
  std::size_t n = 0;
  for (const auto& f : org.at("filters")) {
    std::string criteria = f.at("filterCriteria");
    if (n++ < kChangedFilters) criteria = "1 = 1 AND " + criteria;
    yaml += fmt::format("  - name: {}\n    description: {}\n", Quoted(f.at("filterName")),
                        Quoted(f.value("filterDescription", "")));
    if (!f.value("schemaId", "").empty()) yaml += "    schema: " + schema[f.at("schemaId")] + "\n";
    yaml += "    criteria: " + Quoted(criteria) + "\n";
  }
  for (std::size_t i = 0; i < kNewFilters; ++i) {
    yaml += fmt::format("  - {{name: Bench{:04}, criteria: Balance > {}}}\n", i, i);
  }
  yaml += "lists:\n";
  for (const auto& l : org.at("lists")) {
    int type = l.at("listType");
    if (type != 1 && type != 3) continue;
    yaml += fmt::format("  - name: {}\n    filter: {}\n", Quoted(l.at("name")),
                        Quoted(l.value("filterName", "")));
  }
  repo.Write("config/campaign.yaml", yaml);

  std::string exclusions = "exclusions:\n";
  n = 0;
  for (const auto& e : org.at("exclusions")) {
    if (n == kDeclaredExclusions) break;
    std::string reason = e.value("reason", "");
    if (n++ < kChangedExclusions) reason += " (checked)";
    exclusions += fmt::format("  - type: {}\n    address: {}\n    reason: {}\n    start: {}\n",
                              TypeName(e.at("contactType")), Quoted(e.at("contactAddress")),
                              Quoted(reason), e.at("startTime").get<std::string>());
    if (auto list = e.value("contactListName", ""); !list.empty()) {
      exclusions += "    list: " + Quoted(list) + "\n";
    }
    if (e.value("endPattern", 0) == 1) {
      exclusions += "    end: " + e.at("endTime").get<std::string>() + "\n";
    }
  }
  for (std::size_t i = 0; i < kNewExclusions; ++i) {
    exclusions += fmt::format(
        "  - {{type: account, address: bench-{:05}, reason: bench, start: 2026-01-01T00:00:00Z}}\n",
        i);
  }
  repo.Write("config/exclusions.yaml", exclusions);
}

// Runs `viasync ARGS` in `folder`, its output in a file. A sandbox in this process would make its
// children look as large as itself, so it is one of them.
pid_t Spawn(const e2e::Folder& folder, std::vector<std::string> args, const std::string& out) {
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
  explicit Sandbox(const e2e::Folder& folder)
      : pid_(Spawn(folder,
                   {"sandbox", "--port", "0", "--org", "acme-dev", "--filters", "2000", "--lists",
                    "300", "--exclusions", "20000", "--latency", std::to_string(kLatencyMs)},
                   folder.path() + "/sandbox.txt")) {
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
  pid_t pid_;
  std::string url_;
};

struct Measured {
  double wall_s = 0, cpu_s = 0;
  long peak_mb = 0;
  int exit_code = 0;
};

Measured Measure(const e2e::Folder& folder, const std::vector<std::string>& args) {
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

void Print(const char* what, const Measured& m, std::size_t requests) {
  double ideal = static_cast<double>(requests) * kLatencyMs / 1000.0 / kConcurrency;
  fmt::print("{:<22} {:>6} requests  {:6.2f} s  ratio to ideal {:.3f}  CPU {:.2f} s  peak {} MB\n",
             what, requests, m.wall_s, m.wall_s / ideal, m.cpu_s, m.peak_mb);
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("plan and apply at 50 ms latency, 32 in flight") {
  e2e::Folder repo;
  Sandbox sandbox(repo);
  // In a child of its own: a child's peak memory, as the system reports it, is never below what its
  // parent held at its birth.
  if (pid_t writer = fork(); writer == 0) {
    Declare(sandbox.Get("orgs/acme-dev"), repo);
    _exit(0);
  } else {
    waitpid(writer, nullptr, 0);
  }
  repo.Write("viasync.yaml", fmt::format("version: 1\nenvironments:\n  dev:\n    org: acme-dev\n"
                                         "    base_url: {0}\n"
                                         "    token_url: {0}/tokenservice/oauth2/access_token\n"
                                         "    concurrency: {1}\n",
                                         sandbox.url(), kConcurrency));
  setenv("VIASYNC_DEV_CLIENT_ID", "acme-dev-client", 1);
  setenv("VIASYNC_DEV_CLIENT_SECRET", "acme-dev-secret", 1);
  setenv("VIASYNC_DEV_API_KEY", "acme-dev-key", 1);
  sandbox.Requests();

  auto plan = Measure(repo, {"plan", "-e", "dev"});
  REQUIRE_MESSAGE(plan.exit_code == 0, repo.Read("out.txt"));
  Print("plan", plan, sandbox.Requests());

  auto apply = Measure(repo, {"apply", "-e", "dev", "--yes"});
  REQUIRE_MESSAGE(apply.exit_code == 0, repo.Read("out.txt"));
  Print("plan + 1,000 changes", apply, sandbox.Requests());

  auto again = Measure(repo, {"plan", "-e", "dev", "--exit-code"});
  REQUIRE_MESSAGE(again.exit_code == 0, repo.Read("out.txt"));
  Print("plan, nothing to do", again, sandbox.Requests());
}

}  // namespace viasync::bench
