// The kill campaign: the real binary dies by SIGKILL at random requests of an apply, a pull, a
// sync, a migration and a bulk insert, with faults of the org and edits of others in between; then
// a last run, undisturbed, must find everything done, and nothing done twice. VIASYNC_SEED and
// VIASYNC_ROUNDS choose which and how many; some rounds are in every test run.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/e2e/in_step.h"
#include "tests/e2e/migration_world.h"
#include "tests/e2e/moving_world.h"
#include "tests/e2e/operations_world.h"

namespace viasync::e2e {
namespace {

std::uint64_t NumberFrom(const char* name, std::uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

class Killer {
 public:
  explicit Killer(std::uint64_t seed) : random_(seed) {}

  std::size_t Below(std::size_t limit) { return random_() % limit; }

  // Kills runs of `args` at random requests, `edit` before each.
  template <class Edit>
  void Disturb(World& world, const std::vector<std::string>& args, Edit edit) {
    world.Control("POST", "settings", {{"latency_ms", 5}});
    for (std::size_t kills = 1 + Below(4); kills > 0; --kills) {
      if (Below(2) == 0) AddFault(world);
      edit();
      const std::size_t target = Requests(world) + 1 + Below(60);
      const pid_t pid = world.Start(args);
      bool ended = false;
      for (int looks = 0; looks < 1'000 && !ended && Requests(world) < target; ++looks) {
        ended = waitpid(pid, nullptr, WNOHANG) == pid;
        usleep(8'000);
      }
      if (!ended) {
        usleep(static_cast<useconds_t>(Below(5'000)));
        kill(pid, SIGKILL);
        World::Wait(pid);
      }
      world.Control("DELETE", "faults");
    }
    world.Control("POST", "settings", {{"latency_ms", 0}});
  }

 private:
  static std::size_t Requests(World& world) {
    return world.Control("GET", "log").at("entries").size();
  }

  void AddFault(World& world) {
    const char* methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    nlohmann::json rule = {{"method", methods[Below(5)]},
                           {"path", "*"},
                           {"times", 1 + Below(3)},
                           {"after", Below(10)}};
    switch (Below(4)) {
      case 0:
        rule.update({{"action", "status"}, {"status", 503}});
        break;
      case 1:
        rule.update({{"action", "status"}, {"status", 429}});
        break;
      case 2:
        rule["action"] = "lose";
        break;
      default:
        rule["action"] = "reset";
    }
    world.Fault(rule);
  }

  std::mt19937_64 random_;
};

// Somebody else's work, which leaves nothing behind but a newer org.
void ComeAndGo(World& world) {
  world.Edit("filter", "create", "Passing",
             {{"filterName", "Passing"}, {"filterCriteria", "X = 1"}});
  world.Edit("filter", "delete", "Passing");
}

void MustEndWell(World& world, const std::vector<std::string>& args) {
  const auto output = world.Run(args);
  CHECK_MESSAGE(output.exit_code == 0, (output.out + output.err));
}

void Apply(Killer& killer) {
  MovingWorld ready;
  auto& world = ready.world;
  killer.Disturb(world, {"apply", "--yes"}, [&] { ComeAndGo(world); });
  MustEndWell(world, {"apply", "--yes"});
  CheckAllDone(world);
  CheckNothingTwice(world);
}

void Pull(Killer& killer) {
  InStep in_step;
  auto& world = in_step.world;
  const std::string value = std::to_string(10 + killer.Below(90));
  world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance > " + value}});
  killer.Disturb(world, {"pull", "--yes"}, [&] { ComeAndGo(world); });
  MustEndWell(world, {"pull", "--yes"});
  CHECK(in_step.Config() == With(kConfig, "Balance > 5", "Balance > " + value));
  CHECK(world.Writes().empty());
  MustEndWell(world, {"plan", "--exit-code"});
}

void Sync(Killer& killer) {
  InStep in_step;
  auto& world = in_step.world;
  in_step.Replace("reason: asked", "reason: by letter");
  const std::string value = std::to_string(10 + killer.Below(90));
  world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance > " + value}});
  killer.Disturb(world, {"sync", "--yes"}, [&] { ComeAndGo(world); });
  MustEndWell(world, {"sync", "--yes"});
  CHECK(world.Find("exclusions", "5550100").at("reason") == "by letter");
  CHECK(Has(in_step.Config(), "Balance > " + value));
  CHECK(world.Find("filters", "Old").at("filterCriteria") == "Balance > " + value);
  CheckNothingTwice(world);
  MustEndWell(world, {"plan", "--exit-code"});
}

void Migrate(Killer& killer) {
  MigrationWorld m({.job_polls = 2});
  killer.Disturb(m.world, m.migrate, [] {});
  MustEndWell(m.world, m.migrate);
  m.CheckMigrated();
  CHECK(m.Count("POST", "/jobs/export") == 1);
  CHECK(m.Count("POST", "/jobs/import") == 1);
}

void Rows(Killer& killer) {
  World world(OperationsOrg());
  world.repo.Write("records.csv", Records(60));
  const std::vector<std::string> insert = {"records", "insert", "50", "records.csv", "--yes"};
  killer.Disturb(world, insert, [] {});
  const auto last = world.Run(insert);
  // Rows whose answer was lost stay unknown: a person looks at them.
  CHECK_MESSAGE((last.exit_code == 0 || last.exit_code == 4), (last.out + last.err));
  std::map<std::string, int> inserted;
  for (const auto& entry : world.Writes()) {
    if (!entry.at("carried_out") || !entry.at("target").get<std::string>().ends_with("/records")) {
      continue;
    }
    const auto body = json::parse(entry.at("body").get<std::string>());
    ++inserted[body.at("records").at(0).at("items").at(0).at("value")];
  }
  for (const auto& [account, times] : inserted) CHECK_MESSAGE(times == 1, account);
  const auto states = States(world.repo.Read("records.csv.results.csv"));
  int known = 0;
  for (const auto& [state, count] : states) known += count;
  CHECK(known == 60);
  const int done = states.contains("done") ? states.at("done") : 0;
  CHECK(static_cast<int>(inserted.size()) >= done);
}

}  // namespace

TEST_CASE("killed anywhere, disturbed by faults and edits: all is done in the end, nothing twice") {
  const std::uint64_t seed = NumberFrom("VIASYNC_SEED", 20261128);
  const std::uint64_t rounds = NumberFrom("VIASYNC_ROUNDS", 5);
  MESSAGE("VIASYNC_SEED=" << seed << " VIASYNC_ROUNDS=" << rounds);
  constexpr void (*kScenarios[])(Killer&) = {Apply, Pull, Sync, Migrate, Rows};
  constexpr const char* kNames[] = {"apply", "pull", "sync", "migrate", "rows"};
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::size_t which = (seed + round) % std::size(kScenarios);
    CAPTURE(round);
    CAPTURE(kNames[which]);
    Killer killer(seed * 1'000 + round);
    kScenarios[which](killer);
  }
}

}  // namespace viasync::e2e
