// A PostgreSQL server of the test's own: Debian's, in a temporary folder, on a loopback port. One
// for a test binary is enough: give each test a database or an environment of its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace viasync::fakes {

// A port that nobody listens on now.
int FreePort();

class PostgresServer {
 public:
  // `durable`: with fsync, for tests that kill it. Ends the process where it cannot be started.
  explicit PostgresServer(bool durable = false);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // The one that a test binary shares.
  static PostgresServer& Shared();

  int port() const { return port_; }
  const std::string& folder() const { return folder_; }  // the server may write here
  static constexpr const char* kUser = "owner";          // a superuser, let in without a password
  // SQL by the superuser; ends the process on an error. The first column of the first row.
  std::string Sql(const std::string& sql, const std::string& database = "postgres");
  // A new database, empty.
  std::string NewDatabase();
  std::string Uri(const std::string& database, const std::string& user = kUser) const;

  void Stop(bool crash = false);
  void Start();

 private:
  std::string folder_;
  int port_ = 0;
  bool durable_ = false;
  pid_t pid_ = 0;
  int databases_ = 0;
};

// Debian's pgbouncer in front of it.
class PgBouncer {
 public:
  // `mode`: transaction, session or statement.
  PgBouncer(PostgresServer& server, const std::string& mode);
  ~PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;
  int port() const { return port_; }

 private:
  int port_ = 0;
  pid_t pid_ = 0;
};

}  // namespace viasync::fakes
