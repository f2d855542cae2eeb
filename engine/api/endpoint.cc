// Where an org is: hosts and paths (notes, "Hosts and authentication", "Exclusions").
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "engine/api/encoding.h"
#include "engine/api/media.h"
#include "engine/api/session.h"
#include "engine/base/strings.h"

namespace viasync::api {
namespace {

struct Region {
  std::string_view name, host;
};
constexpr std::array kRegions = {
    Region{"us", "myaspect.id.aspect-cloud.net"},
    Region{"eu", "myaspect.eu.id.aspect-cloud.net"},
    Region{"uk", "myaspect.uk.id.aspect-cloud.net"},
    Region{"ca", "myaspect.ca.id.aspect-cloud.net"},
};

bool IsLoopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  // All of 127.0.0.0/8, written as four numbers and nothing else.
  auto parts = base::Split(host, '.');
  return parts.size() == 4 && parts[0] == "127" && std::ranges::all_of(parts, [](auto part) {
           return !part.empty() && part.size() <= 3 &&
                  part.find_first_not_of("0123456789") == std::string_view::npos;
         });
}

std::string_view HostOf(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

// What is wrong with a URL the user wrote; nothing = fine.
std::optional<base::Error> CheckUrl(std::string_view key, std::string_view url) {
  auto problem = [&](std::string_view what, std::string hint) {
    return base::Error{.kind = base::ErrorKind::kInvalid,
                       .message = fmt::format("{} \"{}\" {}", key, base::Printable(url), what),
                       .hint = std::move(hint)};
  };
  const std::string example =
      fmt::format("Write {} like https://acme-dev.via.aspect-cloud.net", key);
  if (!FitsHeader(url) || url.find_first_of(" \\\"<>^`{|}#") != std::string_view::npos) {
    return problem("holds a character that no URL may hold", example);
  }
  const bool secure = url.starts_with("https://");
  if (!secure && !url.starts_with("http://")) return problem("is not an https URL", example);
  std::string_view authority = url.substr(secure ? 8 : 7);
  authority = authority.substr(0, authority.find_first_of("/?"));
  if (authority.find('@') != std::string_view::npos) {
    // Not repeated: what stands before the @ may be a password.
    return base::Error{.kind = base::ErrorKind::kInvalid,
                       .message = fmt::format("{} holds a user name or password", key),
                       .hint =
                           "Remove what stands before the @; credentials come from the "
                           "environment variables"};
  }
  const std::string_view host = HostOf(authority);
  if (host.empty()) return problem("names no host", example);
  if (!secure && !IsLoopback(host)) {
    return problem("is plain http",
                   "Use https: plain http would show the credentials to everybody on the way. "
                   "Only loopback addresses (127.0.0.1, [::1], localhost) may do without");
  }
  return std::nullopt;
}

base::Result<std::string> TokenHost(std::string_view region) {
  std::vector<std::string> names;
  for (const auto& known : kRegions) {
    if (known.name == region) return std::string(known.host);
    names.emplace_back(known.name);
  }
  if (region.empty()) {
    return base::Fail(base::ErrorKind::kInvalid, "neither region nor token_url is set",
                      "Set region to us, eu, uk or ca, or set base_url and token_url");
  }
  std::string hint = "Regions are us, eu, uk and ca";
  if (auto near = base::Nearest(region, names))
    hint = fmt::format("Did you mean {}? {}", *near, hint);
  return base::Fail(base::ErrorKind::kInvalid,
                    fmt::format("unknown region \"{}\"", base::Printable(region)), hint);
}

base::Result<std::string> ExclusionsPath(std::string_view org, std::string_view api) {
  if (api.empty() || api == "campaign-v2") {
    return fmt::format("/via/v2/organizations/{}/campaign/exclusions", org);
  }
  if (api == "compliance-v3") {
    return fmt::format("/via/v3/organizations/{}/compliance/exclusions", org);
  }
  return base::Fail(base::ErrorKind::kInvalid,
                    fmt::format("unknown exclusions_api \"{}\"", base::Printable(api)),
                    "It is campaign-v2 (the default) or compliance-v3.");
}

bool IsOrgName(std::string_view org) {
  return !org.empty() && org.front() != '.' && org.front() != '-' &&
         std::ranges::all_of(org, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

}  // namespace

base::Result<Endpoint> MakeEndpoint(std::string_view org, std::string_view region,
                                    std::string_view base_url, std::string_view token_url,
                                    std::string_view exclusions_api) {
  if (!IsOrgName(org)) {
    return base::Fail(base::ErrorKind::kInvalid,
                      fmt::format("\"{}\" is not a valid org name", base::Printable(org)),
                      "Set org to the id as it stands in front of .via.aspect-cloud.net: letters, "
                      "digits, - and _");
  }
  Endpoint endpoint{.org = std::string(org),
                    .base_url = std::string(base_url),
                    .token_url = std::string(token_url),
                    .exclusions_path = {}};
  if (base_url.empty()) endpoint.base_url = fmt::format("https://{}.via.aspect-cloud.net", org);
  if (token_url.empty() || !region.empty()) {
    auto host = TokenHost(region);
    if (!host) return base::Fail(host.error());
    if (token_url.empty()) {
      endpoint.token_url = fmt::format("https://{}/tokenservice/oauth2/access_token", *host);
    }
  }
  if (auto problem = CheckUrl("base_url", endpoint.base_url)) return base::Fail(*problem);
  if (auto problem = CheckUrl("token_url", endpoint.token_url)) return base::Fail(*problem);
  if (endpoint.base_url.find('?') != std::string::npos) {
    return base::Fail(base::ErrorKind::kInvalid, "base_url has a query",
                      "Remove the ? and what follows it");
  }
  while (endpoint.base_url.ends_with('/')) endpoint.base_url.pop_back();
  auto path = ExclusionsPath(org, exclusions_api);
  if (!path) return base::Fail(path.error());
  endpoint.exclusions_path = std::move(*path);
  return endpoint;
}

bool IsSafeUrl(std::string_view url) {
  if (url.starts_with("https://")) return url.size() > 8;
  constexpr std::string_view kPlain = "http://";
  if (!url.starts_with(kPlain)) return false;
  std::string_view authority = url.substr(kPlain.size());
  authority = authority.substr(0, authority.find_first_of("/?#"));
  return authority.find('@') == std::string_view::npos && IsLoopback(HostOf(authority));
}

}  // namespace viasync::api
