// Bulk input: every row at most once over all runs, whatever happens.
#include <signal.h>
#include <unistd.h>

#include "tests/e2e/operations_world.h"

namespace viasync::e2e {
namespace {

const std::vector<std::string> kInsert = {"records", "insert", "Built", "in.csv", "--yes"};

void CheckNoneTwice(World& world) {
  for (const auto& [account, times] : Sent(world)) CHECK_MESSAGE(times == 1, account);
}

}  // namespace

TEST_CASE("malformed rows are named with their lines, and the others go on") {
  World world(OperationsOrg());
  world.repo.Write("in.csv", Records(3) + "1003\n1004,x,y\n,\n1005,last\n");
  auto run = world.Run(kInsert);
  CHECK(run.exit_code == 1);
  CHECK_MESSAGE(Holds(run.err, "in.csv:5"), run.err);
  CHECK_MESSAGE(Holds(run.err, "in.csv:6"), run.err);
  CHECK_MESSAGE(Holds(run.err, "in.csv:7"), run.err);
  CHECK_MESSAGE(Holds(run.out, "4 of 7 rows done, 3 malformed"), run.out);
  CHECK(Sent(world).size() == 4);
  auto states = States(world.repo.Read("in.csv.results.csv"));
  CHECK(states["done"] == 4);
  CHECK(states["malformed"] == 3);

  // Corrected, the rest goes out, and nothing else.
  world.repo.Write("in.csv", Records(3) + "1003,a\n1004,b\n1006,c\n1005,last\n");
  run = world.Run(kInsert);
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  CHECK(Sent(world).size() == 7);
  CheckNoneTwice(world);
}

TEST_CASE("rows that were refused are told of again by each rerun, until they are corrected") {
  World world(OperationsOrg());
  world.repo.Write("in.csv", Records(3));
  world.Fault({{"method", "POST"},
               {"path", "*/records"},
               {"action", "status"},
               {"status", 400},
               {"times", 1}});
  CHECK(world.Run(kInsert).exit_code == 1);
  auto again = world.Run(kInsert);
  CHECK(again.exit_code == 1);
  CHECK_MESSAGE(Holds(again.out, "1 refused by an earlier run"), again.out);
  CHECK_MESSAGE(Holds(again.err, "correct them in the file"), again.err);
  CHECK(Sent(world).size() == 3);
}

TEST_CASE("killed at any point, reruns finish, and no row is sent twice") {
  constexpr int kRows = 400;
  World world(OperationsOrg());
  world.repo.Write("in.csv", Records(kRows));
  world.Control("POST", "settings", {{"latency_ms", 20}});
  for (std::size_t writes : {60, 200}) {
    pid_t pid = world.Start(kInsert);
    while (world.Writes().size() < writes) usleep(1'000);
    kill(pid, SIGKILL);
    CHECK(World::Wait(pid) == 128 + SIGKILL);
  }
  auto last = world.Run(kInsert);
  CheckNoneTwice(world);
  auto states = States(world.repo.Read("in.csv.results.csv"));
  CHECK(states["done"] + states["sent"] == kRows);
  // What was in flight at a kill is unknown: said, and not sent again.
  CHECK(states["sent"] > 0);
  CHECK(last.exit_code == 4);
  CHECK_MESSAGE(Holds(last.out, "of unknown outcome"), last.out);
  CHECK_MESSAGE(Holds(last.err, "--resend-unknown"), last.err);
}

TEST_CASE("a lost answer is an unknown outcome: told, kept, and sent again only on demand") {
  World world(OperationsOrg());
  world.repo.Write("in.csv", Records(10));
  world.Fault(
      {{"method", "POST"}, {"path", "*/records"}, {"after", 3}, {"times", 1}, {"action", "lose"}});
  auto run = world.Run(kInsert);
  CHECK_MESSAGE(run.exit_code == 4, run.err);
  CHECK(States(world.repo.Read("in.csv.results.csv"))["unknown"] == 1);
  CHECK(world.Run(kInsert).exit_code == 4);
  CHECK(Sent(world).size() == 10);
  CheckNoneTwice(world);
  auto again = kInsert;
  again.push_back("--resend-unknown");
  CHECK(world.Run(again).exit_code == 0);
  CHECK(world.Writes().size() == 11);
}

TEST_CASE("an org that answers nothing but errors is left in peace after a few rows") {
  World world(OperationsOrg());
  world.repo.Write("in.csv", Records(300));
  world.Fault({{"method", "POST"}, {"path", "*/records"}, {"action", "status"}, {"status", 500}});
  auto run = world.Run(kInsert);
  CHECK_MESSAGE(run.exit_code == 4, run.err);
  CHECK(Sent(world).size() < 100);
  CheckNoneTwice(world);
}

TEST_CASE("a throttle that lasts stops the run half-way, and a rerun goes on") {
  World world(OperationsOrg());
  world.repo.Write("in.csv", Records(40));
  world.Control("POST", "settings",
                {{"rate_per_second", 0.001}, {"rate_burst", 12}, {"retry_after_s", 3600}});
  auto run = world.Run({"records", "insert", "50", "in.csv", "--yes"});
  CHECK_MESSAGE(run.exit_code == 4, run.err);
  CHECK_MESSAGE(Holds(run.err, "run the same command again"), run.err);
  world.Control("POST", "settings", {{"rate_per_second", 0.0}});
  run = world.Run({"records", "insert", "50", "in.csv", "--yes"});
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  int done = 0;
  for (const auto& entry : world.Writes()) done += entry.at("carried_out").get<bool>();
  CHECK(done == 40);
}

TEST_CASE("what stands against the whole file is told before the first row is sent") {
  World world(OperationsOrg());
  world.repo.Write("in.csv", Records(3));
  world.repo.Write("other.csv", "name\nx\n");
  world.repo.Write("fast.csv", "record\nr1\n");
  world.repo.Write("open.csv", "@ACCOUNT\n1\n\"2\n");
  const struct {
    std::vector<std::string> args;
    const char* told;
  } rows[] = {
      {{"records", "insert", "Never", "in.csv", "--yes"}, "never built"},
      {{"records", "insert", "Biult", "in.csv", "--yes"}, "did you mean `Built`"},
      {{"records", "insert", "Built", "in.csv"}, "--yes"},
      {{"records", "insert", "Built", "none.csv", "--yes"}, "none.csv"},
      {{"records", "insert", "Built", "open.csv", "--yes"}, "never closed"},
      {{"fastpath", "Dynamic", "fast.csv", "--yes"}, "takes no fast path records"},
      {{"fastpath", "Fast", "other.csv", "--yes"}, "there is no column `name`"},
      {{"attempts", "other.csv", "--yes"}, "there is no column `name`"},
  };
  for (const auto& row : rows) {
    auto run = world.Run(row.args);
    CHECK(run.exit_code == 1);
    CHECK_MESSAGE(Holds(run.err, row.told), run.err);
  }
  CHECK(world.Writes().empty());
}

TEST_CASE("a result file is of one run, and its rows stay what they were") {
  World world(OperationsOrg());
  world.repo.Write("in.csv", Records(3));
  REQUIRE(world.Run(kInsert).exit_code == 0);
  world.repo.Write("in.csv", "@ACCOUNT,@NAME\n999,new\n" + Records(3).substr(15));
  auto moved = world.Run(kInsert);
  CHECK(moved.exit_code == 1);
  CHECK_MESSAGE(Holds(moved.err, "with other content"), moved.err);
  auto other = world.Run({"records", "update", "Built", "in.csv", "--yes"});
  CHECK(other.exit_code == 1);
  CHECK_MESSAGE(Holds(other.err, "of another run"), other.err);
  CHECK(Sent(world).size() == 3);
}

TEST_CASE("an update sends its rows in a few requests, and tells of each that was not found") {
  World world(OperationsOrg());
  world.repo.Write("in.csv", Records(29));
  REQUIRE(world.Run(kInsert).exit_code == 0);
  world.repo.Write("up.csv", Records(30));  // the last one is not there
  world.Control("DELETE", "log");
  const std::vector<std::string> update = {"records", "update", "Built", "up.csv", "--yes"};
  auto run = world.Run(update);
  CHECK_MESSAGE(run.exit_code == 1, run.err);
  CHECK_MESSAGE(Holds(run.err, "line 31 (1029) refused: @NAME: Lookup value not found"), run.err);
  CHECK_MESSAGE(Holds(run.out, "29 of 30 rows done, 1 refused"), run.out);
  auto patches = world.Writes();
  REQUIRE(patches.size() == 1);
  CHECK(json::parse(patches[0].at("body").get<std::string>()).at("records").size() == 30);
  CHECK(world.Control("GET", "log").at("entries").size() < 15);
  // A rerun sends nothing; the corrected row goes out alone.
  CHECK(world.Run(update).exit_code == 1);
  CHECK(world.Writes().size() == 1);
  world.repo.Write("up.csv", Records(29) + "1000,somebody else\n");
  run = world.Run(update);
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  CHECK(world.Writes().size() == 2);
}

TEST_CASE("updates of one record keep their order, and wait while the strategy is busy") {
  World world(OperationsOrg());
  world.repo.Write("in.csv", Records(2));
  REQUIRE(world.Run(kInsert).exit_code == 0);  // the append is still going on
  world.repo.Write("up.csv", "@ACCOUNT,@NAME\n1000,first\n1001,x\n1000,second\n");
  world.Fault({{"method", "PATCH"}, {"action", "status"}, {"status", 409}, {"times", 1}});
  auto run = world.Run({"records", "update", "Built", "up.csv", "--yes"});
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  for (const auto& record : world.Org().at("prospects")) {
    if (record.at("fields").at("@ACCOUNT") == "1000")
      CHECK(record.at("fields").at("@NAME") == "second");
  }
  std::size_t carried_out = 0;
  for (const auto& entry : world.Writes()) {
    carried_out += entry.at("method") == "PATCH" && entry.at("carried_out") == true;
  }
  CHECK(carried_out == 2);
}

}  // namespace viasync::e2e
