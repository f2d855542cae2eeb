#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/api/world.h"

namespace viasync::api {
namespace {

using base::ErrorKind;
using Json = nlohmann::json;

int Param(const http::Request& request, const std::string& name) {
  const auto at = request.url.find(name + "=");
  return at == std::string::npos ? -1 : std::stoi(request.url.substr(at + name.size() + 1));
}

// A collection of ids as the notes describe it, and ways to spoil it.
struct Collection {
  std::vector<int> ids;
  int cap = 1000;
  enum class Total { kTrue, kNone, kZero, kOfThePage, kTooSmall } total = Total::kTrue;
  std::function<void(Collection&, int call)> before{};  // what happens before the n-th call
  int calls = 0;

  explicit Collection(int count) {
    for (int i = 0; i < count; ++i) ids.push_back(i);
  }

  fakes::Outcome Serve(const http::Request& request) {
    if (before) before(*this, calls);
    ++calls;
    Json items = Json::array();
    const int start = Param(request, "startIndex");
    const int count = std::min(cap, Param(request, "maxResults"));
    for (int i = start; i < start + count && i < static_cast<int>(ids.size()); ++i) {
      items.push_back({{"id", ids[static_cast<std::size_t>(i)]}});
    }
    Json body = {{"things", items}, {"lastIndexReturned", 987654}};
    if (total != Total::kNone) body["totalItems"] = Claim(items.size());
    return fakes::Answer(200, body.dump());
  }

  std::size_t Claim(std::size_t on_page) const {
    if (total == Total::kTrue) return ids.size();
    if (total == Total::kOfThePage) return on_page;
    return total == Total::kZero ? 0 : std::max<std::size_t>(3, ids.size()) - 3;
  }
};

struct Walked {
  base::Result<void> result;
  std::vector<int> ids;  // sorted
  std::vector<std::string> calls;
  std::size_t in_flight_peak;
};

Walked WalkIt(World::Handler handler) {
  World world(std::move(handler));
  std::vector<int> ids;
  auto result = world.Run(world.session.Walk(
      "/via/things", {}, "things",
      [&](const Json& item) -> base::Result<void> {
        ids.push_back(item["id"].get<int>());
        return {};
      },
      [&] { ids.clear(); }));
  std::ranges::sort(ids);
  return {result, ids, world.Calls(), world.transport.in_flight_peak()};
}

Walked WalkIt(Collection& collection) {
  return WalkIt([&](const http::Request& request) { return collection.Serve(request); });
}

using Total = Collection::Total;

TEST_CASE("a collection of any size arrives whole, in one request more than there are pages") {
  const struct {
    int count, cap;
    Total total;
    std::size_t requests;
  } cases[] = {
      {0, 1000, Total::kTrue, 1},    {1, 1000, Total::kTrue, 2},    {500, 1000, Total::kTrue, 2},
      {501, 1000, Total::kTrue, 3},  {1234, 1000, Total::kTrue, 4}, {1234, 100, Total::kTrue, 14},
      {7, 1, Total::kTrue, 16},      {0, 1000, Total::kNone, 1},    {3, 1000, Total::kNone, 3},
      {1000, 1000, Total::kNone, 6}, {250, 100, Total::kNone, 6},
  };
  for (const auto& c : cases) {
    CAPTURE(c.count);
    CAPTURE(c.cap);
    Collection collection(c.count);
    const auto all = collection.ids;
    collection.cap = c.cap;
    collection.total = c.total;
    const Walked walked = WalkIt(collection);
    CHECK(walked.result);
    CHECK(walked.ids == all);
    CHECK(walked.calls.size() == c.requests);
  }
}

TEST_CASE("whatever totalItems counts, a collection arrives whole, its pages side by side") {
  for (Total total : {Total::kNone, Total::kZero, Total::kOfThePage, Total::kTooSmall}) {
    for (int count : {0, 1, 2, 3, 19, 20, 21, 38, 39, 40, 45, 46, 1000}) {
      for (int cap : {1, 2, 20, 1000}) {
        CAPTURE(static_cast<int>(total));
        CAPTURE(count);
        CAPTURE(cap);
        Collection collection(count);
        const auto all = collection.ids;
        collection.cap = cap;
        collection.total = total;
        const Walked walked = WalkIt(collection);
        CHECK(walked.result);
        CHECK(walked.ids == all);
        if (count == 1000 && cap == 20) CHECK(walked.in_flight_peak > 16);
      }
    }
  }
}

TEST_CASE("where totals are wrong and items move, everything arrives or nothing does") {
  for (Total total : {Total::kNone, Total::kOfThePage, Total::kTooSmall}) {
    for (int moment = 1; moment < 12; ++moment) {
      for (std::size_t victim : {0u, 19u, 20u, 44u, 60u}) {
        CAPTURE(static_cast<int>(total));
        CAPTURE(moment);
        CAPTURE(victim);
        Collection collection(61);
        collection.cap = 20;
        collection.total = total;
        collection.before = [&](Collection& c, int call) {
          if (call == moment) c.ids.erase(c.ids.begin() + static_cast<std::ptrdiff_t>(victim));
        };
        const Walked walked = WalkIt(collection);
        CHECK(walked.result);
        // What stayed all the time is there.
        CHECK(std::ranges::includes(walked.ids, collection.ids));
      }
    }
  }
}

TEST_CASE("a server that ignores startIndex ends in an error that says so") {
  const char* bodies[] = {
      R"({"things": [{"id": 1}, {"id": 2}], "totalItems": 2})",
      R"({"things": [{"id": 1}, {"id": 2}], "totalItems": 3})",
      R"({"things": [{"id": 1}, {"id": 2}], "totalItems": 1})",
      R"({"things": [{"id": 1}, {"id": 2}]})",
      R"({"things": [{"id": 1}], "totalItems": 1})",
      R"({"things": [{"id": 1}]})",
  };
  for (const char* body : bodies) {
    CAPTURE(body);
    const Walked walked = WalkIt(Always(200, body));
    REQUIRE_FALSE(walked.result);
    CHECK(walked.result.error().kind == ErrorKind::kProtocol);
    CHECK(walked.result.error().message.find("ignore startIndex") != std::string::npos);
    CHECK(walked.calls.size() <= 15);
  }
}

TEST_CASE("page 1 asks for much; the rest is asked for side by side in the size that came") {
  Collection collection(4000);
  collection.cap = 100;
  const Walked walked = WalkIt(collection);
  CHECK(walked.calls[0] == "GET /via/things?startIndex=0&maxResults=500");
  CHECK(walked.calls[1] == "GET /via/things?startIndex=99&maxResults=100");
  CHECK(walked.in_flight_peak == 32);
}

TEST_CASE("a server may give pages of any size") {
  Collection collection(1000);
  const auto all = collection.ids;
  collection.before = [](Collection& c, int call) { c.cap = call % 3 == 0 ? 200 : 70; };
  const Walked walked = WalkIt(collection);
  CHECK(walked.result);
  CHECK(walked.ids == all);
}

TEST_CASE("what moved while it was read is read again") {
  using Spoil = std::function<void(Collection&, int)>;
  const struct {
    const char* what;
    Spoil before;
  } cases[] = {
      {"an item came",
       [](Collection& c, int call) {
         if (call == 3) c.ids.push_back(7777);
       }},
      {"an item went, the rest moved up",
       [](Collection& c, int call) {
         if (call == 3) c.ids.erase(c.ids.begin());
       }},
      {"one came and one went: the total is the same, one is missing",
       [](Collection& c, int call) {
         if (call != 3) return;
         c.ids.insert(c.ids.begin(), 7777);
         c.ids.pop_back();
       }},
      {"the first one went and another came at the end: the total is the same, none repeats",
       [](Collection& c, int call) {
         if (call != 1) return;
         c.ids.erase(c.ids.begin());
         c.ids.push_back(7777);
       }},
      {"an item moved to the end, as where the last edited comes last",
       [](Collection& c, int call) {
         if (call != 2) return;
         std::rotate(c.ids.begin() + 50, c.ids.begin() + 51, c.ids.end());
       }},
      {"a page was empty for once", [](Collection& c, int call) { c.cap = call == 2 ? 0 : 100; }},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.what));
    Collection collection(500);
    collection.cap = 100;
    collection.before = c.before;
    const Walked walked = WalkIt(collection);
    auto expected = collection.ids;
    std::ranges::sort(expected);
    CHECK(walked.result);
    CHECK(walked.ids == expected);
    CHECK(walked.calls.size() > 5);
  }
}

TEST_CASE("pages of single items, which cannot overlap, are read twice") {
  for (int later : {1, 100}) {
    CAPTURE(later);
    Collection collection(30);
    collection.before = [later](Collection& c, int call) {
      c.cap = call == 0 ? 1 : later;
      if (call != 1) return;
      c.ids.erase(c.ids.begin());
      c.ids.push_back(7777);
    };
    const Walked walked = WalkIt(collection);
    auto expected = collection.ids;
    std::ranges::sort(expected);
    CHECK(walked.result);
    CHECK(walked.ids == expected);
  }
}

TEST_CASE("what never adds up is an error, not a snapshot") {
  const struct {
    const char *what, *message;
    World::Handler handler;
  } cases[] = {
      {"fewer items than promised", "totalItems is 3, but 2 different items",
       [](const http::Request& request) {
         const int start = Param(request, "startIndex");
         const char* items = start == 0   ? R"({"id": 1}, {"id": 2})"
                             : start == 1 ? R"({"id": 2})"
                                          : "";
         return fakes::Answer(200, fmt::format(R"({{"things": [{}], "totalItems": 3}})", items));
       }},
      {"repeats in place of items", "totalItems is 2, but 1 different items",
       Always(200, R"({"things": [{"id": 1}, {"id": "1"}], "totalItems": 2})")},
      {"nothing, though there is some", "totalItems is 5, but 0 different items",
       Always(200, R"({"things": [], "totalItems": 5})")},
      {"a total that never rests", "totalItems moved",
       [n = 5](const http::Request& request) mutable {
         return fakes::Answer(200, fmt::format(R"({{"things": [{{"id": {}}}], "totalItems": {}}})",
                                               Param(request, "startIndex"), n++));
       }},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.what));
    const Walked walked = WalkIt(c.handler);
    REQUIRE_FALSE(walked.result);
    CHECK(walked.result.error().kind == ErrorKind::kProtocol);
    CHECK(walked.result.error().message.find(c.message) != std::string::npos);
    CHECK(walked.calls.size() <= 160);
  }
}

TEST_CASE("a body that breaks the reference is named and not asked for again") {
  const struct {
    const char *body, *message;
  } cases[] = {
      {"[]", "the body is an array, not an object"},
      {"null", "the body is null, not an object"},
      {R"({"totalItems": 1})", "\"things\" is missing"},
      {R"({"things": "none", "totalItems": 1})", "\"things\" is a string, not an array"},
      {R"({"things": null, "totalItems": 0})", "\"things\" is null, not an array"},
      {R"({"things": [], "totalItems": "0"})", "\"totalItems\" is not a count"},
      {R"({"things": [], "totalItems": -1})", "\"totalItems\" is not a count"},
      {R"({"things": [], "totalItems": 1e30})", "\"totalItems\" is not a count"},
      {R"({"things": [], "totalItems": 18446744073709551615})", "\"totalItems\" is not a count"},
      {R"({"things": [{"name": "x"}], "totalItems": 1})", "has no \"id\""},
      {R"({"things": [{"id": {}}], "totalItems": 1})", "has {} as \"id\""},
      {R"({"things": [{"id": ".."}], "totalItems": 1})", "has \"..\" as \"id\""},
      {R"({"things": [17], "totalItems": 1})", "is a number, not an object"},
      {R"({"things": [{"id": 1)", "is cut off"},
      {"<html><title>Sign in</title></html>", "is HTML (\"Sign in\")"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.body);
    const Walked walked = WalkIt(Always(200, c.body));
    REQUIRE_FALSE(walked.result);
    CHECK(walked.result.error().kind == ErrorKind::kProtocol);
    CHECK(walked.result.error().message.find(c.message) != std::string::npos);
    CHECK(walked.calls.size() == 1);
  }
}

TEST_CASE("an error on any page ends the walk") {
  Collection collection(5000);
  collection.cap = 100;
  const Walked walked = WalkIt([&](const http::Request& request) {
    if (Param(request, "startIndex") == 693) return fakes::Answer(400, "");
    return collection.Serve(request);
  });
  REQUIRE_FALSE(walked.result);
  CHECK(walked.result.error().kind == ErrorKind::kRejected);
  CHECK(walked.calls.size() < 50);
}

TEST_CASE("an error of the receiver ends the walk") {
  Collection collection(50);
  World world([&](const http::Request& request) { return collection.Serve(request); });
  int taken = 0;
  auto result = world.Run(
      world.session.Walk("/via/things", {}, "things", [&](const Json&) -> base::Result<void> {
        ++taken;
        return base::Fail(ErrorKind::kInvalid, "enough");
      }));
  REQUIRE_FALSE(result);
  CHECK(result.error().message == "enough");
  CHECK(taken == 1);
}

}  // namespace
}  // namespace viasync::api
