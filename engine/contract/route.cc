#include "engine/contract/route.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/base/strings.h"

namespace viasync::contract {
namespace {

constexpr std::string_view kCampaign = "/campaign/";
constexpr std::string_view kVia = "/via/";
constexpr const char* kListHint = "`viasync api --list` shows all operations";

std::string WithOrg(std::string path, std::string_view org) {
  for (std::string_view placeholder : {"{orgId}", "{org}"}) {
    for (auto at = path.find(placeholder); at != std::string::npos;
         at = path.find(placeholder, at + org.size())) {
      path.replace(at, placeholder.size(), org);
    }
  }
  return path;
}

// What `text` may mean, the newest version first.
std::vector<std::string> FullPaths(std::string_view text, std::string_view org) {
  while (text.starts_with('/') && !text.starts_with(kVia)) text.remove_prefix(1);
  if (text.starts_with(kVia.substr(1))) return {WithOrg("/" + std::string(text), org)};
  if (text.starts_with(kVia)) return {WithOrg(std::string(text), org)};
  std::vector<std::string_view> versions = {"v3", "v2"};
  for (std::string_view version : {"v3", "v2"}) {
    if (text.starts_with(std::string(version) + "/")) {
      versions = {version};
      text.remove_prefix(version.size() + 1);
      break;
    }
  }
  if (text.starts_with(kCampaign.substr(1))) text.remove_prefix(kCampaign.size() - 1);
  std::vector<std::string> paths;
  for (std::string_view version : versions) {
    paths.push_back(fmt::format("/via/{}/organizations/{}/campaign/{}", version, org, text));
  }
  return paths;
}

std::vector<std::string> MethodsOf(const std::string& path) {
  std::vector<std::string> methods;
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    if (MatchRequest(method, path)) methods.emplace_back(method);
  }
  return methods;
}

// The template with the values of `parts` in place of its parameters: what was meant, if the
// literal parts are misspelt.
std::string Meant(const std::string& pattern, std::span<const std::string_view> parts) {
  auto wanted = base::Split(pattern, '/');
  std::vector<std::string> out;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool value = wanted[i].starts_with('{') && i < parts.size() && !parts[i].empty();
    out.emplace_back(value ? parts[i] : wanted[i]);
  }
  return base::Join(out, "/");
}

std::string Suggestion(std::string_view text) {
  while (text.starts_with('/')) text.remove_prefix(1);
  const bool full = text.starts_with("via/");
  auto parts = base::Split(text, '/');
  std::vector<std::string> candidates, shown;
  for (const auto& operation : Operations()) {
    const std::string pattern = full ? operation.path.substr(1) : ShortPath(operation);
    candidates.push_back(base::ToLower(Meant(pattern, parts)));
    shown.push_back(Meant(pattern, parts));
  }
  auto nearest = base::Nearest(base::ToLower(text), candidates);
  if (!nearest) return kListHint;
  auto at = std::ranges::find(candidates, *nearest) - candidates.begin();
  return fmt::format("did you mean `{}{}`? {}", full ? "/" : "",
                     base::Printable(shown[static_cast<std::size_t>(at)]), kListHint);
}

base::Error OtherOrg(std::string_view text, std::string_view named, std::string_view org) {
  return {
      .kind = base::ErrorKind::kInvalid,
      .message = fmt::format("`{}` is a path of the org {}; the environment's is {}",
                             base::Printable(text), base::Printable(named), base::Printable(org)),
      .hint =
          "write {orgId}, which stands for the org of the environment, or choose another "
          "with -e"};
}

}  // namespace

std::string ShortPath(const Operation& operation) {
  auto at = operation.path.find(kCampaign);
  std::string rest = operation.path.substr(at + kCampaign.size());
  const bool older = operation.path.starts_with("/via/v2/");
  for (const auto& other : Operations()) {
    if (!older || other.path == operation.path) continue;
    if (other.path.ends_with(std::string(kCampaign) + rest)) return "v2/" + rest;
  }
  return rest;
}

base::Result<Route> FindRoute(std::string_view method, std::string_view text,
                              std::string_view org) {
  auto paths = FullPaths(text, org);
  for (const auto& path : paths) {
    auto match = MatchRequest(method, path);
    if (!match) continue;
    if (const auto& named = match->values["orgId"]; named != org) {
      return base::Fail(OtherOrg(text, named, org));
    }
    return Route{std::move(*match), path};
  }
  for (const auto& path : paths) {
    auto methods = MethodsOf(path);
    if (methods.empty()) continue;
    auto nearest = base::Nearest(base::ToUpper(method), methods);
    return base::Fail(
        base::ErrorKind::kInvalid,
        fmt::format("`{}` cannot be asked with {}", base::Printable(text), base::Printable(method)),
        nearest ? "did you mean " + *nearest + "?" : "it takes " + base::Join(methods, ", "));
  }
  return base::Fail(base::ErrorKind::kInvalid,
                    fmt::format("the API has no path `{}`", base::Printable(text)),
                    Suggestion(text));
}

}  // namespace viasync::contract
