// `store: postgresql://user@host:port/database?sslmode=verify-full`: the team's store, taken apart.
// Only what is known is let through, so that nothing in a file decides where a password goes but
// the hosts, which hosts.h checks.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/values.h"

namespace viasync::config {

struct StoreUri {
  struct Host {
    std::string name;  // a path: the folder of a local socket; empty: the system's own
    std::string port;  // empty: 5432
  };
  std::string user;  // empty: as libpq decides
  std::vector<Host> hosts;
  std::string database;
  std::map<std::string, std::string> options;  // of libpq; always with sslmode

  // Every host is this machine.
  bool IsLocal() const;
  // The connection is not proved to be the server's, and goes through a network.
  bool IsWeak() const;
  // For people: without anything that could be a secret.
  std::string Shown() const;
};

// Whether `store:` means a server rather than a path.
bool IsStoreUri(std::string_view text);

// Errors never quote what could be a password.
std::expected<StoreUri, ValueProblem> ParseStoreUri(std::string_view text);

// Empty: it may be the name of a schema.
std::optional<ValueProblem> CheckSchemaName(std::string_view name);

}  // namespace viasync::config
