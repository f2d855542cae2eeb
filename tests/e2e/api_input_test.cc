// `viasync api`: what it refuses before it sends, how it shows what comes back, pages, patience.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/small_world.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

std::size_t Sent(World& world) { return world.Control("GET", "log").at("entries").size(); }

TEST_CASE("what breaks the contract is told by name, and nothing is sent") {
  World world(SmallOrg());
  world.repo.Write("filter.json", R"({"filterName": "A", "filtercriteria": "1"})");
  world.repo.Write("broken.json", R"({"filterName": )");
  struct Case {
    std::vector<std::string> args;
    std::vector<std::string> says;
  };
  const Case cases[] = {
      {{"POST", "filters", "--body", "filter.json", "--yes"},
       {"`filterCriteria` is missing", "`filtercriteria` is not known here",
        "did you mean `filterCriteria`?", "createFilter"}},
      {{"POST", "filters", "--body", "broken.json", "--yes"}, {"the body is not JSON"}},
      {{"POST", "filters", "--yes"}, {"the body is missing"}},
      {{"POST", "filters", "--body", "none.json", "--yes"}, {"none.json cannot be read"}},
      {{"DELETE", "filters/1", "--body", "filter.json", "--yes"}, {"takes no body"}},
      {{"GET", "filtres"}, {"the API has no path `filtres`", "did you mean `filters`?"}},
      {{"PTU", "filters/1"}, {"cannot be asked with PTU", "it takes GET, PUT, DELETE"}},
      {{"GET", "lists/abc"}, {"`listId` is \"abc\"; it must be an integer"}},
      {{"GET", "lists", "--query", "listType=dynamisch"},
       {"it must be one of 0 static, 1 dynamic"}},
      {{"GET", "lists?listtype=1"}, {"did you mean `listType`?"}},
      {{"GET", "lists", "--query", "listType"}, {"--query `listType` assigns nothing"}},
      {{"GET", "filters/1", "--all"}, {"getFilter has no pages"}},
      {{"GET", "filters", "--all", "--query", "startIndex=5"}, {"--all fetches every page"}},
      {{"GET", "/via/v3/organizations/other/campaign/filters"}, {"is a path of the org other"}},
      {{"GET", "\x1b[31mfilters"}, {"\\x1b[31mfilters"}},
      {{}, {"no request was given", "--list"}},
  };
  for (const auto& test : cases) {
    std::vector<std::string> args = {"api"};
    args.insert(args.end(), test.args.begin(), test.args.end());
    auto output = world.Run(args);
    CHECK_MESSAGE(output.exit_code == 1, output.err);
    CHECK(output.out.empty());
    for (const auto& text : test.says) {
      CHECK_MESSAGE(output.err.find(text) != std::string::npos, (text + " not in: " + output.err));
    }
  }
  CHECK(Sent(world) == 0);
}

TEST_CASE("without a terminal a write needs --yes, and --dry-run sends nothing and hides secrets") {
  World world(SmallOrg());
  world.repo.Write("filter.json", R"({"filterName": "A", "filterCriteria": "1 = 1"})");
  auto refused = world.Run({"api", "POST", "filters", "--body", "filter.json"});
  CHECK(refused.exit_code == 1);
  CHECK(refused.err.find("there is no terminal to ask on") != std::string::npos);
  auto shown = world.Run({"api", "POST", "filters", "--body", "filter.json", "--dry-run"});
  CHECK(shown.exit_code == 0);
  CHECK(shown.out.find("POST " + world.url + "/via/v3/organizations/acme-dev/campaign/filters\n") ==
        0);
  CHECK(shown.out.find("1 = 1") != std::string::npos);
  CHECK(shown.out.find("s3cret") == std::string::npos);
  CHECK(Sent(world) == 0);
}

TEST_CASE("--all joins the pages into one array, in the order of ids") {
  World world({.org = "acme-dev", .filters = 123}, {.page_cap = 10});
  auto output = world.Run({"api", "filters", "--all"});
  REQUIRE_MESSAGE(output.exit_code == 0, output.err);
  const json items = json::parse(output.out);
  REQUIRE(items.size() == 123);
  long last = 0;
  for (const auto& item : items) {
    const long id = std::stol(item.at("id").get<std::string>());
    CHECK(id > last);
    last = id;
  }
  auto none = world.Run({"api", "exclusions", "--all"});
  CHECK(json::parse(none.out) == json::array());
  // What has no pages or no ids is joined as well.
  auto zones = world.Run({"api", "timeZones", "--all"});
  CHECK_MESSAGE(json::parse(zones.out).size() > 10, zones.err);
}

TEST_CASE("a refusal shows all that the org said, as JSON and as a sentence") {
  World world(SmallOrg());
  const std::string id = world.Find("filters", "One").at("id");
  world.repo.Write("filter.json",
                   R"({"version": 999999, "filterName": "One", "filterCriteria": "1 = 1"})");
  auto output = world.Run({"api", "PUT", "filters/" + id, "--body", "filter.json", "--yes"});
  CHECK(output.exit_code == 1);
  CHECK(json::parse(output.out).at("error").at("code") == 409);
  CHECK(output.err.find("staleVersion") != std::string::npos);
  auto missing = world.Run({"api", "filters/4711"});
  CHECK(missing.exit_code == 1);
  CHECK(json::parse(missing.out).at("error").at("code") == 404);
}

TEST_CASE("a read is repeated after errors, a write whose answer is lost is not") {
  World world(SmallOrg());
  world.Fault({{"method", "GET"}, {"action", "status"}, {"status", 503}, {"times", 2}});
  CHECK(world.Run({"api", "filters"}).exit_code == 0);
  world.Fault({{"method", "POST"}, {"path", "*/filters"}, {"action", "lose"}});
  world.repo.Write("filter.json", R"({"filterName": "A", "filterCriteria": "1 = 1"})");
  auto output = world.Run({"api", "POST", "filters", "--body", "filter.json", "--yes"});
  CHECK(output.exit_code == 1);
  CHECK(world.Writes().size() == 1);
  CHECK_FALSE(world.Find("filters", "A").is_null());
}

TEST_CASE("a page that is not JSON is an error and does not reach a script as JSON") {
  World world(SmallOrg());
  world.Fault({{"method", "GET"}, {"path", "*/filters"}, {"action", "html"}});
  auto output = world.Run({"api", "filters"});
  CHECK(output.exit_code == 1);
  CHECK(output.err.find("not JSON") != std::string::npos);
}

TEST_CASE("--list shows all 43 operations, aligned, and as JSON") {
  World world(SmallOrg());
  auto text = world.Run({"api", "--list"});
  CHECK(text.exit_code == 0);
  std::istringstream lines(text.out);
  std::string line, header;
  std::getline(lines, header);
  const auto column = header.find("WHAT IT DOES");
  int count = 0;
  while (std::getline(lines, line)) {
    ++count;
    CHECK_MESSAGE((line.at(column - 1) == ' ' && line.at(column) != ' '), line);
  }
  CHECK(count == 43);
  CHECK(text.out.find("PATCH   lists/{listId}") != std::string::npos);
  CHECK(text.out.find("viasync apply") != std::string::npos);
  auto listed = json::parse(world.Run({"api", "--list", "--format", "json"}).out);
  CHECK(listed.size() == 43);
  for (const auto& operation : listed) CHECK(operation.at("path").get<std::string>()[0] == '/');
}

}  // namespace
}  // namespace viasync::e2e
