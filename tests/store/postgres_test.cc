// What is the server's store's own: the lease, answers that get lost, poolers, and everything that
// may be wrong with a server.
#include <signal.h>

#include <algorithm>
#include <memory>
#include <string>

#include "doctest/doctest.h"
#include "engine/store/trail.h"
#include "tests/fakes/tcp_proxy.h"
#include "tests/store/places.h"

namespace viasync::store {
namespace {

using base::ErrorKind;
using base::Millis;
using fakes::PgBouncer;
using fakes::PostgresServer;
using fakes::TcpProxy;
using Leave = base::SendGate::Leave;
using model::Kind;

constexpr Millis kShort{2'000};

bool Holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

PostgresServer& Server() { return PostgresServer::Shared(); }

PostgresOptions Fresh() { return ServerOptions(Server().port(), SharedDatabase(), NewSchema()); }

std::string Sql(const std::string& sql) { return Server().Sql(sql, SharedDatabase()); }

base::Error MustNotOpen(const PostgresOptions& options, base::Clock& clock) {
  auto store = OpenPostgresStore(options, clock);
  REQUIRE_FALSE(store.has_value());
  return store.error();
}

base::Result<void> DoStep(Store& store, const std::string& key) {
  auto step = OpenStep(store, MakeStep(key));
  if (!step) return base::Fail(step.error());
  std::vector<Step> none;
  return store.Journal({Done(*step)}, none);
}

TEST_CASE("a second run is told who holds the lease, and gets it when that one has finished") {
  auto options = Fresh();
  options.job = "https://ci.example/job/7";
  VirtualClock clock;
  auto first = MustOpen(options, clock);
  const auto busy = MustNotOpen(options, clock);
  CHECK(busy.kind == ErrorKind::kBusy);
  for (const char* part : {"`viasync apply -e dev`", "ann", "https://ci.example/job/7", "c0ffee"}) {
    CHECK_MESSAGE(Holds(busy.message, part), busy.message);
  }
  CHECK(Holds(busy.hint, "its lease ends in"));
  CHECK(first->Gate()->Ask() == Leave::kGo);
  first.reset();
  CHECK(MustOpen(options, clock)->Gate()->Ask() == Leave::kGo);
}

TEST_CASE(
    "a holder that died blocks nobody for longer than its lease, and another one's epoch grows") {
  auto options = Fresh();
  options.lease = kShort;
  VirtualClock clock;
  const pid_t child = Fork([&] {
    auto store = OpenPostgresStore(options, clock);
    if (!store || !OpenStep(**store, MakeStep("left"))) return 1;
    raise(SIGKILL);
    return 0;
  });
  CHECK(Wait(child) == 128 + SIGKILL);
  CHECK(MustNotOpen(options, clock).kind == ErrorKind::kBusy);
  options.lock_wait = Millis(8'000);
  options.run = "run-2";
  auto store = MustOpen(options, clock);
  CHECK(store->OpenSteps()->size() == 1);
  CHECK(ReadHolder(options).value()->mark.epoch == 2);
}

TEST_CASE("a run whose lease was taken away writes and sends nothing more, and says who has it") {
  auto options = Fresh();
  options.lease = kShort;
  VirtualClock clock;
  auto store = MustOpen(options, clock);
  REQUIRE(DoStep(*store, "A"));
  CHECK(Unlock(options, 1).value());
  CHECK_FALSE(Unlock(options, 1).value());
  auto written = OpenStep(*store, MakeStep("B"));
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::kLeaseLost);
  CHECK(Holds(written.error().message, "store unlock"));
  CHECK(store->Gate()->Ask() == Leave::kNever);
  options.lock_wait = Millis(8'000);
  CHECK(MustOpen(options, clock)->OpenSteps()->empty());
}

TEST_CASE("an idle run keeps its lease, and finds out by itself that it lost it") {
  auto options = Fresh();
  options.lease = kShort;
  VirtualClock clock;
  auto store = MustOpen(options, clock);
  usleep(2'800'000);
  CHECK(store->Gate()->Ask() == Leave::kGo);
  CHECK(MustNotOpen(options, clock).kind == ErrorKind::kBusy);
  Sql("UPDATE " + options.schema + ".lease SET epoch = epoch + 1, token = 'x'");
  usleep(900'000);
  CHECK(store->Gate()->Ask() == Leave::kNever);
}

TEST_CASE("a COMMIT whose answer was lost is settled by asking, and never done twice") {
  auto options = Fresh();
  TcpProxy proxy(Server().port());
  options.address.keywords["port"] = std::to_string(proxy.port());
  VirtualClock clock;
  auto store = MustOpen(options, clock);
  int done = 0;
  for (const bool delivered : {true, false, true, true, false}) {
    CAPTURE(delivered);
    proxy.CutAfter("COMMIT", 1, delivered);
    const auto step = OpenStep(*store, MakeStep("A" + std::to_string(done)));
    REQUIRE_MESSAGE(step.has_value(), step.error().message);
    proxy.CutAfter("COMMIT", 1, !delivered);
    std::vector<Step> none;
    REQUIRE(store->Journal({viasync::store::Done(*step)}, none));
    ++done;
  }
  CHECK(proxy.cuts() == 10);
  CHECK(store->OpenSteps()->empty());
  auto events = store->Events(100).value();
  CHECK(events.size() == 5);
  std::ranges::reverse(events);
  CHECK_FALSE(CheckTrail(events, store->TrailHead().value()));
  CHECK(ReadAll(*store, Kind::kFilter).size() == 5);
  CHECK(Sql("SELECT count(*) FROM " + options.schema + ".batch") == "10");
}

TEST_CASE(
    "a server that cannot be reached for a whole lease ends the run; a shorter gap does not") {
  auto options = Fresh();
  options.lease = kShort;
  TcpProxy proxy(Server().port());
  options.address.keywords["port"] = std::to_string(proxy.port());
  VirtualClock clock;
  auto store = MustOpen(options, clock);
  proxy.Block(true);
  std::thread later([&] {
    usleep(400'000);
    proxy.Block(false);
  });
  CHECK(DoStep(*store, "A"));
  later.join();
  proxy.Block(true);
  auto written = DoStep(*store, "B");
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::kLeaseLost);
  CHECK(Holds(written.error().message, "could not be renewed for"));
  CHECK(store->Gate()->Ask() == Leave::kNever);
}

TEST_CASE("the server is restarted, and even crashes, in the middle of a run") {
  PostgresServer server(/*durable=*/true);
  auto options = ServerOptions(server.port(), server.NewDatabase(), "viasync");
  VirtualClock clock;
  auto store = MustOpen(options, clock);
  for (const bool crash : {false, true}) {
    const Step step = *OpenStep(*store, MakeStep(crash ? "crash" : "stop"));
    server.Stop(crash);
    server.Start();
    std::vector<Step> none;
    auto closed = store->Journal({viasync::store::Done(step)}, none);
    REQUIRE_MESSAGE(closed.has_value(), closed.error().message);
  }
  CHECK(store->OpenSteps()->empty());
  CHECK(store->Events(9)->size() == 2);
}

TEST_CASE("behind a pooler in transaction mode everything works; in statement mode it says so") {
  auto options = Fresh();
  VirtualClock clock;
  {
    PgBouncer pooler(Server(), "transaction");
    options.address.keywords["port"] = std::to_string(pooler.port());
    auto store = MustOpen(options, clock);
    for (int i = 0; i < 5; ++i) CHECK(DoStep(*store, std::to_string(i)));
    CHECK(store->Migrations()->Begin({.name = "migrate x"}));
    CHECK(MustNotOpen(options, clock).kind == ErrorKind::kBusy);
    auto looking = options;
    looking.read_only = true;
    CHECK(ReadAll(*MustOpen(looking, clock), Kind::kFilter).size() == 5);
  }
  PgBouncer pooler(Server(), "statement");
  options.schema = NewSchema();
  options.address.keywords["port"] = std::to_string(pooler.port());
  const auto error = MustNotOpen(options, clock);
  CHECK_MESSAGE(Holds(error.hint, "pool_mode = transaction"), error.message);
}

TEST_CASE("whoever may only read plans and looks; whoever may nothing is told which page helps") {
  auto options = Fresh();
  VirtualClock clock;
  REQUIRE(DoStep(*MustOpen(options, clock), "A"));
  Sql("CREATE ROLE reader LOGIN; CREATE ROLE nobody LOGIN; GRANT USAGE ON SCHEMA " +
      options.schema + " TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA " + options.schema +
      " TO reader");
  options.address.keywords["user"] = "reader";
  auto looking = options;
  looking.read_only = true;
  {
    auto store = MustOpen(looking, clock);
    CHECK(ReadAll(*store, Kind::kFilter).size() == 1);
    CHECK(store->Events(5)->size() == 1);
    CHECK(store->Details("org")->Count().value() == 0);
    CHECK_FALSE(store->Details("org")->Save({}));
  }
  const auto writing = MustNotOpen(options, clock);
  CHECK(writing.kind == ErrorKind::kAuth);
  CHECK(Holds(writing.hint, "docs/team-store.md"));
  looking.address.keywords["user"] = options.address.keywords["user"] = "nobody";
  CHECK(Holds(MustNotOpen(looking, clock).message, "permission denied"));
  options.schema = NewSchema();
  CHECK(Holds(MustNotOpen(options, clock).hint, "store init"));
}

TEST_CASE("what is wrong with server or tables is one clear line, and nothing is changed") {
  auto options = Fresh();
  VirtualClock clock;
  REQUIRE(DoStep(*MustOpen(options, clock), "A"));
  struct Case {
    const char* what;
    std::string sql, undo;
    const char* message;
  };
  const std::string s = options.schema;
  const Case cases[] = {
      {"newer", "UPDATE " + s + ".meta SET value = '99'", "UPDATE " + s + ".meta SET value = '1'",
       "newer viasync (version 99"},
      {"a column more", "ALTER TABLE " + s + ".base ADD COLUMN more text",
       "ALTER TABLE " + s + ".base DROP COLUMN more", "was altered"},
      {"a column less", "ALTER TABLE " + s + ".cache DROP COLUMN as_of",
       "ALTER TABLE " + s + ".cache ADD COLUMN as_of bigint", "was altered"},
      {"a view", "CREATE VIEW " + s + ".more AS SELECT 1 AS x", "DROP VIEW " + s + ".more",
       "was altered"},
      {"a rule", "CREATE RULE r AS ON DELETE TO " + s + ".journal DO INSTEAD NOTHING",
       "DROP RULE r ON " + s + ".journal", "was altered"},
      {"of another org", "UPDATE " + s + ".environment SET org = 'acme-two'",
       "UPDATE " + s + ".environment SET org = 'acme-dev'", "is of the org acme-two"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    Sql(c.sql);
    for (const bool read_only : {true, false}) {
      auto given = options;
      given.read_only = read_only;
      const auto error = MustNotOpen(given, clock);
      CHECK_MESSAGE(Holds(error.message, c.message), error.message);
      CHECK_FALSE(Holds(error.message, "\n"));
      CHECK_FALSE(error.hint.empty());
    }
    Sql(c.undo);
  }
  CHECK(ReadAll(*MustOpen(options, clock), Kind::kFilter).size() == 1);
  auto foreign = options;
  foreign.schema = NewSchema();
  Sql("CREATE SCHEMA " + foreign.schema + "; CREATE TABLE " + foreign.schema + ".people(id int)");
  CHECK(Holds(MustNotOpen(foreign, clock).message, "somebody else's tables"));
  auto nowhere = options;
  nowhere.address.keywords["port"] = std::to_string(fakes::FreePort());
  CHECK(Holds(MustNotOpen(nowhere, clock).message, "cannot be reached"));
  auto misspelt = options;
  misspelt.address.keywords["dbname"] = "nodb";
  CHECK(Holds(MustNotOpen(misspelt, clock).message, "\"nodb\" does not exist"));
  auto plain = options;
  plain.address.keywords["sslmode"] = "verify-full";
  plain.address.keywords["sslrootcert"] = "/etc/ssl/certs/ca-certificates.crt";
  CHECK(Holds(MustNotOpen(plain, clock).hint, "must prove who it is"));
}

TEST_CASE("a server that takes no writes can be read, and says so to whoever writes") {
  auto options = Fresh();
  VirtualClock clock;
  REQUIRE(DoStep(*MustOpen(options, clock), "A"));
  Sql("ALTER DATABASE " + SharedDatabase() + " SET default_transaction_read_only = on");
  const auto error = MustNotOpen(options, clock);
  options.read_only = true;
  CHECK(ReadAll(*MustOpen(options, clock), Kind::kFilter).size() == 1);
  Server().Sql("ALTER DATABASE " + SharedDatabase() + " RESET default_transaction_read_only");
  CHECK(Holds(error.hint, "takes no writes"));
}

TEST_CASE("a wrong password is told from a server that is not there, and is not shown") {
  PostgresServer server;
  const std::string database = server.NewDatabase();
  server.Sql("CREATE ROLE ann LOGIN SUPERUSER PASSWORD 'right-secret'");
  const std::string hba = server.folder() + "/data/pg_hba.conf";
  REQUIRE(std::system(("sed -i '1i host all ann 127.0.0.1/32 scram-sha-256' " + hba).c_str()) == 0);
  server.Sql("SELECT pg_reload_conf()");
  auto options = ServerOptions(server.port(), database, "viasync");
  options.address.keywords["user"] = "ann";
  VirtualClock clock;
  for (const char* password : {"", "wrong-secret"}) {
    options.address.keywords["password"] = password;
    const auto error = MustNotOpen(options, clock);
    CHECK(error.kind == ErrorKind::kAuth);
    CHECK(Holds(error.hint, "STORE_PASSWORD"));
    CHECK_FALSE(Holds(error.message, "wrong-secret"));
  }
  options.address.keywords["password"] = "right-secret";
  CHECK(DoStep(*MustOpen(options, clock), "A"));
}

TEST_CASE("bytes survive whatever the database's encoding is") {
  Server().Sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  auto options = ServerOptions(Server().port(), "latin", "viasync");
  VirtualClock clock;
  auto store = MustOpen(options, clock);
  const std::string odd("\xff\0\xe2\x82\xac'\\", 7);
  REQUIRE(store->MoveBase({Put(Kind::kFilter, odd, {{odd, odd}})}));
  CHECK(ReadAll(*store, Kind::kFilter).at(0).value == Values{{odd, odd}});
}

// What a failover that loses commits, or a restored backup, leaves: the rows of before.
struct Backup {
  explicit Backup(const std::string& schema) : schema(schema) {
    for (const char* table : kTables) {
      Sql("CREATE TABLE public." + schema + table + " AS TABLE " + schema + "." + table);
    }
  }
  void Restore() const {
    for (const char* table : kTables) {
      Sql("BEGIN; DELETE FROM " + schema + "." + table + "; INSERT INTO " + schema + "." + table +
          " SELECT * FROM public." + schema + table + "; COMMIT");
    }
  }
  static constexpr const char* kTables[] = {"lease",   "batch", "base",
                                            "journal", "audit", "environment"};
  std::string schema;
};

TEST_CASE("a server that went back in time is noticed, and its base does not count") {
  Folder folder;
  auto options = Fresh();
  options.seen_path = folder / "dev.seen";
  VirtualClock clock;
  {
    auto store = MustOpen(options, clock);
    REQUIRE(store->MoveBase({Put(Kind::kFilter, "A", {})}));
  }
  const Backup backup(options.schema);
  {
    auto store = MustOpen(options, clock);
    REQUIRE(store->MoveBase({Put(Kind::kFilter, "B", {})}));
    CHECK(store->Warnings().empty());
  }
  backup.Restore();
  auto looking = options;
  looking.read_only = true;
  {
    auto store = MustOpen(looking, clock);
    CHECK_FALSE(*store->HasBase());
    CHECK(ReadAll(*store, Kind::kFilter).empty());
    REQUIRE(store->Warnings().size() == 1);
    CHECK(Holds(store->Warnings()[0].message, "went back in time"));
  }
  // A run that goes over it with the same number of transactions does not hide it.
  auto elsewhere = options;
  elsewhere.seen_path = "";
  for (int i = 0; i < 2; ++i) {
    REQUIRE(MustOpen(elsewhere, clock)->MoveBase({Put(Kind::kFilter, "C", {})}));
  }
  auto store = MustOpen(options, clock);
  REQUIRE(store->Warnings().size() == 1);
  CHECK_FALSE(*store->HasBase());
  REQUIRE(store->MoveBase({Put(Kind::kFilter, "D", {})}));
  store.reset();
  CHECK(MustOpen(looking, clock)->Warnings().empty());
  CHECK(ReadAll(*MustOpen(looking, clock), Kind::kFilter).size() == 1);
}

TEST_CASE("a run under which the server goes back in time stops, and leaves no base behind") {
  auto options = Fresh();
  VirtualClock clock;
  auto store = MustOpen(options, clock);
  REQUIRE(store->MoveBase({Put(Kind::kFilter, "A", {})}));
  const Backup backup(options.schema);
  REQUIRE(DoStep(*store, "B"));
  backup.Restore();
  auto written = DoStep(*store, "C");
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::kLeaseLost);
  CHECK(Holds(written.error().message, "went back in time"));
  CHECK(store->Gate()->Ask() == Leave::kNever);
  store.reset();
  options.read_only = true;
  CHECK_FALSE(*MustOpen(options, clock)->HasBase());
}

TEST_CASE("on a server that took over, a run stops, and the next one waits before it sends") {
  auto options = Fresh();
  options.lease = kShort;
  VirtualClock clock;
  auto store = MustOpen(options, clock);
  Sql("UPDATE " + options.schema + ".lease SET server = 'another/1', lease_ms = 1");
  auto written = DoStep(*store, "A");
  REQUIRE_FALSE(written);
  CHECK(Holds(written.error().message, "another server answers"));
  store.reset();
  auto next = MustOpen(options, clock);
  REQUIRE(next->Warnings().size() == 1);
  CHECK(next->Gate()->Ask() == Leave::kWait);
  CHECK(DoStep(*next, "A"));
  usleep(2'100'000);
  CHECK(next->Gate()->Ask() == Leave::kGo);
}

TEST_CASE("a row that was altered by hand is an error, not an answer") {
  auto options = Fresh();
  VirtualClock clock;
  {
    auto store = MustOpen(options, clock);
    REQUIRE(store->MoveBase({Put(Kind::kFilter, "A", {{"criteria", "1"}})}));
    REQUIRE(OpenStep(*store, MakeStep("B")));
  }
  Sql("UPDATE " + options.schema + ".base SET record = set_byte(record, 5, 7)");
  Sql("UPDATE " + options.schema + ".journal SET after = set_byte(after, 5, 7)");
  auto store = MustOpen(options, clock);
  auto read = store->ReadBase(Kind::kFilter, [](BaseRecord) { return base::Result<void>{}; });
  REQUIRE_FALSE(read);
  CHECK(Holds(read.error().message, "the entry of A in its base was altered"));
  CHECK_FALSE(store->OpenSteps());
}

}  // namespace
}  // namespace viasync::store
