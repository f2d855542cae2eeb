// Places where a store lasts, each empty at first: a file, and an environment on a server.
#pragma once

#include <memory>
#include <string>

#include "engine/model/fields.h"
#include "engine/store/postgres/postgres_store.h"
#include "engine/store/sqlite_cache.h"
#include "tests/fakes/postgres_server.h"
#include "tests/store/store_helpers.h"

namespace viasync::store {

class Place {
 public:
  virtual ~Place() = default;
  virtual std::unique_ptr<Store> Open(const std::string& run) = 0;
  virtual std::unique_ptr<Store> Look() = 0;  // to read only
  virtual std::unique_ptr<DetailCache> Cache() = 0;
  VirtualClock clock;
};

class SqlitePlace final : public Place {
 public:
  std::unique_ptr<Store> Open(const std::string& run) override {
    auto options = Options(path_);
    options.run = run;
    return MustOpen(options, clock);
  }
  std::unique_ptr<Store> Look() override { return MustOpen(Options(path_, true), clock); }
  std::unique_ptr<DetailCache> Cache() override {
    std::filesystem::create_directories(folder_ / "sub");
    auto cache = OpenSqliteCache(path_ + ".cache", "org");
    if (!cache) FAIL(cache.error().message);
    return std::move(*cache);
  }

 private:
  Folder folder_;
  std::string path_ = folder_ / "sub/dev.db";
};

// The same server and database for all tests of a binary, each with a schema of its own.
inline const std::string& SharedDatabase() {
  static const std::string name = fakes::PostgresServer::Shared().NewDatabase();
  return name;
}

inline PostgresOptions ServerOptions(int port, const std::string& database,
                                     const std::string& schema) {
  return {.address = {.keywords = {{"host", "127.0.0.1"},
                                   {"port", std::to_string(port)},
                                   {"dbname", database},
                                   {"user", fakes::PostgresServer::kUser},
                                   {"sslmode", "disable"}},
                      .shown = "postgresql://test"},
          .schema = schema,
          .environment = "dev",
          .org = "acme-dev",
          .run = "run-1",
          .user = "ann",
          .commit = "c0ffee",
          .command = "viasync apply -e dev"};
}

inline std::string NewSchema() {
  static int number = 0;
  return "s" + std::to_string(++number);
}

inline std::unique_ptr<Store> MustOpen(const PostgresOptions& options, base::Clock& clock) {
  auto store = OpenPostgresStore(options, clock);
  if (!store) FAIL((store.error().message + "; " + store.error().hint));
  return std::move(*store);
}

class PostgresPlace final : public Place {
 public:
  std::unique_ptr<Store> Open(const std::string& run) override {
    auto with_run = options;
    with_run.run = run;
    return MustOpen(with_run, clock);
  }
  std::unique_ptr<Store> Look() override {
    auto looking = options;
    looking.read_only = true;
    return MustOpen(looking, clock);
  }
  std::unique_ptr<DetailCache> Cache() override {
    auto store = Look();
    auto cache = store->Details("org");
    if (cache) return cache;
    Open("run-0");  // makes the environment
    return Look()->Details("org");
  }

  PostgresOptions options =
      ServerOptions(fakes::PostgresServer::Shared().port(), SharedDatabase(), NewSchema());
};

}  // namespace viasync::store
