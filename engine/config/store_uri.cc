#include "engine/config/store_uri.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/problems.h"
#include "engine/config/url_check.h"

namespace viasync::config {
namespace {

constexpr std::string_view kScheme = "postgresql://", kShortScheme = "postgres://";
constexpr std::array<std::string_view, 8> kOptions = {"sslmode",    "sslrootcert",    "sslcert",
                                                      "sslkey",     "sslcrl",         "host",
                                                      "gssencmode", "channel_binding"};
constexpr std::array<std::string_view, 6> kSslModes = {"disable", "allow",     "prefer",
                                                       "require", "verify-ca", "verify-full"};

using Problem = std::unexpected<ValueProblem>;

Problem Bad(std::string message, std::string hint) {
  return Problem(ValueProblem{std::move(message), std::move(hint)});
}

// nullopt: a percent sign with no two hex digits behind it, or one that stands for a control
// character.
std::optional<std::string> Decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned value = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (failed != std::errc() || end != digits.data() + 2 || value < 0x20) return std::nullopt;
    decoded += static_cast<char>(value);
    i += 2;
  }
  return decoded;
}

bool IsPort(std::string_view text) {
  unsigned port = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failed == std::errc() && end == text.data() + text.size() && port > 0 && port <= 65535;
}

std::expected<std::vector<StoreUri::Host>, ValueProblem> ParseHosts(std::string_view text) {
  std::vector<StoreUri::Host> hosts;
  if (text.empty()) return hosts;
  for (auto part : base::Split(text, ',')) {
    const auto bracket = part.starts_with('[') ? part.find(']') : 0;
    const auto colon = bracket == std::string_view::npos ? bracket : part.find(':', bracket);
    auto name = Decoded(part.substr(0, colon));
    StoreUri::Host host;
    if (colon != std::string_view::npos) host.port = part.substr(colon + 1);
    if (!name ||
        (name->empty() && !host.port.empty() && text.find(',') != std::string_view::npos) ||
        name->find_first_of(" \t\"'\\@") != std::string::npos ||
        bracket == std::string_view::npos) {
      return Bad("`store`: " + Quoted(part.substr(0, colon)) + " is not a host", "write host.example or host:5432");
    }
    host.name = std::move(*name);
    if (colon != std::string_view::npos && !IsPort(host.port)) {
      return Bad("`store`: the port of " + Quoted(host.name) + " is not a number from 1 to 65535",
                 "write host:5432");
    }
    hosts.push_back(std::move(host));
  }
  return hosts;
}

std::optional<ValueProblem> ReadOption(std::string_view option, StoreUri& uri) {
  const auto equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  if (name == "password" || name == "passfile" || name == "sslpassword") {
    return ValueProblem{"`store` must not hold a password",
                        "remove it; set VIASYNC_<ENV>_STORE_PASSWORD, PGPASSWORD or PGPASSFILE"};
  }
  if (std::ranges::find(kOptions, name) == kOptions.end()) {
    return ValueProblem{"`store`: there is no option " + Quoted(name) + DidYouMean(name, kOptions),
                        "use " + OneOf(kOptions)};
  }
  auto value = equals == std::string_view::npos ? std::nullopt : Decoded(option.substr(equals + 1));
  if (!value || value->empty()) {
    return ValueProblem{"`store`: the option " + Quoted(name) + " has no value",
                        "write " + std::string(name) + "=VALUE"};
  }
  if (name == "sslmode" && std::ranges::find(kSslModes, *value) == kSslModes.end()) {
    return ValueProblem{
        "`store`: sslmode cannot be " + Quoted(*value) + DidYouMean(*value, kSslModes),
        "use verify-full"};
  }
  if (!uri.options.emplace(name, std::move(*value)).second) {
    return ValueProblem{"`store`: " + Quoted(name) + " stands there twice", "keep one of them"};
  }
  return std::nullopt;
}

bool IsLocalHost(const StoreUri::Host& host) {
  return host.name.empty() || host.name.starts_with('/') || IsLoopback(host.name);
}

}  // namespace

bool StoreUri::IsLocal() const { return std::ranges::all_of(hosts, IsLocalHost); }

bool StoreUri::IsWeak() const { return !IsLocal() && options.at("sslmode") != "verify-full"; }

std::string StoreUri::Shown() const {
  std::string text(kScheme);
  if (!user.empty()) text += user + "@";
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    text += (i ? "," : "") + hosts[i].name + (hosts[i].port.empty() ? "" : ":" + hosts[i].port);
  }
  return text + "/" + database;
}

bool IsStoreUri(std::string_view text) {
  return text.starts_with(kScheme) || text.starts_with(kShortScheme) ||
         text.find("://") != std::string_view::npos;
}

std::expected<StoreUri, ValueProblem> ParseStoreUri(std::string_view text) {
  if (!text.starts_with(kScheme) && !text.starts_with(kShortScheme)) {
    return Bad("`store` is neither a path nor an address of a PostgreSQL server",
               "write postgresql://USER@HOST/DATABASE");
  }
  std::string_view rest = text.substr(text.find("://") + 3);
  StoreUri uri;
  const auto query = rest.find('?');
  std::string_view options = query == std::string_view::npos ? "" : rest.substr(query + 1);
  rest = rest.substr(0, query);
  const auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = authority.substr(0, at);
    if (who.find(':') != std::string_view::npos) {
      return Bad("`store` must not hold a password",
                 "remove it; set VIASYNC_<ENV>_STORE_PASSWORD, PGPASSWORD or PGPASSFILE");
    }
    auto user = Decoded(who);
    if (!user || user->empty()) return Bad("`store`: the user cannot be read", "write USER@HOST");
    uri.user = std::move(*user);
    authority.remove_prefix(at + 1);
  }
  auto hosts = ParseHosts(authority);
  if (!hosts) return Problem(std::move(hosts.error()));
  uri.hosts = std::move(*hosts);
  auto database = slash == std::string_view::npos ? std::nullopt : Decoded(rest.substr(slash + 1));
  if (!database || database->empty() || database->find('/') != std::string::npos) {
    return Bad("`store` names no database", "write postgresql://USER@HOST/DATABASE");
  }
  uri.database = std::move(*database);
  for (auto option : base::Split(options, '&')) {
    if (option.empty()) continue;
    if (auto problem = ReadOption(option, uri)) return Problem(std::move(*problem));
  }
  if (auto host = uri.options.find("host"); host != uri.options.end()) {
    if (!uri.hosts.empty() || !host->second.starts_with('/')) {
      return Bad("`store`: the option `host` is for the folder of a local socket",
                 "write other hosts in front: postgresql://USER@HOST/DATABASE");
    }
    uri.hosts.push_back({.name = host->second});
    uri.options.erase(host);
  }
  if (uri.hosts.empty()) uri.hosts.emplace_back();
  uri.options.emplace("sslmode", uri.IsLocal() ? "prefer" : "verify-full");
  return uri;
}

std::optional<ValueProblem> CheckSchemaName(std::string_view name) {
  constexpr std::size_t kBytesMax = 63;
  auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (!name.empty() && name.size() <= kBytesMax && std::ranges::all_of(name, plain) &&
      (name.front() < '0' || name.front() > '9') && !name.starts_with("pg_") && name != "public" &&
      name != "information_schema") {
    return std::nullopt;
  }
  return ValueProblem{"`store_schema` cannot be " + Quoted(name),
                      "use lower-case letters, digits and `_`, and no schema of PostgreSQL's own"};
}

}  // namespace viasync::config
