#include "tests/sandbox/operations_fixture.h"

namespace viasync::sandbox {
namespace {

const std::string kStatuses = kCampaign + "exclusionStatuses?";

// An exclusion of the voice number 0900 around the present: [now + from, now + to) in hours.
json Window(int from_h, std::optional<int> to_h, const std::string& list = "") {
  auto at = [](int hours) {
    auto now = base::SystemClock().Now() + std::chrono::hours(hours);
    return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  };
  auto text = [&](int hours) {
    std::time_t seconds = at(hours);
    char buffer[32];
    std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&seconds));
    return std::string(buffer);
  };
  json entry = {{"contactType", 1}, {"contactAddress", "0900"}, {"startTime", text(from_h)}};
  if (to_h) entry["endTime"] = text(*to_h);
  if (!list.empty()) entry["contactListName"] = list;
  return entry;
}

json Ask(Fixture& fixture, const std::string& query) {
  json body = fixture.Get(kStatuses + query).Json();
  CHECK(body["kind"] == "via#exclusionStatusCollection");
  CHECK(body["totalItems"] == 1);
  return body["accountControlQueryItems"][0];
}

TEST_CASE("a window holds from its start up to its end, and for its list or for all") {
  const struct {
    const char* what;
    json exclusion;
    const char* list;
    int result;
  } rows[] = {
      {"in force, all lists, asked for all", Window(-1, 1), "ALL", 0},
      {"in force, all lists, asked for one", Window(-1, 1), "Static", 0},
      {"without end", Window(-1, std::nullopt), "ALL", 0},
      {"over", Window(-2, -1), "ALL", 1},
      {"ends at this moment", Window(-2, 0), "ALL", 1},
      {"not yet", Window(1, 2), "ALL", 1},
      {"of that list", Window(-1, 1, "Static"), "Static", 0},
      {"of another list", Window(-1, 1, "Static"), "Dynamic", 1},
      {"of one list, asked for all", Window(-1, 1, "Static"), "ALL", 1},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    OperationsFixture fixture(json{{"exclusions", {row.exclusion}}});
    json item = Ask(fixture, "phoneNumber=0900&contactList=" + std::string(row.list));
    CHECK(item["result"] == row.result);
    CHECK(item["exclusionType"] == (row.result == 0 ? 1 : 0));
    CHECK(item["key"].get<std::string>().empty() == (row.result == 0));
    CHECK(item.contains("exclusionStartTime") == (row.result == 0));
    CHECK(item["contactListName"] == row.list);
  }
}

TEST_CASE("each address is looked up among exclusions of its own type") {
  const std::pair<const char*, int> addresses[] = {
      {"accountNumber", 0}, {"phoneNumber", 1}, {"email", 2}, {"sms", 3}, {"ssn", 4}};
  for (const auto& [name, type] : addresses) {
    json entry = Window(-1, std::nullopt);
    entry["contactType"] = type;
    OperationsFixture fixture(json{{"exclusions", {entry}}});
    for (const auto& [asked, asked_type] : addresses) {
      CAPTURE(name);
      CAPTURE(asked);
      json item = Ask(fixture, std::string(asked) + "=0900&contactList=ALL");
      CHECK(item["result"] == (asked_type == type ? 0 : 1));
      CHECK(item["exclusionType"] == (asked_type == type ? type : 0));
    }
  }
}

TEST_CASE("attempts that were reported use up what the tracker allows") {
  OperationsFixture fixture(json{{"attempts_max", 2}});
  auto report = [&] {
    json event = {{"phoneDialed", "0905"}, {"customer", "ALBERT"}, {"responseStatus", "BZ"}};
    CHECK(fixture.Post(kCampaign + "callAttempts", {{"events", {event}}}).status == 202);
  };
  report();
  CHECK(Ask(fixture, "phoneNumber=0905&contactList=ALL")["result"] == 1);
  report();
  json item = Ask(fixture, "phoneNumber=0905&contactList=ALL");
  CHECK(item["result"] == 0);
  CHECK(item["exclusionType"] == 6);
  CHECK(item["expirationTimeForAttemptTracker"] > 86'000);
  CHECK(Ask(fixture, "phoneNumber=0906&customer=ALBERT&contactList=ALL")["exclusionType"] == 5);
  CHECK(Ask(fixture, "sms=0905&customer=ALBERT&contactList=ALL")["result"] == 1);
}

TEST_CASE("a question that cannot be answered is refused") {
  OperationsFixture fixture;
  const std::pair<const char*, const char*> rows[] = {
      {"contactList=ALL", "phoneNumber"},
      {"phoneNumber=1", "contactList"},
      {"phoneNumber=1&contactList=Nowhere", "contactList"},
      {"phoneNumber=1&contactList=ALL&numberType=5", "numberType"},
      {"phoneNumber=1&contactList=ALL&numberType=x", "numberType"},
      {"phonenumber=1&contactList=ALL", "phonenumber"},
  };
  for (const auto& [query, scope] : rows) {
    CheckRefused(fixture, "GET", kStatuses + query, nullptr, scope);
  }
  CHECK(fixture.Post(kStatuses, {}).status == 405);
}

TEST_CASE("broken attempts are refused, and none of them is kept") {
  OperationsFixture fixture;
  const json good = {{"phoneDialed", "1"}, {"responseStatus", "BZ"}};
  const std::pair<json, const char*> rows[] = {
      {json::object(), "events"},
      {{{"events", json::array()}}, "events"},
      {{{"events", {1}}}, "events[0]"},
      {{{"events", {good, With(good, "numberType", 5)}}}, "events[1].numberType"},
      {{{"events", {With(good, "timeOfAttempt", "noon")}}}, "events[0].timeOfAttempt"},
      {{{"events", {With(good, "responseStatus", "??")}}}, "events[0].responseStatus"},
      {{{"events", {With(good, "phone", "1")}}}, "events[0].phone"},
      {{{"events", {good}}, {"more", 1}}, "more"},
  };
  for (const auto& [body, scope] : rows) {
    CheckRefused(fixture, "POST", kCampaign + "callAttempts", body, scope);
  }
}

}  // namespace
}  // namespace viasync::sandbox
