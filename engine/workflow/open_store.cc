#include "engine/workflow/open_store.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/credentials.h"
#include "engine/config/hosts.h"
#include "engine/http/trust.h"
#include "engine/store/sqlite_store.h"

namespace viasync::workflow {
namespace {

using base::Result;

// The authorities of the system, where nobody named others: libpq knows none by itself.
std::string SystemAuthorities() {
  const char* named = std::getenv("PGSSLROOTCERT");
  if (named && *named) return {};
  const char* home = std::getenv("HOME");
  std::error_code ignored;
  if (home && std::filesystem::exists(std::string(home) + "/.postgresql/root.crt", ignored)) {
    return {};
  }
  auto trust = http::FindTrust("", [](const char* name) { return std::getenv(name); });
  if (trust && !trust->file.empty()) return trust->file;
  return "/etc/ssl/certs/ca-certificates.crt";
}

store::PostgresAddress AddressOf(const config::StoreUri& uri, const std::string& password) {
  store::PostgresAddress address{.keywords = uri.options, .shown = base::Printable(uri.Shown())};
  std::string hosts, ports;
  for (std::size_t i = 0; i < uri.hosts.size(); ++i) {
    std::string name = uri.hosts[i].name;
    if (name.starts_with('[')) name = name.substr(1, name.size() - 2);
    hosts += (i ? "," : "") + name;
    ports += (i ? "," : "") + (uri.hosts[i].port.empty() ? "5432" : uri.hosts[i].port);
  }
  auto& keywords = address.keywords;
  keywords["host"] = hosts;
  keywords["port"] = ports;
  keywords["dbname"] = uri.database;
  keywords["user"] = uri.user;
  keywords["password"] = password;
  if (keywords["sslmode"].starts_with("verify") && !keywords.contains("sslrootcert")) {
    keywords["sslrootcert"] = SystemAuthorities();
  }
  return address;
}

}  // namespace

Result<store::PostgresOptions> ServerOptions(const config::Environment& environment,
                                             const StoreAccess& access) {
  if (auto allowed = config::CheckStoreHosts(environment); !allowed) {
    return base::Fail(std::move(allowed.error()));
  }
  auto password = config::ReadStorePassword(environment);
  if (!password) return base::Fail(std::move(password.error()));
  const config::StoreUri& uri = *environment.team_store;
  store::PostgresOptions options{.address = AddressOf(uri, *password),
                                 .schema = environment.store_schema,
                                 .environment = environment.name,
                                 .org = environment.org,
                                 .read_only = access.read_only,
                                 .run = access.run,
                                 .user = access.who.user,
                                 .commit = access.who.commit,
                                 .command = access.command,
                                 .job = access.who.job,
                                 .lock_wait = access.lock_wait,
                                 .lease = environment.store_lease,
                                 .seen_path = environment.store + ".seen"};
  if (uri.IsWeak()) {
    options.warnings.push_back(
        {base::ErrorKind::kAuth,
         "the connection to the store " + base::Printable(uri.Shown()) + " uses sslmode=" +
             uri.options.at("sslmode") + ": somebody in between could read and change it",
         "Write sslmode=verify-full, with `sslrootcert` where the authority is your own"});
  }
  return options;
}

Result<std::unique_ptr<store::Store>> OpenStore(const config::Environment& environment,
                                                const StoreAccess& access, base::Clock& clock) {
  if (environment.team_store) {
    auto options = ServerOptions(environment, access);
    if (!options) return base::Fail(std::move(options.error()));
    return store::OpenPostgresStore(*options, clock);
  }
  return store::OpenSqliteStore({.path = environment.store,
                                 .org = environment.org,
                                 .read_only = access.read_only,
                                 .run = access.run,
                                 .user = access.who.user,
                                 .commit = access.who.commit,
                                 .command = access.command,
                                 .job = access.who.job,
                                 .lock_wait = access.lock_wait},
                                clock);
}

}  // namespace viasync::workflow
