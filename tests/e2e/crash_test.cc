// Killing the program is always safe: SIGKILL at seeded points of an apply, lost answers, Ctrl-C.
// The org's state and the sandbox's request log are the witnesses: all done, nothing twice.
#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <random>
#include <string>

#include "tests/e2e/harness.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

constexpr const char* kStart = "2026-01-05T00:00:00.000Z";
constexpr int kEach = 20;

// 20 filters, exclusions and lists of each fate: made, changed, and (once known) taken away.
json Org() {
  json org = {{"filters", json::array()}, {"lists", json::array()}, {"exclusions", json::array()}};
  for (int i = 0; i < kEach; ++i) {
    std::string n = std::to_string(i);
    org["filters"].push_back({{"filterName", "Changed" + n}, {"filterCriteria", "A = 1"}});
    org["filters"].push_back({{"filterName", "Gone" + n}, {"filterCriteria", "B = 1"}});
    org["lists"].push_back({{"name", "List" + n}, {"listType", 1}, {"filterName", "Changed" + n}});
    org["exclusions"].push_back({{"contactType", 1},
                                 {"contactAddress", "55501" + std::to_string(10 + i)},
                                 {"startTime", kStart},
                                 {"reason", "old"}});
    // Moves from all lists to one: one entry made, one deleted, never a gap.
    org["exclusions"].push_back({{"contactType", 1},
                                 {"contactAddress", "55502" + std::to_string(10 + i)},
                                 {"startTime", kStart},
                                 {"reason", "moves"}});
  }
  return org;
}

std::string Config(bool after) {
  std::string filters = "filters:\n", lists = "lists:\n", exclusions = "exclusions:\n";
  for (int i = 0; i < kEach; ++i) {
    std::string n = std::to_string(i), tail = std::to_string(10 + i);
    filters += "  - {name: Changed" + n + ", criteria: A = " + (after ? "2" : "1") + "}\n";
    if (after)
      filters += "  - {name: New" + n + ", criteria: C = 1}\n";
    else
      filters += "  - {name: Gone" + n + ", criteria: B = 1}\n";
    lists += "  - {name: List" + n + ", filter: " + (after ? "New" : "Changed") + n + "}\n";
    auto entry = [&](const std::string& address, const std::string& reason,
                     const std::string& list) {
      exclusions += "  - {type: voice, address: \"" + address + "\", reason: " + reason +
                    ", start: 2026-01-05T00:00:00Z" + (list.empty() ? "" : ", list: " + list) +
                    "}\n";
    };
    entry("55501" + tail, after ? "new" : "old", "");
    entry("55502" + tail, "moves", after ? "List" + n : "");
  }
  return filters + lists + exclusions;
}

constexpr const char* kNoLimits =
    "limits:\n  filters: {delete: 100, update: 100%}\n  exclusions: {delete: 100, update: 100%}\n"
    "  lists: {update: 100%}\n";

// Every write that the org carried out, at most once each.
void CheckNothingTwice(World& world) {
  std::map<std::string, int> carried_out;
  for (const auto& entry : world.Writes()) {
    if (!entry.at("carried_out")) continue;
    std::string method = entry.at("method"),
                what = method + " " + entry.at("target").get<std::string>();
    auto body = json::parse(entry.at("body").get<std::string>(), nullptr, false);
    if (method == "POST")
      what += " " + body.dump();
    else if (body.is_object())
      what += " v" + std::to_string(body.value("version", 0LL));
    ++carried_out[what];
  }
  for (const auto& [what, times] : carried_out) CHECK_MESSAGE(times == 1, what);
}

// In the order in which the org carried things out, whoever moves is protected at every moment.
void CheckNoGap(World& world, std::size_t writes_before) {
  auto writes = world.Writes();
  std::map<std::string, bool> made;
  for (std::size_t i = writes_before; i < writes.size(); ++i) {
    const auto& entry = writes[i];
    if (!entry.at("carried_out")) continue;
    bool exclusion = entry.at("target").get<std::string>().find("/exclusions") != std::string::npos;
    if (exclusion && entry.at("method") == "POST") made["any"] = true;
    if (exclusion && entry.at("method") == "DELETE") CHECK(made["any"]);
  }
  auto org = world.Org();
  std::map<std::string, int> entries;
  for (const auto& e : org.at("exclusions")) ++entries[e.at("contactAddress")];
  CHECK(entries.size() == 2 * kEach);
}

std::uint64_t Seed() {
  const char* given = std::getenv("VIASYNC_SEED");
  std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  MESSAGE("VIASYNC_SEED=" << seed);
  return seed;
}

// A world in which the first state is in step and the second is to be applied.
struct Ready {
  World world{Org()};
  std::size_t writes = 0;
  Ready() {
    world.WriteProject(kNoLimits);
    world.repo.Write("config/all.yaml", Config(false));
    auto first = world.Run({"apply", "--yes"});
    REQUIRE_MESSAGE(first.exit_code == 0, (first.out + first.err));
    world.repo.Write("config/all.yaml", Config(true));
    writes = world.Writes().size();
    REQUIRE(writes == 0);
  }
};

void CheckAllDone(World& world) {
  auto plan = world.Run({"plan", "--exit-code"});
  CHECK_MESSAGE(plan.exit_code == 0, (plan.out + plan.err));
  CHECK(world.Find("filters", "Gone3").is_null());
  CHECK(world.Find("lists", "List3")["filterName"] == "New3");
}

}  // namespace

TEST_CASE("killed at any point, the next runs finish, and nothing happens twice") {
  std::mt19937_64 random(Seed());
  Ready ready;
  auto& world = ready.world;
  world.Control("POST", "settings", {{"latency_ms", 4}});
  int kills = 0;
  for (int round = 0; round < 40; ++round) {
    pid_t pid = world.Start({"apply", "--yes"});
    usleep(static_cast<useconds_t>(60'000 + random() % 120'000));
    kill(pid, SIGKILL);
    if (World::Wait(pid) == 0) break;
    ++kills;
  }
  CHECK(kills > 0);
  auto last = world.Run({"apply", "--yes"});
  CHECK_MESSAGE(last.exit_code == 0, (last.out + last.err));
  CheckAllDone(world);
  CheckNothingTwice(world);
  CheckNoGap(world, ready.writes);
}

TEST_CASE("answers that are lost are settled by reading, never by repeating") {
  Ready ready;
  auto& world = ready.world;
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    world.Fault({{"method", method}, {"path", "*campaign*"}, {"action", "lose"}, {"every", 4}});
  }
  auto apply = world.Run({"apply", "--yes"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  world.Control("DELETE", "faults");
  CheckAllDone(world);
  CheckNothingTwice(world);
}

TEST_CASE("Ctrl-C: what is in flight ends, the rest is named, and the next run goes on") {
  Ready ready;
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

TEST_CASE("one object that cannot be written does not stop the others, and the report is true") {
  Ready ready;
  auto& world = ready.world;
  std::string id = world.Find("filters", "Changed7")["id"];
  world.Fault(
      {{"method", "PUT"}, {"path", "*/filters/" + id}, {"action", "status"}, {"status", 400}});
  auto apply = world.Run({"apply", "--yes", "--format", "json"});
  CHECK(apply.exit_code == 4);
  CHECK(world.Find("filters", "Changed7")["filterCriteria"] == "A = 1");
  CHECK(world.Find("filters", "Changed8")["filterCriteria"] == "A = 2");
  CHECK(world.Find("filters", "Gone8").is_null());
  CHECK(apply.out.find("Changed7") != std::string::npos);
}

TEST_CASE("an org that throttles is waited for") {
  Ready ready;
  auto& world = ready.world;
  world.Control("POST", "settings", {{"rate_per_second", 200}, {"rate_burst", 5}});
  auto apply = world.Run({"apply", "--yes"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  world.Control("POST", "settings", {{"rate_per_second", 0}});
  CheckAllDone(world);
  CheckNothingTwice(world);
}

}  // namespace viasync::e2e
