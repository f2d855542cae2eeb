// Killing the program is always safe: SIGKILL at seeded points of an apply, and Ctrl-C. The org's
// state and the sandbox's request log are the witnesses: all done, nothing twice, nobody dialled.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <random>
#include <string>

#include "tests/e2e/moving_world.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

// Whoever is excluded stays so at every moment: no entry leaves before the one that follows it.
// `before`: the exclusions of the org before the writes.
void CheckNoGap(World& world, const json& before) {
  std::map<std::string, int> entries;
  std::map<std::string, std::string> address_of;
  for (const auto& entry : before) {
    ++entries[entry.at("contactAddress")];
    address_of[std::to_string(entry.at("id").get<std::int64_t>())] = entry.at("contactAddress");
  }
  for (const auto& entry : world.Writes()) {
    std::string target = entry.at("target"), method = entry.at("method");
    if (!entry.at("carried_out") || target.find("/exclusions") == std::string::npos) continue;
    if (method == "POST") {
      auto body = json::parse(entry.at("body").get<std::string>());
      ++entries[body.at("accountControlItems").at(0).at("contactAddress")];
    } else if (method == "DELETE") {
      auto address = address_of.at(target.substr(target.rfind('/') + 1));
      CHECK_MESSAGE(--entries[address] > 0, address);
    }
  }
  CHECK(entries.size() == 2 * kEach);
}

std::uint64_t Seed() {
  const char* given = std::getenv("VIASYNC_SEED");
  std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  MESSAGE("VIASYNC_SEED=" << seed);
  return seed;
}

}  // namespace

TEST_CASE("killed at any point, the next runs finish, and nothing happens twice") {
  std::mt19937_64 random(Seed());
  MovingWorld ready;
  auto& world = ready.world;
  world.Control("POST", "settings", {{"latency_ms", 20}});
  constexpr int kKillsMax = 10;
  int kills = 0;
  // The moment is counted in writes that the org has seen, so that it does not depend on the
  // machine's speed that the run dies in the middle of its work.
  for (; kills < kKillsMax; ++kills) {
    auto writes = world.Writes().size();
    std::size_t target = writes + 1 + random() % 12;
    pid_t pid = world.Start({"apply", "--yes"});
    bool ended = false;
    while (!ended && world.Writes().size() < target) {
      ended = waitpid(pid, nullptr, WNOHANG) == pid;
      usleep(1'000);
    }
    if (ended) break;  // nothing was left to do
    kill(pid, SIGKILL);
    World::Wait(pid);
  }
  CHECK(kills >= 3);
  world.Control("POST", "settings", {{"latency_ms", 0}});
  auto last = world.Run({"apply", "--yes"});
  CHECK_MESSAGE(last.exit_code == 0, (last.out + last.err));
  CheckAllDone(world);
  CheckNothingTwice(world);
  CheckNoGap(world, ready.exclusions);
}

TEST_CASE("killed while an exclusion without a start is under way: it is there once") {
  World world(MovingOrg());
  world.repo.Write("config/all.yaml", "exclusions:\n  - {type: voice, address: \"5559999\"}\n");
  constexpr int kUnderWay = 6'000;  // ms
  world.Fault({{"method", "POST"},
               {"path", "*/exclusions"},
               {"action", "delay"},
               {"delay_ms", kUnderWay},
               {"times", 1}});
  const pid_t pid = world.Start({"apply", "--yes"});
  for (int looks = 0; world.Writes().empty() && looks < 5'000; ++looks) usleep(2'000);
  kill(pid, SIGKILL);
  World::Wait(pid);
  usleep(1'100'000);  // so that a start of now would be another one
  auto run = world.Run({"apply", "--yes"});
  CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
  usleep(kUnderWay * 1'000);
  const auto writes = world.Writes();
  REQUIRE(writes.size() == 2);
  auto start_of = [&](std::size_t i) {
    auto body = json::parse(writes[i].at("body").get<std::string>());
    return body.at("accountControlItems").at(0).at("startTime").get<std::string>();
  };
  CHECK(start_of(0) == start_of(1));
  int entries = 0;
  const json org = world.Org();
  for (const auto& entry : org.at("exclusions")) {
    entries += entry.at("contactAddress") == "5559999";
  }
  CHECK(entries == 1);
}

TEST_CASE("a start that was declared and then taken away is not sent again") {
  World world(MovingOrg());
  const std::string entry = "exclusions:\n  - {type: voice, address: \"5559999\"";
  world.repo.Write("config/all.yaml", entry + ", start: 2030-01-01T00:00:00Z}\n");
  world.Fault({{"method", "POST"}, {"path", "*/exclusions"}, {"action", "reset"}});
  CHECK(world.Run({"apply", "--yes"}).exit_code == 4);
  world.Control("DELETE", "faults");
  world.repo.Write("config/all.yaml", entry + "}\n");
  auto run = world.Run({"apply", "--yes"});
  CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
  const std::string start = world.Find("exclusions", "5559999")["startTime"];
  CHECK(start < "2030");
}

TEST_CASE("Ctrl-C: what is in flight ends, the rest is named, and the next run goes on") {
  MovingWorld ready;
  auto& world = ready.world;
  world.Control("POST", "settings", {{"latency_ms", 60}});
  std::string out = world.repo.path() + "/out.txt";
  pid_t pid = world.Start({"apply", "--yes"}, out);
  while (world.Writes().size() < 10) usleep(5'000);
  kill(pid, SIGINT);
  CHECK(World::Wait(pid) == 130);
  auto text = world.repo.Read("out.txt");
  CHECK_MESSAGE(text.find("not started") != std::string::npos, text);
  world.Control("POST", "settings", {{"latency_ms", 0}});
  CHECK(world.Run({"apply", "--yes"}).exit_code == 0);
  CheckAllDone(world);
  CheckNothingTwice(world);
}

TEST_CASE("Ctrl-C while a command only looks says that nothing was changed") {
  MovingWorld ready;
  auto& world = ready.world;
  world.Control("POST", "settings", {{"latency_ms", 2000}});
  auto asked = [&] {
    auto log = world.Control("GET", "log");
    return (log.is_array() ? log : log.at("entries")).size();
  };
  const auto before = asked();
  pid_t pid = world.Start({"strategies", "list"}, world.repo.path() + "/out.txt");
  while (asked() == before) usleep(5'000);
  kill(pid, SIGINT);
  CHECK(World::Wait(pid) == 130);
  auto text = world.repo.Read("out.txt.err");
  CHECK_MESSAGE(text.find("; nothing was changed") != std::string::npos, text);
}

TEST_CASE("Ctrl-C while the org is read says so, and that nothing was changed") {
  MovingWorld ready;
  auto& world = ready.world;
  world.Control("POST", "settings", {{"latency_ms", 1000}});
  world.repo.Write("out.txt.err", "");
  pid_t pid = world.Start({"plan"}, world.repo.path() + "/out.txt");
  while (world.repo.Read("out.txt.err").find("reading acme-dev") == std::string::npos) {
    usleep(5'000);
  }
  kill(pid, SIGINT);
  CHECK(World::Wait(pid) == 130);
  auto text = world.repo.Read("out.txt.err");
  CHECK_MESSAGE(
      text.find("stopped while reading acme-dev; nothing was changed") != std::string::npos, text);
  CHECK(world.Writes().empty());
}

}  // namespace viasync::e2e
