// A session before a server that the test plays. The token service answers by itself, unless the
// test says otherwise.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/resources.h"
#include "engine/api/session.h"
#include "engine/http/client.h"
#include "tests/fakes/sim_transport.h"

namespace viasync::api {

inline constexpr const char* kBase = "https://acme.test";
inline constexpr const char* kTokenUrl = "https://id.test/token";
inline constexpr const char* kFilters = "/via/v3/organizations/acme/campaign/filters";
inline constexpr const char* kExclusions = "/via/v2/organizations/acme/campaign/exclusions";
inline constexpr const char* kLists = "/via/v2/organizations/acme/campaign/lists";
inline constexpr const char* kSchemas = "/via/v3/organizations/acme/campaign/schemaDefinitions";

struct World {
  using Handler = std::function<fakes::Outcome(const http::Request&)>;

  explicit World(Handler handler, std::size_t in_flight_max = 32)
      : api(std::move(handler)), client(transport, random, {.in_flight_max = in_flight_max}) {}

  Handler api;
  Handler token = [this](const http::Request&) { return GoodToken(3600); };
  int tokens = 0;
  fakes::VirtualClock clock;
  fakes::SimTransport transport{clock, [this](const http::Request& request) {
                                  return request.url == kTokenUrl ? token(request) : api(request);
                                }};
  fakes::FixedRandom random{0};
  http::Client client;
  Session session{client,
                  {"acme", kBase, kTokenUrl, kExclusions},
                  {"my-client", "my-hidden-secret", "my-hidden-key"}};

  fakes::Outcome GoodToken(int seconds) {
    const std::string name = "hidden-token-" + std::to_string(++tokens);
    return fakes::Answer(200, R"({"access_token": ")" + name + R"(", "token_type": "Bearer",)" +
                                  R"("expires_in": )" + std::to_string(seconds) +
                                  R"(, "scope": "outreachapi"})");
  }

  template <class T>
  T Run(http::Task<T> task) {
    return http::Run(transport, std::move(task));
  }

  base::Result<nlohmann::json> Get(std::string path = kFilters) {
    return Run(session.Get(std::move(path)));
  }

  // `GET /via/…?query`, all but the token's, in order.
  std::vector<std::string> Calls() const {
    std::vector<std::string> calls;
    for (const auto& record : transport.requests()) {
      if (record.request.url == kTokenUrl) continue;
      calls.push_back(std::string(http::MethodName(record.request.method)) + " " +
                      record.request.url.substr(std::string(kBase).size()));
    }
    return calls;
  }
  const std::string& LastBody() const { return transport.requests().back().request.body; }
};

inline std::string HeaderOf(const http::Request& request, const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "(none)";
}

inline World::Handler Always(int status, std::string body) {
  return [status, body = std::move(body)](const http::Request&) {
    return fakes::Answer(status, body);
  };
}

// A collection whose only page is `body`: what lies behind it is empty.
inline World::Handler OnePage(const std::string& body) {
  return [body](const http::Request& request) {
    const auto start = request.url.find("startIndex=");
    if (start == std::string::npos || request.url.substr(start).starts_with("startIndex=0")) {
      return fakes::Answer(200, body);
    }
    auto behind = nlohmann::json::parse(body);
    for (auto& [name, value] : behind.items()) {
      if (value.is_array()) value = nlohmann::json::array();
    }
    return fakes::Answer(200, behind.dump());
  };
}

}  // namespace viasync::api
