#include "tests/simulation/sim_world.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/sandbox/edit.h"
#include "engine/sandbox/state.h"

namespace viasync::simulation {
namespace {

constexpr const char* kOrg = "acme";
constexpr const char* kBase = "http://127.0.0.1:1";
constexpr const char* kTokenPath = "/tokenservice/oauth2/access_token";

class MortalTransport final : public fakes::SimTransport {
 public:
  MortalTransport(fakes::VirtualClock& clock, Handler handler, Fuse& fuse)
      : SimTransport(clock, std::move(handler)), fuse_(fuse) {}

  void Start(http::Request request,
             std::function<void(base::Result<http::Response>)> done) override {
    if (fuse_.Allows()) SimTransport::Start(std::move(request), std::move(done));
  }
  bool Drive() override {
    if (fuse_.dead()) throw Crash{};
    return SimTransport::Drive();
  }

 private:
  Fuse& fuse_;
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

bool IsForToken(const http::Request& request) { return request.url.ends_with(kTokenPath); }

}  // namespace

SimWorld::SimWorld(const nlohmann::json& org, std::uint64_t seed, Witness& witness)
    : witness_(witness),
      world_({.page_default = 10, .page_cap = 20, .strict = true}, clock_),
      random_(seed) {
  auto with_credentials = org;
  for (const char* name : {"client_id", "client_secret", "api_key"}) with_credentials[name] = "x";
  auto parsed = sandbox::ParseState(nlohmann::json{{"orgs", {{kOrg, with_credentials}}}}.dump(),
                                    "simulation", clock_.Now());
  REQUIRE_MESSAGE(parsed.has_value(), parsed.error().message);
  world_.WithOrgs(true, [&](sandbox::World::Orgs& orgs) { orgs = std::move(*parsed); });
  Observe(Author::kNature);
}

workflow::Org SimWorld::Connect(Fuse& fuse) {
  workflow::Org org;
  org.transport = std::make_unique<MortalTransport>(
      clock_, [this](const http::Request& request) { return Handle(request); }, fuse);
  org.client = std::make_unique<http::Client>(*org.transport, random_,
                                              http::ClientOptions{.in_flight_max = 8});
  org.session = std::make_unique<api::Session>(
      *org.client,
      api::Endpoint{kOrg, kBase, std::string(kBase) + kTokenPath,
                    "/via/v2/organizations/acme/campaign/exclusions"},
      api::Credentials{"x", "x", "x"});
  return org;
}

void SimWorld::Observe(Author author) {
  std::vector<Change> changes;
  world_.WithOrgs(false, [&](sandbox::World::Orgs& orgs) {
    changes = history_.Observe(author, orgs.at(kOrg));
  });
  if (author == Author::kNature) return;
  for (const auto& change : changes) witness_.Changed(change);
}

sandbox::Answer SimWorld::CarryOut(const http::Request& request) {
  auto incoming = Translate(request);
  auto answer = world_.Handle(incoming);
  // Every request that a run sends, however disturbed, and every answer keep the API's contract.
  for (const auto& breach : world_.breaches().examples) FAIL_CHECK(breach);
  trace_.push_back(incoming.method + " " + incoming.path + " " + std::to_string(answer.status) +
                   " " + incoming.body);
  if (answer.wrote) Observe(Author::kViasync);
  return answer;
}

void SimWorld::LandDue(base::Millis now) {
  while (!late_.empty() && late_.front().due <= now) {
    auto request = std::move(late_.front().request);
    late_.erase(late_.begin());
    CarryOut(request);
  }
}

void SimWorld::LandLate() { LandDue(base::Millis::max()); }

fakes::Outcome SimWorld::Handle(const http::Request& request) {
  LandDue(clock_.Steady());
  const Fault fault = IsForToken(request) ? Fault::kNone : witness_.Strike(request);
  base::Millis latency{20 + static_cast<long>(random_.Next() % 60)};
  auto plain = [&](const sandbox::Answer& answer) {
    if (answer.status < 300) witness_.Answered(request, answer.body);
    return fakes::Answer(answer.status, answer.body, latency);
  };
  switch (fault) {
    case Fault::kNone:
      return plain(CarryOut(request));
    case Fault::kSlow:
      latency = base::Millis(30'000);
      return plain(CarryOut(request));
    case Fault::kRevoked:
      world_.RevokeTokens();
      return plain(CarryOut(request));
    case Fault::kLostAfter:
      CarryOut(request);
      return fakes::Lost(latency);
    case Fault::kLostBefore:
      return fakes::Lost(latency);
    case Fault::kLandsLate: {
      const base::Millis due = clock_.Steady() + latency + base::Millis(random_.Next() % 5'000);
      auto place = std::ranges::upper_bound(late_, due, {}, &Late::due);
      late_.insert(place, Late{due, request});
      return fakes::Lost(latency);
    }
    case Fault::kNoConnection:
      return fakes::NoConnection(latency);
    case Fault::kThrottled:
      return fakes::Answer(429, "{}", latency);
    case Fault::kRetryAfter:
      return fakes::Answer(429, "{}", latency, {{"retry-after", "3"}});
    case Fault::kTimedOut:
      return fakes::Answer(408, "{}", latency);
    case Fault::kFailedBefore:
      return fakes::Answer(503, "{}", latency);
    case Fault::kFailedAfter:
      CarryOut(request);
      return fakes::Answer(503, "{}", latency);
    case Fault::kCut: {
      auto answer = CarryOut(request);
      return fakes::Answer(answer.status, answer.body.substr(0, answer.body.size() / 2), latency);
    }
    case Fault::kHtml:
      return fakes::Answer(200, "<html>Sign in</html>", latency, {{"content-type", "text/html"}});
  }
  std::abort();
}

void SimWorld::Edit(const nlohmann::json& edit) {
  world_.WithOrgs(true, [&](sandbox::World::Orgs& orgs) {
    auto problem = sandbox::EditAsUser(orgs.at(kOrg), edit, clock_.Now());
    trace_.push_back("maria " + edit.dump() + " " + problem);
  });
  Observe(Author::kMaria);
}

}  // namespace viasync::simulation
