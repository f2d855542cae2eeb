#include "tests/sandbox/fixture.h"
#include "tests/sandbox/raw_connection.h"

namespace viasync::sandbox {
namespace {

json Edit(const char* kind, const char* action, const char* key, const json& set = {}) {
  json edit = {
      {"org", "acme-dev"}, {"user", "maria"}, {"kind", kind}, {"action", action}, {"key", key}};
  if (!set.is_null()) edit["set"] = set;
  return edit;
}

TEST_CASE("health names the orgs") {
  Fixture fixture;
  CHECK(fixture.Get("/_sandbox/health").Json() ==
        json{{"status", "ok"}, {"orgs", {"acme-dev", "acme-prod"}}});
}

TEST_CASE("the log tells every API request once, with what came of it") {
  Fixture fixture;
  fixture.Send("DELETE", "/_sandbox/log");
  fixture.Get(kFilters + "?maxResults=1");
  fixture.Send("DELETE", kFilters + "/10");
  fixture.Send("DELETE", kFilters + "/11");
  json entries = fixture.Get("/_sandbox/log").Json()["entries"];
  REQUIRE(entries.size() == 3);
  CHECK(entries[0]["target"] == kFilters + "?maxResults=1");
  CHECK(entries[0]["org"] == "acme-dev");
  CHECK(entries[1]["status"] == 409);
  CHECK(entries[1]["carried_out"] == false);
  CHECK(entries[2]["status"] == 204);
  CHECK(entries[2]["carried_out"] == true);
  int first = entries[0]["sequence"];
  CHECK(entries[2]["sequence"] == first + 2);
  CHECK(fixture.Writes().size() == 2);
  std::string since = "/_sandbox/log?since=" + std::to_string(first + 1);
  CHECK(fixture.Get(since).Json()["entries"].size() == 1);
}

TEST_CASE("the log holds no secret") {
  Fixture fixture;
  fixture.Token("acme-dev", "client", "s3cret");
  std::string log = fixture.Get("/_sandbox/log").body;
  CHECK(log.find("access_token") != std::string::npos);
  CHECK(log.find("s3cret") == std::string::npos);
  CHECK(log.find(fixture.token) == std::string::npos);
}

TEST_CASE("the log drops its oldest entries when it is full") {
  Options options;
  options.log_entries = 3;
  Fixture fixture(options);
  for (int i = 0; i < 5; ++i) fixture.Get(kFilters);
  CHECK(fixture.Get("/_sandbox/log").Json()["entries"].size() == 3);
}

TEST_CASE("an edit in the UI changes the resource, its version and its author") {
  Fixture fixture;
  Reply reply = fixture.Send("POST", "/_sandbox/edit",
                             Edit("filter", "update", "Used", {{"filterCriteria", "3 = 3"}}));
  CHECK(reply.status == 204);
  json filter = fixture.Get(kFilters + "/10").Json();
  CHECK(filter["filterCriteria"] == "3 = 3");
  CHECK(filter["filterDescription"] == "d");
  CHECK(filter["lastModifiedBy"] == "maria");
  CHECK(filter["version"] > 12);
  CHECK(fixture
            .Send("PUT", kFilters + "/10",
                  {{"version", 5}, {"filterName", "Used"}, {"filterCriteria", "1=1"}})
            .status == 409);
}

TEST_CASE("every kind can be created, changed and deleted in the UI") {
  Fixture fixture;
  const json good[] = {
      Edit("filter", "create", "", {{"filterName", "Ui"}, {"filterCriteria", "1=1"}}),
      Edit("filter", "update", "Used", {{"filterName", "Renamed"}}),
      Edit("filter", "delete", "Ui"),
      Edit("list", "create", "", {{"name", "L"}, {"listType", 1}, {"filterName", "Free"}}),
      Edit("list", "update", "L", {{"filterName", ""}}),
      Edit("list", "delete", "L"),
      Edit("exclusion", "create", "",
           {{"contactType", 3}, {"contactAddress", "1"}, {"startTime", "2024-01-01T00:00:00Z"}}),
      Edit("exclusion", "update", "sms:1@*", {{"endTime", "2024-02-01T00:00:00Z"}}),
      Edit("exclusion", "update", "voice:0911@Static", {{"endTime", "0"}}),
      Edit("exclusion", "update", "email:a@example.com@*", {{"reason", "moved"}}),
      Edit("exclusion", "delete", "sms:1@*"),
  };
  for (const json& edit : good) {
    CAPTURE(edit.dump());
    CHECK(fixture.Send("POST", "/_sandbox/edit", edit).status == 204);
  }
  CHECK(fixture.Get(kLists + "/21").Json()["filterName"] == "Renamed");
  json exclusion = fixture.Get(kExclusions + "/30").Json();
  CHECK(exclusion["endPattern"] == 0);
  CHECK(exclusion["endTime"] == "0");
  CHECK(fixture.Get(kExclusions + "/31").Json()["reason"] == "moved");
  CHECK(fixture.Get(kExclusions).Json()["totalItems"] == 2);
}

TEST_CASE("an edit that makes no sense changes nothing") {
  Fixture fixture;
  std::string before = fixture.State();
  const json bad[] = {
      json::object(),
      Edit("strategy", "update", "x"),
      Edit("filter", "update", "Nobody", {{"filterCriteria", "1=1"}}),
      Edit("filter", "explode", "Used"),
      Edit("filter", "update", "Used", {{"filterCriteria", "("}}),
      Edit("filter", "update", "Used", {{"filterName", "Free"}}),
      Edit("filter", "update", "Used", {{"criteria", "1=1"}}),
      Edit("filter", "update", "Used", {{"id", "99"}}),
      Edit("filter", "delete", "Used"),
      Edit("list", "update", "Dynamic", {{"filterName", "Nobody"}}),
      Edit("exclusion", "update", "voice:0911@*", {{"reason", "x"}}),
      Edit("exclusion", "update", "fax:0911@Static", {{"reason", "x"}}),
      Edit("exclusion", "update", "0911", {{"reason", "x"}}),
  };
  for (const json& edit : bad) {
    CAPTURE(edit.dump());
    CHECK(fixture.Send("POST", "/_sandbox/edit", edit).status == 400);
  }
  CHECK(fixture.State() == before);
}

TEST_CASE("settings can be read and changed; what does not fit is refused") {
  Fixture fixture;
  json settings = fixture.Get("/_sandbox/settings").Json();
  CHECK(settings["page_cap"] == 500);
  settings["page_cap"] = 1;
  CHECK(fixture.Send("POST", "/_sandbox/settings", settings).status == 204);
  CHECK(fixture.Get(kFilters).Json()["filters"].size() == 1);
  const json bad[] = {{{"page_cap", 0}},
                      {{"latency", 5}},
                      {{"latency_ms", "5"}},
                      {{"latency_ms", -1}},
                      json::array()};
  for (const json& body : bad) {
    CHECK(fixture.Send("POST", "/_sandbox/settings", body).status == 400);
  }
}

TEST_CASE("faults can be counted and removed; rules that make no sense are refused") {
  Fixture fixture;
  fixture.Fault({{"rules", {{{"path", "*/lists"}, {"action", "status"}}, {{"action", "html"}}}}});
  fixture.Get(kLists);
  json counts = fixture.Get("/_sandbox/faults").Json();
  REQUIRE(counts.size() == 2);
  CHECK(counts[0]["struck"] == 1);
  CHECK(fixture.Send("DELETE", "/_sandbox/faults").status == 204);
  CHECK(fixture.Get(kLists).Json()["totalItems"] == 4);
  const json bad[] = {json::array(),
                      {{"action", "x"}},
                      {{"action", "lose"}, {"oops", 1}},
                      {{"rules", {7}}},
                      {{"action", "lose"}, {"after", "1"}}};
  for (const json& rule : bad) {
    CHECK(fixture.Send("POST", "/_sandbox/faults", rule).status == 400);
  }
}

TEST_CASE("nothing but the known control paths is there") {
  Fixture fixture;
  CHECK(fixture.Get("/_sandbox/").status == 404);
  CHECK(fixture.Get("/_sandbox/edit").status == 404);
  CHECK(fixture.Get("/_sandbox/orgs/nobody").status == 404);
  CHECK(fixture.Send("PUT", "/_sandbox/orgs/x", {{"client_id", "a"}}).status == 400);
}

TEST_CASE("a chunked body that waits for 100 Continue is read") {
  Fixture fixture;
  RawConnection connection(fixture.server.Url());
  connection.Send("PATCH " + kLists + "/21 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                  fixture.token + "\r\nx-api-key: " + fixture.key +
                  "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                  "Expect: 100-continue\r\n\r\n");
  CHECK(connection.Receive("\r\n\r\n").starts_with("HTTP/1.1 100"));
  std::string body = R"({"version":8,"filterName":"Free"})";
  char size[8];
  std::snprintf(size, sizeof size, "%zx", body.size());
  connection.Send(std::string(size) + "\r\n" + body + "\r\n0\r\n\r\n");
  CHECK(connection.Receive("\r\n\r\n").starts_with("HTTP/1.1 200"));
}

std::string Ask(const std::string& url, const std::string& head) {
  RawConnection connection(url);
  connection.Send(head + "\r\n\r\n");
  return connection.Receive("}").substr(0, 12);
}

TEST_CASE("the control paths answer to names of this machine alone, and to no page of the web") {
  Fixture fixture;
  const std::string url = fixture.server.Url();
  const std::string get = "GET /_sandbox/health HTTP/1.1\r\nHost: ";
  for (const char* good :
       {"127.0.0.1", "localhost:8099", "[::1]:1", "127.0.0.1\r\nOrigin: http://localhost:3000"}) {
    CAPTURE(good);
    CHECK(Ask(url, get + good) == "HTTP/1.1 200");
  }
  for (const char* bad : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "",
                          "127.0.0.1\r\nOrigin: https://evil.example", "127.0.0.1\r\nOrigin: null",
                          "localhost\r\nOrigin: http://127.0.0.1.evil.example"}) {
    CAPTURE(bad);
    CHECK(Ask(url, get + bad) == "HTTP/1.1 403");
  }
}

TEST_CASE(
    "a request whose length is said twice, or is too large, is refused and its connection ends") {
  Fixture fixture;
  const std::string post = "POST " + kFilters + " HTTP/1.1\r\nHost: x\r\n";
  const std::pair<const char*, const char*> rows[] = {
      {"Content-Length: 3\r\nContent-Length: 3", "HTTP/1.1 400"},
      {"Content-Length: 3\r\nContent-Length: 40", "HTTP/1.1 400"},
      {"Content-Length: 3\r\nTransfer-Encoding: chunked", "HTTP/1.1 400"},
      {"Host: 127.0.0.1\r\nHost: evil.test", "HTTP/1.1 400"},
      {"Origin: http://127.0.0.1\r\nOrigin: http://evil.test", "HTTP/1.1 400"},
      {"Content-Length: three", "HTTP/1.1 400"},
      {"Content-Length: -1", "HTTP/1.1 400"},
      {"Content-Length: 99999999999999999999999", "HTTP/1.1 413"},
      {"Content-Length: 1000000000", "HTTP/1.1 413"},
  };
  for (const auto& [headers, status] : rows) {
    CAPTURE(headers);
    RawConnection connection(fixture.server.Url());
    connection.Send(post + headers + "\r\n\r\nabc");
    CHECK(connection.Receive().substr(0, 12) == status);
    CHECK((connection.closed || connection.error != 0));
  }
  CHECK(fixture.Writes().empty());
}

TEST_CASE("a head without an end is not read for ever") {
  Fixture fixture;
  RawConnection connection(fixture.server.Url());
  connection.Send("GET " + kFilters + " HTTP/1.1\r\n");
  const std::string line = "X-Filler: " + std::string(1000, 'x') + "\r\n";
  bool open = true;
  for (int i = 0; i < 1000 && open; ++i) open = connection.TrySend(line);
  connection.Receive();
  CHECK((connection.closed || connection.error != 0));
}

TEST_CASE("connections that never send a whole request give way to those that do") {
  Options options;
  options.threads = 8;
  Server server;
  REQUIRE(server.Start(options));
  std::vector<std::unique_ptr<RawConnection>> half_open;
  for (int i = 0; i < 60; ++i) {
    half_open.push_back(std::make_unique<RawConnection>(server.Url()));
    if (i % 2) half_open.back()->Send("POST /x HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc");
  }
  for (int i = 0; i < 20; ++i) {
    CHECK(Ask(server.Url(), "GET /_sandbox/health HTTP/1.1\r\nHost: localhost") == "HTTP/1.1 200");
  }
}

}  // namespace
}  // namespace viasync::sandbox
