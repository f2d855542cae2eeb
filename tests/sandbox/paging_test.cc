#include <set>

#include "tests/sandbox/fixture.h"

namespace viasync::sandbox {
namespace {

Options Generated(std::size_t exclusions) {
  Options options;
  options.generated = {{.org = "acme-dev", .filters = 7, .lists = 5, .exclusions = exclusions}};
  return options;
}

TEST_CASE("a page holds [startIndex, startIndex + maxResults), capped") {
  Fixture fixture(Generated(1200));
  struct Row {
    const char* query;
    std::size_t items;
    int last;
  };
  const Row rows[] = {
      {"", 100, 100},
      {"?maxResults=7", 7, 7},
      {"?maxResults=501", 500, 500},
      {"?maxResults=99999999999", 500, 500},
      {"?startIndex=1100&maxResults=500", 100, 1200},
      {"?startIndex=1199", 1, 1200},
      {"?startIndex=1200", 0, 1200},
      {"?startIndex=5000&maxResults=3", 0, 5000},
  };
  for (const Row& row : rows) {
    CAPTURE(row.query);
    json answer = fixture.Get(kExclusions + row.query).Json();
    CHECK(answer["accountControlItems"].size() == row.items);
    CHECK(answer["totalItems"] == 1200);
    CHECK(answer["lastIndexReturned"] == row.last);
  }
}

TEST_CASE("the pages together hold every item once") {
  Fixture fixture(Generated(1200));
  std::set<int> ids;
  for (int start = 0; start < 1200; start += 90) {
    std::string query = "?maxResults=90&startIndex=" + std::to_string(start);
    json page = fixture.Get(kExclusions + query).Json();
    for (auto& item : page["accountControlItems"]) {
      CHECK(ids.insert(item["id"].get<int>()).second);
    }
  }
  CHECK(ids.size() == 1200);
}

TEST_CASE("broken paging parameters are a 400") {
  Fixture fixture;
  const std::pair<const char*, const char*> rows[] = {{"startIndex=-1", "startIndex"},
                                                      {"startIndex=x", "startIndex"},
                                                      {"startIndex=1.5", "startIndex"},
                                                      {"startIndex=", "startIndex"},
                                                      {"maxResults=-1", "maxResults"},
                                                      {"maxResults=0", "maxResults"},
                                                      {"maxResults=ten", "maxResults"},
                                                      {"startindex=0", "startindex"},
                                                      {"page=1", "page"}};
  for (const std::string& path : {kFilters, kExclusions, kLists, kSchemas}) {
    for (const auto& [query, scope] : rows) {
      CheckRefused(fixture, "GET", path + "?" + query, nullptr, scope);
    }
  }
}

TEST_CASE("pages stay right while items come and go") {
  Fixture fixture(Generated(10));
  json first = fixture.Get(kExclusions + "?maxResults=3").Json();
  std::string id = first["accountControlItems"][1]["id"].dump();
  CHECK(fixture.Send("DELETE", kExclusions + "/" + id).status == 204);
  json again = fixture.Get(kExclusions + "?maxResults=3").Json();
  CHECK(again["totalItems"] == 9);
  CHECK(again["accountControlItems"][1]["id"] == first["accountControlItems"][2]["id"]);
}

TEST_CASE("a generated org is the same for the same seed and passes its own rules") {
  Generate wanted{.org = "big", .filters = 50, .lists = 12, .exclusions = 300, .seed = 4};
  Options options;
  options.generated = {wanted};
  Server one, two;
  REQUIRE(one.Start(options));
  REQUIRE(two.Start(options));
  auto state = [](const Server& server) {
    return json::parse(httplib::Client(server.Url()).Get("/_sandbox/orgs/big")->body);
  };
  json first = state(one);
  CHECK(first["filters"].size() == 50);
  CHECK(first["exclusions"][7]["contactAddress"] == state(two)["exclusions"][7]["contactAddress"]);
  CHECK(first["filters"][9]["filterCriteria"] == state(two)["filters"][9]["filterCriteria"]);
  CHECK(ParseOrg(first, "big", "/orgs/big", {}));
}

}  // namespace
}  // namespace viasync::sandbox
