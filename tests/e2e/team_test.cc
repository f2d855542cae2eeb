// Runners that share an environment through a PostgreSQL server: in turn and at once, killed,
// stopped and cut off. What reached the org is the sandbox's word. VIASYNC_SEED and VIASYNC_ROUNDS
// choose which kills and how many.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "tests/e2e/moving_world.h"
#include "tests/fakes/postgres_server.h"
#include "tests/fakes/tcp_proxy.h"

namespace viasync::e2e {
namespace {

using fakes::PgBouncer;
using fakes::PostgresServer;
using fakes::TcpProxy;

std::uint64_t NumberFrom(const char* name, std::uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// An org in step with its repository and the team's store, whose files then ask for changes of
// every kind.
struct Team {
  World world{MovingOrg()};
  std::string database;

  explicit Team(PostgresServer& server = PostgresServer::Shared())
      : database(server.NewDatabase()) {
    Use(server.port());
    world.repo.Write("config/all.yaml", MovingConfig(false));
    auto first = world.Run({"apply", "--yes"});
    REQUIRE_MESSAGE(first.exit_code == 0, (first.out + first.err));
    world.repo.Write("config/all.yaml", MovingConfig(true));
    REQUIRE(world.Writes().empty());
  }

  void Use(int port, const std::string& lease = "4s", const std::string& more = "") {
    world.WriteProject("    store: postgresql://" + std::string(PostgresServer::kUser) +
                       "@127.0.0.1:" + std::to_string(port) + "/" + database +
                       "\n    store_lease: " + lease + "\n" + more + kNoLimits);
  }

  // A run takes seconds then.
  void GoSlowly() {
    Use(PostgresServer::Shared().port(), "4s", "    concurrency: 1\n");
    Latency(60);
  }

  // The same repository, checked out elsewhere: another runner.
  void CheckOut(const Folder& folder) const {
    folder.Write("viasync.yaml", world.repo.Read("viasync.yaml"));
    folder.Write("config/all.yaml", world.repo.Read("config/all.yaml"));
  }

  std::size_t Requests() { return world.Control("GET", "log").at("entries").size(); }
  void Latency(int ms) { world.Control("POST", "settings", {{"latency_ms", ms}}); }

  // Waits until so many writes have reached the org. False: the run ended before.
  bool WaitForWrites(pid_t pid, std::size_t count) {
    for (int looks = 0; looks < 2'000; ++looks) {
      if (world.Writes().size() >= count) return true;
      siginfo_t info{};
      if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          info.si_pid == pid) {
        return false;
      }
      usleep(5'000);
    }
    return false;
  }
};

}  // namespace

TEST_CASE("a runner without a disk has base, history and details from the one before it") {
  Team team;
  auto applied = team.world.Run({"apply", "--yes"});
  REQUIRE_MESSAGE(applied.exit_code == 0, (applied.out + applied.err));
  CHECK_FALSE(std::filesystem::exists(team.world.repo.path() + "/.viasync/dev.db"));
  Folder other;
  team.CheckOut(other);
  auto plan = team.world.Run({"-C", other.path(), "plan", "--exit-code", "--format", "json"});
  CHECK_MESSAGE(plan.exit_code == 0, (plan.out + plan.err));
  CHECK(nlohmann::json::parse(plan.out).at("base") == "store");
  const std::string known =
      PostgresServer::Shared().Sql("SELECT count(*) FROM viasync.cache_entry", team.database);
  CHECK(known != "0");
  auto history = team.world.Run({"-C", other.path(), "history", "--format", "json"});
  CHECK(Has(history.out, "New3"));
  CHECK(Has(team.world.Run({"-C", other.path(), "status"}).out, "resources"));
}

TEST_CASE("of many runners at once each waits for its turn, and nothing is done twice") {
  Team team;
  team.Latency(3);
  std::vector<pid_t> pids;
  for (int i = 0; i < 6; ++i) {
    pids.push_back(team.world.Start({"apply", "--yes", "--lock-wait", "100"}));
  }
  for (pid_t pid : pids) CHECK(World::Wait(pid) == 0);
  CheckNothingTwice(team.world);
  CheckAllDone(team.world);
}

TEST_CASE("a run that is told that another one is at work sends nothing") {
  Team team;
  team.GoSlowly();
  const pid_t holder = team.world.Start({"apply", "--yes"});
  REQUIRE(team.WaitForWrites(holder, 1));
  auto second = team.world.Run({"apply", "--yes"});
  CHECK(second.exit_code == 1);
  CHECK(Has(second.err, "another run is at work"));
  CHECK(Has(second.err, "`viasync apply`"));
  CHECK(Has(team.world.Run({"status"}).out, "another run is at work"));
  CHECK(Has(team.world.Run({"store", "show"}).out, "held by `viasync apply`"));
  // Whoever only looks needs no lease.
  CHECK_FALSE(Has(team.world.Run({"plan"}).err, "another run is at work"));
  CHECK(World::Wait(holder) == 0);
}

TEST_CASE("a holder that is killed is settled by the next one, once its lease is over") {
  std::mt19937_64 random(NumberFrom("VIASYNC_SEED", 12));
  for (auto rounds = NumberFrom("VIASYNC_ROUNDS", 2); rounds > 0; --rounds) {
    CAPTURE(rounds);
    Team team;
    team.Latency(5);
    const pid_t holder = team.world.Start({"apply", "--yes"});
    (void)team.WaitForWrites(holder, 1 + random() % 100);
    usleep(static_cast<useconds_t>(random() % 8'000));
    kill(holder, SIGKILL);
    World::Wait(holder);
    Folder other;
    team.CheckOut(other);
    auto next = team.world.Run({"-C", other.path(), "apply", "--yes", "--lock-wait", "30"});
    CHECK_MESSAGE(next.exit_code == 0, (next.out + next.err));
    CheckNothingTwice(team.world);
    CheckAllDone(team.world);
    auto verified = team.world.Run({"history", "--verify"});
    CHECK_MESSAGE(verified.exit_code == 0, (verified.out + verified.err));
  }
}

TEST_CASE("a holder that was stopped past its lease sends nothing when it goes on") {
  Team team;
  team.Latency(20);
  Folder errors;
  const std::string out = errors.path() + "/out";
  const pid_t holder = team.world.Start({"apply", "--yes"}, out);
  REQUIRE(team.WaitForWrites(holder, 5));
  kill(holder, SIGSTOP);
  Folder other;
  team.CheckOut(other);
  auto next = team.world.Run({"-C", other.path(), "apply", "--yes", "--lock-wait", "30"});
  CHECK_MESSAGE(next.exit_code == 0, (next.out + next.err));
  const auto before = team.Requests();
  kill(holder, SIGCONT);
  CHECK(World::Wait(holder) == 4);
  CHECK(team.Requests() == before);
  std::string said;
  for (const std::string& name : {out, out + ".err"}) {
    std::ifstream file(name);
    said.append(std::istreambuf_iterator<char>(file), {});
  }
  CHECK_MESSAGE(Has(said, "lost the lease"), said);
  CheckNothingTwice(team.world);
  CheckAllDone(team.world);
}

TEST_CASE("answers of COMMIT get lost, behind a pooler, and everything happens once") {
  PgBouncer pooler(PostgresServer::Shared(), "transaction");
  TcpProxy proxy(pooler.port());
  Team team;
  team.Use(proxy.port(), "20s");
  team.Latency(5);
  proxy.CutAfter("COMMIT", 4);
  auto applied = team.world.Run({"apply", "--yes"});
  CHECK_MESSAGE(applied.exit_code == 0, (applied.out + applied.err));
  CHECK(proxy.cuts() == 4);
  CheckNothingTwice(team.world);
  CheckAllDone(team.world);
  CHECK(team.world.Run({"history", "--verify"}).exit_code == 0);
}

TEST_CASE("the server crashes in the middle of an apply and comes back: the apply goes on") {
  PostgresServer server(/*durable=*/true);
  Team team(server);
  team.Use(server.port(), "40s");
  team.Latency(10);
  const pid_t pid = team.world.Start({"apply", "--yes"});
  REQUIRE(team.WaitForWrites(pid, 3));
  server.Stop(/*crash=*/true);
  server.Start();
  CHECK(World::Wait(pid) == 0);
  CheckNothingTwice(team.world);
  CheckAllDone(team.world);
}

TEST_CASE("`store` shows, makes and takes away") {
  Team team;
  auto shown = team.world.Run({"store", "show"});
  CHECK_MESSAGE(shown.exit_code == 0, (shown.out + shown.err));
  CHECK(Has(shown.out, "nobody holds it"));
  CHECK(team.world.Run({"store", "init"}).exit_code == 0);
  auto idle = team.world.Run({"store", "unlock", "--yes"});
  CHECK(idle.exit_code == 0);
  CHECK(Has(idle.out, "nobody holds it"));
  team.GoSlowly();
  const pid_t holder = team.world.Start({"apply", "--yes"});
  REQUIRE(team.WaitForWrites(holder, 1));
  auto unasked = team.world.Run({"store", "unlock"});
  CHECK(unasked.exit_code == 1);
  auto unlocked = team.world.Run({"store", "unlock", "--yes"});
  CHECK_MESSAGE(unlocked.exit_code == 0, (unlocked.out + unlocked.err));
  CHECK(Has(unlocked.out, "`viasync apply`"));
  CHECK(World::Wait(holder) == 4);
  team.Latency(0);
  CHECK(team.world.Run({"apply", "--yes", "--lock-wait", "20"}).exit_code == 0);
  CheckNothingTwice(team.world);
  CheckAllDone(team.world);
}

TEST_CASE("an audit trail that was tampered with does not verify") {
  Team team;
  REQUIRE(team.world.Run({"apply", "--yes"}).exit_code == 0);
  auto good = team.world.Run({"history", "--verify"});
  CHECK_MESSAGE(good.exit_code == 0, (good.out + good.err));
  CHECK(Has(good.out, "as it was written"));
  PostgresServer::Shared().Sql(
      "DELETE FROM viasync.audit WHERE id = (SELECT id FROM viasync.audit ORDER BY id OFFSET 2 "
      "LIMIT 1)",
      team.database);
  auto bad = team.world.Run({"history", "--verify"});
  CHECK(bad.exit_code == 1);
  CHECK(Has(bad.err, "the audit trail of dev"));
}

TEST_CASE("a store that cannot be is one clear line") {
  World world(MovingOrg());
  world.repo.Write("config/all.yaml", MovingConfig(false));
  struct Case {
    std::string store;
    const char* says;
  };
  const Case cases[] = {
      {"postgresql://ann:hunter2secret@127.0.0.1/db", "must not hold a password"},
      {"postgresql://ann@127.0.0.1/db?password=hunter2secret", "must not hold a password"},
      {"postgresql://ann@db.example/db", "VIASYNC_DEV_HOSTS=db.example"},
      {"postgresql://ann@127.0.0.1/db?sslmod=require", "did you mean `sslmode`"},
      {"postgresql://ann@127.0.0.1/", "names no database"},
      {"mysql://127.0.0.1/db", "PostgreSQL"},
      {"postgresql://ann@127.0.0.1:1/db", "cannot be reached"},
      {"postgresql://ann@127.0.0.1:99999/db", "is not a number from 1 to 65535"},
  };
  for (const auto& [store, says] : cases) {
    CAPTURE(store);
    world.WriteProject("    store: \"" + store + "\"\n");
    for (const char* command : {"plan", "apply"}) {
      auto output = world.Run({command, std::string(command) == "plan" ? "--full" : "--yes"});
      CHECK(output.exit_code == 1);
      CHECK_MESSAGE(Has(output.err, says), output.err);
      CHECK_FALSE(Has(output.out + output.err, "hunter2secret"));
    }
  }
  CHECK(world.Writes().empty());
}

}  // namespace viasync::e2e
