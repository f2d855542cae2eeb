#include "engine/sandbox/world.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "engine/base/strings.h"
#include "engine/sandbox/handlers.h"
#include "engine/sandbox/jobs.h"

namespace viasync::sandbox {
namespace {

constexpr std::string_view kTokenPath = "/tokenservice/oauth2/access_token";
constexpr std::string_view kScope = "outreachapi";

struct Route {
  std::string_view version;
  std::string_view area;
  std::string_view resource;
  std::string_view sub;  // what must follow the id; empty = nothing may
  Answer (*handle)(Org&, const Call&);
};
constexpr Route kRoutes[] = {
    {"v3", "campaign", "filters", "", &HandleFilters},
    {"v2", "campaign", "exclusions", "", &HandleExclusions},
    {"v3", "compliance", "exclusions", "", &HandleExclusions},
    {"v2", "campaign", "exclusionStatuses", "", &HandleExclusionStatuses},
    {"v2", "campaign", "callAttempts", "", &HandleCallAttempts},
    {"v2", "campaign", "lists", "", &HandleLists},
    {"v2", "campaign", "lists", "fastPathRecords", &HandleFastPath},
    {"v2", "campaign", "strategies", "", &HandleStrategies},
    {"v2", "campaign", "strategies", "statuses", &HandleStrategyStatuses},
    {"v2", "campaign", "strategies", "records", &HandleRecords},
    {"v2", "campaign", "timeZones", "", &HandleTimeZonesV2},
    {"v3", "campaign", "timeZones", "", &HandleTimeZonesV3},
    {"v2", "campaign", "automationScripts", "", &HandleScripts},
    {"v2", "campaign", "automationScripts", "start", &HandleScriptStart},
    {"v2", "campaign", "automationScripts", "stop", &HandleScriptStop},
    {"v2", "campaign", "purposes", "", &HandlePurposes},
    {"v2", "campaign", "geocodeTemplates", "", &HandleGeocodes},
    {"v2", "campaign", "dispositions", "", &HandleDispositions},
    {"v2", "campaign", "numberTypes", "", &HandleNumberTypes},
    {"v3", "campaign", "callbacks", "", &HandleCallbacks},
    {"v3", "campaign", "schemaDefinitions", "", &HandleSchemas},
    {"v3", "campaign", "jobs", "", &HandleJobs},
    {"v3", "campaign", "jobs", "pause", &HandleJobs},
    {"v3", "campaign", "jobs", "resume", &HandleJobs},
    {"v3", "campaign", "jobs", "abort", &HandleJobs},
    {"v3", "campaign", "jobs", "conflict", &HandleJobs},
    {"v2", "mediaStorage", "data", "", &HandleMedia},
};

// /via/{version}/organizations/{org}/{area}/{resource}[/{id}[/{sub}]], split at the slashes.
constexpr std::size_t kOrgPart = 4;
std::vector<std::string_view> PathParts(std::string_view path) {
  auto parts = base::Split(path, '/');
  bool is_api = parts.size() > kOrgPart && parts[0].empty() && parts[1] == "via" &&
                parts[3] == "organizations" && !parts[kOrgPart].empty();
  return is_api ? parts : std::vector<std::string_view>();
}

const Route* FindRoute(std::span<const std::string_view> parts) {
  if (parts.size() < 7 || parts.size() > 9) return nullptr;
  if (parts.size() > 7 && (parts[7].empty() || parts.back().empty())) return nullptr;
  const std::string_view sub = parts.size() == 9 ? parts[8] : std::string_view();
  for (const Route& route : kRoutes) {
    if (parts[2] == route.version && parts[5] == route.area && parts[6] == route.resource &&
        sub == route.sub) {
      return &route;
    }
  }
  return nullptr;
}

std::string Base64(std::string_view data) {
  std::string out(4 * ((data.size() + 2) / 3) + 1, '\0');
  int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                               reinterpret_cast<const unsigned char*>(data.data()),
                               static_cast<int>(data.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

// An error of the token endpoint, in the form of OAuth 2 (RFC 6749, 5.2).
Answer TokenError(std::string_view error, std::string_view description) {
  Answer answer{.status = 400, .body = {}, .headers = {}};
  ObjectWriter writer(answer.body);
  writer("error", error);
  writer("error_description", description);
  writer.Close();
  return answer;
}

// A 401 has no body, whoever gives it.
Answer Unauthorised() { return {.status = 401, .body = {}, .headers = {}}; }

std::string Only(const Incoming& incoming, const std::string& name) {
  return incoming.params.count(name) == 1 ? incoming.params.find(name)->second : "";
}

}  // namespace

std::string OrgOfPath(const std::string& path) {
  if (path.starts_with(kMediaPrefix)) return path.substr(kMediaPrefix.size());
  auto parts = PathParts(path);
  return parts.empty() ? std::string() : std::string(parts[kOrgPart]);
}

Answer World::Handle(const Incoming& incoming) {
  std::lock_guard lock(mutex_);
  if (!settings_.strict) return Dispatch(incoming);
  return CheckedAnswer(incoming, Dispatch(incoming), breaches_);
}

Answer World::Dispatch(const Incoming& incoming) {
  if (incoming.path == kTokenPath) return GiveToken(incoming);
  if (incoming.path.starts_with(kMediaPrefix)) return HandleMediaFile(incoming);
  auto parts = PathParts(incoming.path);
  if (parts.empty()) return NotFound("path", incoming.path);
  auto found = orgs_.find(std::string(parts[kOrgPart]));
  if (found == orgs_.end()) return NotFound("organization", parts[kOrgPart]);
  Org& org = found->second;
  if (!Authorised(org, incoming)) return Unauthorised();
  if (!TakeFromBucket(org.name)) {
    Answer answer = ErrorAnswer(429, "organization", "throttled", "Too many requests");
    if (settings_.retry_after_s > 0) {
      answer.headers.emplace_back("Retry-After", std::to_string(settings_.retry_after_s));
    }
    return answer;
  }
  if (settings_.strict) {
    if (auto refused = RefuseBreach(incoming, breaches_)) return *refused;
  }
  const Route* route = FindRoute(parts);
  if (!route) return NotFound("path", incoming.path);
  Call call{.method = incoming.method,
            .id = std::nullopt,
            .sub = std::string(route->sub),
            .params = incoming.params,
            .content_type = incoming.content_type,
            .body = incoming.body,
            .user = org.client_id,
            .host = incoming.host,
            .client_session = incoming.client_session,
            .now = clock_.Now(),
            .settings = settings_};
  if (parts.size() >= 8) call.id = std::string(parts[7]);
  Answer answer = route->handle(org, call);
  if (answer.wrote) ++changes_;
  return answer;
}

Answer World::HandleMediaFile(const Incoming& incoming) {
  auto org = orgs_.find(OrgOfPath(incoming.path));
  if (org == orgs_.end()) return NotFound("path", incoming.path);
  Answer answer = HandleSigned(
      org->second, {.method = incoming.method,
                    .token = Only(incoming, "signature"),
                    .body = incoming.body,
                    .credentials = !incoming.authorization.empty() || !incoming.api_key.empty(),
                    .now = clock_.Now()});
  if (answer.wrote) ++changes_;
  return answer;
}

Answer World::GiveToken(const Incoming& incoming) {
  if (incoming.method != "POST") return MethodNotAllowed("POST");
  if (!incoming.content_type.starts_with("application/x-www-form-urlencoded")) {
    return TokenError("invalid_request", "Content-Type must be application/x-www-form-urlencoded");
  }
  if (Only(incoming, "grant_type") != "client_credentials") {
    return TokenError("unsupported_grant_type", "grant_type must be client_credentials");
  }
  if (Only(incoming, "scope") != kScope) {
    return TokenError("invalid_scope", "scope must be outreachapi");
  }
  auto org = orgs_.find(Only(incoming, "realm"));
  if (org == orgs_.end()) return TokenError("invalid_request", "realm is not an organization");
  std::string wanted = "Basic " + Base64(org->second.client_id + ":" + org->second.client_secret);
  if (incoming.authorization != wanted) return Unauthorised();
  base::UtcTime now = clock_.Now();
  std::erase_if(tokens_, [&](const auto& entry) { return entry.second.expires <= now; });
  base::Random& random = base::SystemRandom();
  std::string token = fmt::format("{:016x}{:016x}", random.Next(), random.Next());
  tokens_[token] = {org->first, now + std::chrono::seconds(settings_.token_lifetime_s)};
  Answer answer;
  ObjectWriter writer(answer.body);
  writer("access_token", token);
  writer("token_type", "Bearer");
  writer("expires_in", settings_.token_lifetime_s);
  writer("scope", kScope);
  writer.Close();
  return answer;
}

bool World::Authorised(const Org& org, const Incoming& incoming) {
  constexpr std::string_view kBearer = "Bearer ";
  if (incoming.api_key != org.api_key || !incoming.authorization.starts_with(kBearer)) {
    return false;
  }
  auto token = tokens_.find(incoming.authorization.substr(kBearer.size()));
  return token != tokens_.end() && token->second.org == org.name &&
         clock_.Now() < token->second.expires;
}

bool World::TakeFromBucket(const std::string& org) {
  if (settings_.rate_per_second <= 0) return true;
  Bucket& bucket = buckets_[org];
  base::Millis now = clock_.Steady();
  double burst = std::max(settings_.rate_burst, 1);
  if (bucket.filled.count() < 0) {
    bucket.tokens = burst;
  } else {
    double seconds = std::chrono::duration<double>(now - bucket.filled).count();
    bucket.tokens = std::min(burst, bucket.tokens + seconds * settings_.rate_per_second);
  }
  bucket.filled = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

Settings World::settings() const {
  std::lock_guard lock(mutex_);
  return settings_;
}

Breaches World::breaches() const {
  std::lock_guard lock(mutex_);
  return breaches_;
}

void World::set_settings(const Settings& settings) {
  std::lock_guard lock(mutex_);
  settings_ = settings;
  buckets_.clear();
}

void World::RevokeTokens() {
  std::lock_guard lock(mutex_);
  tokens_.clear();
}

void World::WithOrgs(bool wrote, const std::function<void(Orgs&)>& work) {
  std::lock_guard lock(mutex_);
  work(orgs_);
  if (wrote) ++changes_;
}

std::uint64_t World::changes() const {
  std::lock_guard lock(mutex_);
  return changes_;
}

}  // namespace viasync::sandbox
