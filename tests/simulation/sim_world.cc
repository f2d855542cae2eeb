#include "tests/simulation/sim_world.h"

#include <doctest/doctest.h>

#include "engine/base/strings.h"
#include "engine/sandbox/edit.h"
#include "engine/sandbox/state.h"

namespace viasync::simulation {
namespace {

constexpr const char* kBase = "http://127.0.0.1:1";
constexpr const char* kTokenPath = "/tokenservice/oauth2/access_token";

class CrashingTransport final : public fakes::SimTransport {
 public:
  CrashingTransport(fakes::VirtualClock& clock, Handler handler, long crash_after)
      : SimTransport(clock, std::move(handler)), left_(crash_after) {}
  bool Drive() override {
    if (left_ == 0) throw Crash{};
    if (left_ > 0) --left_;
    return SimTransport::Drive();
  }

 private:
  long left_;
};

std::string Decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      decoded += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

void ReadPairs(std::string_view text, std::multimap<std::string, std::string>& params) {
  for (auto pair : base::Split(text, '&')) {
    auto equals = pair.find('=');
    params.emplace(Decoded(pair.substr(0, equals)), Decoded(pair.substr(equals + 1)));
  }
}

sandbox::Incoming Translate(const http::Request& request) {
  sandbox::Incoming incoming{.method = std::string(http::MethodName(request.method)),
                             .body = request.body};
  std::string_view target = std::string_view(request.url).substr(std::string_view(kBase).size());
  auto question = target.find('?');
  incoming.path = Decoded(target.substr(0, question));
  if (question != std::string_view::npos) ReadPairs(target.substr(question + 1), incoming.params);
  for (const auto& [name, value] : request.headers) {
    if (name == "Authorization") incoming.authorization = value;
    if (name == "x-api-key") incoming.api_key = value;
    if (name == "Content-Type") incoming.content_type = value;
  }
  if (incoming.content_type == "application/x-www-form-urlencoded") {
    ReadPairs(incoming.body, incoming.params);
  }
  return incoming;
}

}  // namespace

SimWorld::SimWorld(const nlohmann::json& org) : world_(sandbox::Settings{}, clock_) {
  auto with_credentials = org;
  for (const char* name : {"client_id", "client_secret", "api_key"}) with_credentials[name] = "x";
  auto parsed = sandbox::ParseState(nlohmann::json{{"orgs", {{"acme", with_credentials}}}}.dump(),
                                    "simulation", clock_.Now());
  REQUIRE_MESSAGE(parsed.has_value(), parsed.error().message);
  world_.WithOrgs(true, [&](sandbox::World::Orgs& orgs) { orgs = std::move(*parsed); });
}

workflow::Org SimWorld::Connect(long crash_after) {
  workflow::Org org;
  org.transport = std::make_unique<CrashingTransport>(
      clock_, [this](const http::Request& request) { return Handle(request); }, crash_after);
  org.client = std::make_unique<http::Client>(*org.transport, *random_,
                                              http::ClientOptions{.in_flight_max = 8});
  org.session = std::make_unique<api::Session>(
      *org.client,
      api::Endpoint{"acme", kBase, std::string(kBase) + kTokenPath,
                    "/via/v2/organizations/acme/campaign/exclusions"},
      api::Credentials{"x", "x", "x"});
  return org;
}

fakes::Outcome SimWorld::Handle(const http::Request& request) {
  auto incoming = Translate(request);
  bool token = incoming.path == kTokenPath;
  Fault fault = token ? Fault::kNone : before(request);
  auto carry_out = [&] {
    auto answer = world_.Handle(incoming);
    bool write = request.method != http::Method::kGet && !token;
    if (write && answer.status < 300) carried_out(request);
    trace_.push_back(incoming.method + " " + incoming.path + " " + std::to_string(answer.status));
    return answer;
  };
  const base::Millis latency{20 + static_cast<long>(random_->Next() % 60)};
  switch (fault) {
    case Fault::kNone: {
      auto answer = carry_out();
      return fakes::Answer(answer.status, answer.body, latency);
    }
    case Fault::kLostAfter:
      carry_out();
      return fakes::Lost(latency);
    case Fault::kLostBefore:
      return fakes::Lost(latency);
    case Fault::kNoConnection:
      return fakes::NoConnection(latency);
    case Fault::kThrottled:
      return fakes::Answer(429, "{}", latency);
    case Fault::kFailedBefore:
      return fakes::Answer(503, "{}", latency);
    case Fault::kFailedAfter:
      carry_out();
      return fakes::Answer(503, "{}", latency);
    case Fault::kCut: {
      auto answer = carry_out();
      return fakes::Answer(answer.status, answer.body.substr(0, answer.body.size() / 2), latency);
    }
  }
  std::abort();
}

void SimWorld::Edit(const nlohmann::json& edit) {
  world_.WithOrgs(true, [&](sandbox::World::Orgs& orgs) {
    auto problem = sandbox::EditAsUser(orgs.at("acme"), edit, clock_.Now());
    REQUIRE_MESSAGE(problem.empty(), problem);
  });
}

nlohmann::json SimWorld::State() {
  std::string text;
  world_.WithOrgs(false,
                  [&](sandbox::World::Orgs& orgs) { sandbox::WriteOrg(text, orgs.at("acme")); });
  return nlohmann::json::parse(text);
}

}  // namespace viasync::simulation
