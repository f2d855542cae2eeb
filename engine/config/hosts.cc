#include "engine/config/hosts.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/config/problems.h"
#include "engine/config/secrets.h"
#include "engine/config/url_check.h"

namespace viasync::config {
namespace {

constexpr std::string_view kVendor = "aspect-cloud.net";

struct Host {
  std::string name;  // lower case, without a final dot
  std::string port;  // empty in the list: any
};

// What a name of a host is made of. Anything else (percent escapes, other alphabets) may mean
// another host to who connects than to who reads.
bool IsPlainHost(std::string_view name) {
  auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !name.empty() && std::ranges::all_of(name, plain);
}

// `authority`: HOST or HOST:PORT.
Host ParseHost(std::string_view authority) {
  Host host;
  std::string text = base::ToLower(authority);
  if (text.starts_with('[')) {
    auto end = std::min(text.find(']'), text.size() - 1) + 1;
    host.name = text.substr(0, end);
    if (end < text.size()) host.port = text.substr(end + 1);
    return host;
  }
  auto colon = text.find(':');
  host.name = text.substr(0, colon);
  if (colon != std::string::npos) host.port = text.substr(colon + 1);
  if (host.name.ends_with('.')) host.name.pop_back();
  return host;
}

bool IsBelow(std::string_view name, std::string_view domain) {
  return name.size() > domain.size() && name.ends_with(domain) &&
         name[name.size() - domain.size() - 1] == '.';
}

// The hosts of VIASYNC_<ENV>_HOSTS.
base::Result<std::vector<Host>> ListedHosts(const std::string& variable) {
  std::vector<Host> hosts;
  const char* text = std::getenv(variable.c_str());
  if (!text) return hosts;
  for (auto part : base::Split(text, ',')) {
    part = base::Trim(part);
    if (part.empty()) continue;
    Host host = ParseHost(part);
    std::string_view name = host.name;
    if (name.starts_with("*.")) name.remove_prefix(2);
    const bool port = host.port.find_first_not_of("0123456789") == std::string::npos;
    if (!port || (!IsPlainHost(name) && !name.starts_with('['))) {
      return base::Fail(base::ErrorKind::kInvalid,
                        variable + ": " + Quoted(part) + " is not the name of a host",
                        "write names alone, with commas between them: api.example.com, "
                        "*.example.org");
    }
    hosts.push_back(std::move(host));
  }
  return hosts;
}

bool Matches(const Host& listed, const Host& host) {
  if (!listed.port.empty() && listed.port != host.port) return false;
  if (listed.name.starts_with("*.")) return IsBelow(host.name, listed.name.substr(2));
  return listed.name == host.name;
}

bool IsVendors(const Host& host) {
  return IsPlainHost(host.name) && (host.name == kVendor || IsBelow(host.name, kVendor));
}

}  // namespace

base::Result<void> CheckHosts(const Environment& environment) {
  const std::string variable = VariablePrefix(environment.name) + "HOSTS";
  auto listed = ListedHosts(variable);
  if (!listed) return base::Fail(listed.error());
  // What is not given is the vendor's.
  const std::string vendors = "https://" + environment.org + ".via." + std::string(kVendor);
  for (const auto& [key, url] : {std::pair("base_url", environment.base_url),
                                 std::pair("token_url", environment.token_url)}) {
    const std::string_view authority = AuthorityOf(url.empty() ? vendors : url);
    Host host = ParseHost(authority);
    if (host.port.empty()) host.port = "443";
    if (IsLoopback(host.name)) continue;
    if (IsVendors(host) && environment.ca_file.empty()) continue;
    if (std::ranges::any_of(*listed, [&](const Host& one) { return Matches(one, host); })) continue;
    std::string what = IsVendors(host) ? "`ca_file` says whose word counts for " + Quoted(host.name)
                                       : "`" + std::string(key) + "` sends the credentials to " +
                                             Quoted(authority) + ", which is not the vendor's";
    return base::Fail(base::ErrorKind::kAuth,
                      "environment " + Quoted(environment.name) + ": " + what,
                      "if that is intended, set " + variable + "=" + base::Printable(host.name) +
                          " where the credentials are set; a file cannot allow it");
  }
  return {};
}

base::Result<void> CheckStoreHosts(const Environment& environment) {
  if (!environment.team_store || environment.team_store->IsLocal()) return {};
  const std::string variable = VariablePrefix(environment.name) + "HOSTS";
  auto listed = ListedHosts(variable);
  if (!listed) return base::Fail(listed.error());
  for (const auto& one : environment.team_store->hosts) {
    if (one.name.empty() || one.name.starts_with('/') || IsLoopback(one.name)) continue;
    Host host = ParseHost(one.name);
    host.port = one.port.empty() ? "5432" : one.port;
    if (std::ranges::any_of(*listed, [&](const Host& known) { return Matches(known, host); })) {
      continue;
    }
    return base::Fail(base::ErrorKind::kAuth,
                      "environment " + Quoted(environment.name) +
                          ": `store` sends the password and what is known of the org to " +
                          Quoted(one.name),
                      "if that is intended, set " + variable + "=" + base::Printable(host.name) +
                          " where the credentials are set; a file cannot allow it");
  }
  return {};
}

base::Result<void> CheckCommand(const Environment& environment) {
  const char* ci = std::getenv("CI");
  const bool runner = ci && *ci && base::ToLower(ci) != "false" && std::string_view(ci) != "0";
  const char* allowed = std::getenv("VIASYNC_ALLOW_COMMANDS");
  if (!runner || (allowed && std::string_view(allowed) == "1")) return {};
  return base::Fail(base::ErrorKind::kAuth,
                    "environment " + Quoted(environment.name) +
                        ": a `credential_command` runs on a CI runner only where that is allowed, "
                        "since a pull request may change it",
                    "set VIASYNC_ALLOW_COMMANDS=1 where every change of the files is trusted, or "
                    "set the credentials as variables");
}

}  // namespace viasync::config
