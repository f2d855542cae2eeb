// Every command on what is not declared, through the real binary.
#include "tests/e2e/operations_world.h"

namespace viasync::e2e {

TEST_CASE("check says who may be contacted, and why not") {
  World world(OperationsOrg());
  world.repo.Write("who.csv", "type,address,list\nvoice,0900,\nemail,a@example.com,Static\n");
  const struct {
    std::vector<std::string> args;
    int exit_code;
    const char* told;
  } rows[] = {
      {{"check", "0999"}, 0, "may be contacted where no list excludes it"},
      {{"check", "0900"}, 2, "excluded by its voice address, since 2020-01-01"},
      {{"check", "0901"}, 0, "may be contacted"},
      {{"check", "0901", "--at", "2020-01-15T00:00:00Z"}, 2, "until 2020-02-01"},
      {{"check", "0901", "--at", "2020-02-01T00:00:00Z"}, 2, "not known: as the org is now"},
      {{"check", "0900", "--at", "2019-12-31T23:59:59Z"}, 2, "not known: as the org is now"},
      {{"check", "0901", "--at", "2020-02-01T00:00:00Z", "--format", "csv"}, 2, ",not known,"},
      {{"check", "0901", "--at", "2199-01-01T00:00:00Z"}, 0, "no exclusion for all lists is in force then"},
      {{"check", "a@example.com"}, 0, "may be contacted"},
      {{"check", "a@example.com", "--list", "Static"}, 2, "email"},
      {{"check", "a@example.com", "--list", "Static", "--at", "2021-01-01T00:00:00Z"}, 2, "no end"},
      {{"check", "sms:0900"}, 0, "sms"},
      {{"check", "0900", "--type", "SMS", "--format", "json"}, 0, "\"allowed\": \"yes\""},
      {{"check", "--file", "who.csv", "--format", "csv"}, 2, "email,a@example.com,Static,no"},
  };
  for (const auto& row : rows) {
    auto run = world.Run(row.args);
    CHECK_MESSAGE(run.exit_code == row.exit_code, (row.told + run.err));
    CHECK_MESSAGE(Holds(run.out, row.told), run.out);
  }
  const std::pair<std::vector<std::string>, const char*> bad[] = {
      {{"check"}, "nobody to check"},
      {{"check", "09x"}, "09x"},
      {{"check", "0900", "--list", "Nowhere"}, "no contact list `Nowhere`"},
      {{"check", "0900", "--list", "static"}, "did you mean `Static`?"},
      {{"check", "0900", "--list", "static", "--at", "2199-01-01T00:00:00Z"},
       "did you mean `Static`?"},
      {{"check", "0900", "--at", "2199-01-01T00:00:00Z", "--purpose", "Debt"},
       "--purpose does not act beside --at"},
      {{"check", "0900", "--at", "noon"}, "is not a valid time"},
      {{"check", "0900", "--type", "voise"}, "voice"}};
  for (const auto& [args, told] : bad) {
    auto run = world.Run(args);
    CHECK(run.exit_code == 1);
    CHECK_MESSAGE(Holds(run.err, told), run.err);
  }
  CHECK(world.Writes().empty());
}

TEST_CASE("strategies are shown with their status in words") {
  World world(OperationsOrg());
  CHECK(Holds(world.Run({"strategies"}).out, "not built"));
  CHECK(Holds(world.Run({"strategies", "list", "--name", "Built", "--format", "csv"}).out,
              "50,Built,build complete"));
  CHECK(Holds(world.Run({"strategies", "show", "51"}).out, "not built"));
  auto status = world.Run({"strategies", "status", "Built", "--wait", "--format", "json"});
  CHECK(Holds(status.out, "\"status\": \"build complete\""));
  CHECK(world.Run({"strategies", "show", "99"}).exit_code == 1);
}

TEST_CASE("records, fast path records, attempts and callbacks go out from CSV and JSON Lines") {
  World world(OperationsOrg());
  world.repo.Write("insert.jsonl",
                   "{\"@ACCOUNT\": \"1\", \"@NAME\": \"a\"}\n"
                   "{\"items\": [{\"field\": \"@ACCOUNT\", \"value\": \"2\"}]}\n");
  world.repo.Write("update.csv", "@ACCOUNT,@NAME\n1,b\n9,c\n");
  world.repo.Write("fast.csv", "record,custom1\n11112222,x\n");
  world.repo.Write("attempts.csv", "phoneDialed,responseStatus,numberType\n0911,BZ,home\n");
  world.repo.Write("callbacks.csv",
                   "workTypeId,phoneNumber,callbackDateTime,callbackType,userDefinedData1\n"
                   "1,0911,2030-01-01T10:00:00Z,ServiceLevel,CDD\n");
  auto run = world.Run({"records", "insert", "Built", "insert.jsonl", "--yes", "--wait"});
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  CHECK(Holds(run.err, "append complete"));
  run = world.Run({"records", "update", "Built", "update.csv", "--yes", "--wait"});
  CHECK_MESSAGE(run.exit_code == 1, run.err);
  CHECK_MESSAGE(Holds(run.err, "Lookup value not found"), run.err);
  run = world.Run({"fastpath", "Fast", "fast.csv", "--yes", "--client-session", "1234"});
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  CHECK(Holds(world.repo.Read("fast.csv.results.csv"), "session 1234"));
  run = world.Run({"attempts", "attempts.csv", "--yes", "--format", "json"});
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  CHECK(json::parse(run.out).at("done") == 1);
  run = world.Run({"callbacks", "callbacks.csv", "--yes"});
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  auto org = world.Org();
  CHECK(org.at("prospects").size() == 2);
  CHECK(org.at("fastPathRecords").at(0).at("custom").at(0) == "x");
  CHECK(org.at("callAttempts").at(0).at("numberType") == 1);
  CHECK(org.at("callbacks").at(0).at("userDefinedData").at(0) == "CDD");
}

TEST_CASE("scripts are started, awaited and stopped, and never started twice") {
  World world(OperationsOrg());
  CHECK(Holds(world.Run({"scripts", "--format", "csv"}).out, "80,Nightly,no,ok"));
  auto run = world.Run({"scripts", "start", "Nightly", "--wait", "--yes"});
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  CHECK_MESSAGE(Holds(run.out, "All well"), run.out);
  CHECK(world.Run({"scripts", "start", "Broken", "--wait", "--yes"}).exit_code == 1);
  CHECK(Holds(world.Run({"scripts", "list", "--status", "error"}).out, "Broken"));
  CHECK(world.Run({"scripts", "start", "Long"}).exit_code == 1);  // nobody to ask
  CHECK(world.Run({"scripts", "start", "Long", "--yes"}).exit_code == 0);
  auto writes = world.Writes().size();
  run = world.Run({"scripts", "start", "Long", "--yes"});
  CHECK(run.exit_code == 1);
  CHECK_MESSAGE(Holds(run.err, "is running already"), run.err);
  CHECK(world.Writes().size() == writes);
  CHECK(Holds(world.Run({"scripts", "show", "82"}).out, "yes"));
  CHECK(world.Run({"scripts", "stop", "Long", "--yes"}).exit_code == 0);
  CHECK(world.Run({"scripts", "stop", "Long", "--yes"}).exit_code == 1);
}

TEST_CASE("time zones and reference data are shown") {
  World world(OperationsOrg());
  const std::pair<std::vector<std::string>, const char*> rows[] = {
      {{"timezones"}, "Europe/Berlin"},
      {{"timezones", "--postal-code", "90210"}, "America/Los_Angeles"},
      {{"timezones", "--phone", "2125551234", "--v2"}, "America/New_York"},
      {{"timezones", "--postal-code", "SW1A", "--country", "GB"}, "Europe/London"},
      {{"timezones", "--phone", "1"}, "no time zone"},
      {{"timezones", "--phone", "1", "--v2"}, "no time zone"},
      {{"reference", "purposes"}, "Telemarketing"},
      {{"reference", "geocodes"}, "Default"},
      {{"reference", "dispositions"}, "BZ"},
      {{"reference", "number-types", "--format", "json"}, "HomePhone"},
      {{"reference", "schemas", "--format", "csv"}, "7,BaseSchema,the base"}};
  for (const auto& [args, told] : rows) {
    auto run = world.Run(args);
    CHECK_MESSAGE(run.exit_code == 0, run.err);
    CHECK_MESSAGE(Holds(run.out, told), run.out);
  }
  CHECK(world.Writes().empty());
}

TEST_CASE(
    "waiting for a strategy whose operation failed, or ended in an unknown way, ends with 1") {
  json org = OperationsOrg();
  org["strategies"].push_back({{"id", 53}, {"name", "Bad"}, {"status", 17}});
  World world(org);
  CHECK(world.Run({"strategies", "status", "Built", "--wait"}).exit_code == 0);
  CHECK(world.Run({"strategies", "status", "Bad", "--wait"}).exit_code == 1);
  CHECK(world.Run({"strategies", "status", "Bad"}).exit_code == 0);
}

}  // namespace viasync::e2e
