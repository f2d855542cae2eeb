// A running sandbox with two small orgs, and a client that is allowed in. The requests are plain
// HTTP: no code of viasync's own API client takes part. Every answer, however wrong the request,
// must keep the API's contract, unless a fault is in force.
#pragma once

#include <doctest/doctest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "engine/contract/contract.h"
#include "engine/sandbox/server.h"
#include "engine/sandbox/state.h"

namespace viasync::sandbox {

using nlohmann::json;

// Filters 10 (Used) and 11 (Free); lists 20 to 23 of types 0 to 3, 21 uses the filter Used;
// exclusions 30 (with an end) and 31 (without).
inline constexpr const char* kSeed = R"({"orgs": {
  "acme-dev": {
    "client_id": "client", "client_secret": "s3cret", "api_key": "key",
    "schemas": [{"id": "1", "schemaName": "BaseSchema"}, {"id": "2", "schemaName": "Other"}],
    "filters": [
      {"id": "10", "version": 5, "filterName": "Used", "filterDescription": "d", "schemaId": "1",
       "filterCriteria": "1 = 1", "lastModifiedBy": "eva"},
      {"id": "11", "version": 6, "filterName": "Free", "filterCriteria": "State = 'AK'"}],
    "lists": [
      {"id": 20, "version": 7, "name": "Static", "listType": 0, "status": 1},
      {"id": 21, "version": 8, "name": "Dynamic", "listType": 1, "filterName": "Used"},
      {"id": 22, "version": 9, "name": "Fast", "listType": 2},
      {"id": 23, "version": 10, "name": "Active", "listType": 3}],
    "exclusions": [
      {"id": 30, "version": 11, "contactType": 1, "contactAddress": "0911",
       "contactListName": "Static", "reason": "r", "startTime": "2024-01-01T00:00:00Z",
       "endTime": "2024-02-01T00:00:00Z", "creationTime": "2023-12-01T00:00:00Z",
       "lastModifiedTime": "2023-12-02T00:00:00Z"},
      {"id": 31, "version": 12, "contactType": 2, "contactAddress": "a@example.com",
       "startTime": "2024-01-05T00:00:00Z", "creationTime": "2023-12-03T00:00:00Z",
       "lastModifiedTime": "2023-12-04T00:00:00Z"}]},
  "acme-prod": {"client_id": "pc", "client_secret": "ps", "api_key": "pk"}}})";

inline const std::string kFilters = "/via/v3/organizations/acme-dev/campaign/filters";
inline const std::string kExclusions = "/via/v2/organizations/acme-dev/campaign/exclusions";
inline const std::string kLists = "/via/v2/organizations/acme-dev/campaign/lists";
inline const std::string kSchemas = "/via/v3/organizations/acme-dev/campaign/schemaDefinitions";

struct Reply {
  int status = 0;  // 0 = no answer
  std::string body;
  httplib::Headers headers;
  json Json() const { return json::parse(body, nullptr, false); }
};

class Fixture {
 public:
  explicit Fixture(Options options = {}) {
    REQUIRE(server.Start(options));
    faulty_ = !options.faults.empty();
    client = std::make_unique<httplib::Client>(server.Url());
    client->set_keep_alive(true);
    client->set_tcp_nodelay(true);
    if (options.data_file.empty() && options.seed_file.empty() && options.generated.empty()) {
      json orgs = json::parse(kSeed)["orgs"];
      for (auto& [name, org] : orgs.items()) Send("PUT", "/_sandbox/orgs/" + name, org);
    }
    Authorise("acme-dev");
  }

  void Authorise(const std::string& org) {
    json state = Send("GET", "/_sandbox/orgs/" + org).Json();
    key = state["api_key"];
    token = Token(org, state["client_id"], state["client_secret"]).Json()["access_token"];
  }

  Reply Token(const std::string& realm, const std::string& id, const std::string& secret,
              const std::string& grant = "client_credentials",
              const std::string& scope = "outreachapi") {
    httplib::Params params = {{"grant_type", grant}, {"scope", scope}, {"realm", realm}};
    return ToReply(client->Post("/tokenservice/oauth2/access_token",
                                {httplib::make_basic_authentication_header(id, secret)}, params));
  }

  Reply Send(const std::string& method, const std::string& target, const json& body = {},
             const std::string& content_type = "application/json") {
    httplib::Request request;
    request.method = method;
    request.path = target;
    request.headers = {{"Authorization", "Bearer " + token}, {"x-api-key", key}};
    if (!body.is_null()) {
      request.body = body.is_string() ? body.get<std::string>() : body.dump();
      request.headers.emplace("Content-Type", content_type);
    }
    Reply reply = ToReply(client->send(request));
    if (!faulty_ && reply.status != 0) CheckContract(method, target, reply);
    return reply;
  }

  Reply Get(const std::string& target) { return Send("GET", target); }

  // The whole org as text: the same before and after = nothing changed.
  std::string State() { return Send("GET", "/_sandbox/orgs/acme-dev").body; }
  json Writes() { return Send("GET", "/_sandbox/log?writes=true").Json()["entries"]; }
  void Fault(const json& rule) {
    REQUIRE(Send("POST", "/_sandbox/faults", rule).status == 204);
    faulty_ = true;
  }

  Server server;
  std::unique_ptr<httplib::Client> client;
  std::string token;
  std::string key;

 private:
  static Reply ToReply(const httplib::Result& result) {
    if (!result) return {};
    return {result->status, result->body, result->headers};
  }

  static void CheckContract(const std::string& method, const std::string& target,
                            const Reply& reply) {
    auto match = contract::MatchRequest(method, target.substr(0, target.find('?')));
    if (!match) return;
    auto problems = contract::CheckAnswer(*match->operation, reply.status, reply.body);
    CHECK_MESSAGE(problems.empty(), (method + " " + target + ": " + contract::Describe(problems)));
  }

  bool faulty_ = false;
};

// A request that must be refused as 400, naming `scope`, and must change nothing.
inline void CheckRefused(Fixture& fixture, const std::string& method, const std::string& target,
                         const json& body, const std::string& scope) {
  CAPTURE(method);
  CAPTURE(target);
  CAPTURE(body.dump(-1, ' ', false, json::error_handler_t::replace));
  std::string before = fixture.State();
  Reply reply = fixture.Send(method, target, body);
  CHECK(reply.status == 400);
  json error = reply.Json();
  REQUIRE(error.contains("error"));
  CHECK(error["error"]["code"] == 400);
  CHECK(error["error"]["message"] == "Bad Request");
  std::string scopes;
  for (auto& item : error["error"]["errors"]) scopes += item["scope"].get<std::string>() + " ";
  CAPTURE(scopes);
  CHECK(scopes.find(scope) != std::string::npos);
  CHECK(fixture.State() == before);
}

// `object` with one property set, or without it when `value` is null.
inline json With(json object, const std::string& name, const json& value) {
  object.erase(name);
  if (!value.is_null()) object[name] = value;
  return object;
}

}  // namespace viasync::sandbox
