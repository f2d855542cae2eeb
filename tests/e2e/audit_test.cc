// The audit trail: who changed what, in the files and in the org.
#include <doctest/doctest.h>

#include <string>

#include "tests/e2e/harness.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

constexpr const char* kFiles =
    "filters:\n"
    "  - {name: One, description: d, criteria: A = 1}\n"
    "  - {name: Two, description: d, criteria: B = 1}\n";

struct Fixture {
  World world{json{{"filters", json::array()}}};
  Fixture() {
    world.repo.Write("config/filters.yaml", kFiles);
    Expect({"apply", "--yes"});
  }
  Output Expect(const std::vector<std::string>& args, int code = 0) {
    auto output = world.Run(args);
    CHECK_MESSAGE(output.exit_code == code, (output.out + output.err));
    return output;
  }
  json Newest() {
    auto out = Expect({"history", "--format", "json", "--limit", "1"}).out;
    return json::parse(out);
  }
};

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what was pulled names whoever changed it in the org") {
  world.Edit("filter", "update", "One", {{"filterCriteria", "A = 9"}});
  Expect({"pull", "--yes"});
  auto event = Newest();
  CHECK(event["what"] == "pull");
  CHECK(event["orgUser"] == "maria");
  CHECK(event["orgAt"].is_string());
  CHECK(Has(Expect({"history"}).out, "changed in the org by maria, "));
}

TEST_CASE_FIXTURE(Fixture, "an edit that comes right after our own write is the person's") {
  std::string files = kFiles;
  world.repo.Write("config/filters.yaml", files.replace(files.find("B = 1"), 5, "B = 2"));
  Expect({"apply", "--yes"});
  CHECK(Newest()["orgUser"] != "maria");
  world.Edit("filter", "update", "Two", {{"filterDescription", "hers"}});
  CHECK(Has(Expect({"drift"}, 2).out, "changed in the org by maria"));
  Expect({"pull", "--yes"});
  CHECK(Newest()["what"] == "pull");
  CHECK(Newest()["orgUser"] == "maria");
}

TEST_CASE_FIXTURE(Fixture, "drift names the person, also where our own write came after the edit") {
  world.Edit("filter", "update", "One", {{"filterCriteria", "A = 9"}});
  std::string files = kFiles;
  for (const char* ours : {"ours", "ours again"}) {
    files.replace(files.find("description: d"), 14, "description: " + std::string(ours));
    world.repo.Write("config/filters.yaml", files);
    Expect({"apply", "--yes"});
    auto event = Newest();
    CHECK(event["what"] == "apply");
    CHECK(event["orgUser"] == "maria");
    files.replace(files.find("description: ours"), 13 + std::string(ours).size(), "description: d");
  }
  auto drift = Expect({"drift"}, 2);
  CHECK_MESSAGE(Has(drift.out, "changed in the org by maria"), drift.out);
}

TEST_CASE_FIXTURE(Fixture, "values of what was deleted, and the run, are shown") {
  world.repo.Write("config/filters.yaml",
                   "filters:\n  - {name: One, description: d, criteria: A = 1}\n");
  Expect({"apply", "--yes"});
  auto event = Newest();
  auto text = Expect({"history", "--limit", "1"}).out;
  CHECK(Has(text, "B = 1"));
  CHECK(Has(text, "run " + event["run"].get<std::string>()));
  CHECK(Has(text, "description  d\n"));  // it becomes nothing
  auto csv = Expect({"history", "--limit", "1", "--format", "csv"}).out;
  CHECK(csv.find('.') == std::string::npos);  // no milliseconds
}

TEST_CASE_FIXTURE(Fixture, "runs are listed with what they did") {
  world.repo.Write("config/filters.yaml",
                   "filters:\n  - {name: One, description: e, criteria: A = 1}\n");
  Expect({"apply", "--yes"});
  auto runs = json::parse(Expect({"history", "runs", "--format", "json"}).out);
  REQUIRE(runs.size() == 2);
  CHECK(runs[0]["run"] == Newest()["run"]);
  CHECK(runs[0]["updated"] == "1");
  CHECK(runs[0]["deleted"] == "1");
  CHECK(runs[1]["created"] == "2");
  CHECK(runs[1]["what"] == "apply");
  CHECK(Has(Expect({"history", "runs"}).out, runs[0]["run"]));
  auto one = json::parse(Expect({"history", "runs", "--limit", "1", "--format", "json"}).out);
  CHECK(one.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "CSV has a row for each field, and no formulas") {
  world.Edit("filter", "update", "One", {{"filterDescription", "=HYPERLINK(\"x\")"}});
  Expect({"pull", "--yes"});
  auto csv = Expect({"history", "--format", "csv", "--what", "pull"}).out;
  CHECK(csv.starts_with("at,user,what,kind,key,action,field,before,after,orgUser,orgAt"));
  CHECK(Has(csv, ",pull,filter,One,update,description,d,\"'=HYPERLINK(\"\"x\"\")\",maria,"));
}

}  // namespace viasync::e2e
