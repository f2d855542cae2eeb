// `store: postgresql://…`: what is read from it, and what may not stand in it.
#include "engine/config/store_uri.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <string>

#include "engine/config/hosts.h"

namespace viasync::config {
namespace {

StoreUri Parsed(const std::string& text) {
  auto uri = ParseStoreUri(text);
  if (!uri) FAIL(uri.error().message);
  return *uri;
}

TEST_CASE("user, hosts, database and options are read, with their escapes") {
  const auto uri = Parsed(
      "postgresql://via%20sync@db1.example:6432,[::1]/camp%2daigns?sslmode=require&"
      "sslrootcert=/etc/ca.pem");
  CHECK(uri.user == "via sync");
  REQUIRE(uri.hosts.size() == 2);
  CHECK(uri.hosts[0].name == "db1.example");
  CHECK(uri.hosts[0].port == "6432");
  CHECK(uri.hosts[1].name == "[::1]");
  CHECK(uri.database == "camp-aigns");
  CHECK(uri.options.at("sslmode") == "require");
  CHECK(uri.IsWeak());
}

TEST_CASE("off this machine the server must prove who it is, unless that is written down") {
  CHECK(Parsed("postgresql://u@db.example/d").options.at("sslmode") == "verify-full");
  CHECK_FALSE(Parsed("postgresql://u@db.example/d").IsWeak());
  CHECK(Parsed("postgresql://u@db.example/d?sslmode=prefer").IsWeak());
  CHECK(Parsed("postgresql://u@db.example/d?sslmode=verify-ca").IsWeak());
  for (const char* local : {"postgresql://u@127.0.0.1/d", "postgresql://localhost/d",
                            "postgresql:///d", "postgresql:///d?host=/run/postgresql"}) {
    CAPTURE(local);
    CHECK(Parsed(local).IsLocal());
    CHECK_FALSE(Parsed(local).IsWeak());
  }
  // One host away is enough.
  CHECK_FALSE(Parsed("postgresql://u@127.0.0.1,db.example/d").IsLocal());
}

TEST_CASE("what is wrong is said, and what could be a password is not quoted") {
  for (const char* text :
       {"postgresql://u:pass-word@h/d", "postgresql://u@h/d?password=pass-word",
        "postgresql://u@h/d?passfile=pass-word", "postgresql://u@h/d?sslpassword=pass-word",
        "postgresql://h", "postgresql://h/", "postgresql://h:0/d", "postgresql://h:x/d",
        "postgresql://h/d?options=-cx", "postgresql://h/d?sslmode=verify_full",
        "postgresql://h/d?sslmode=", "postgresql://h/d?sslmode=require&sslmode=disable",
        "postgresql://h/d?host=evil.example", "postgresql://h/d?hostaddr=10.0.0.1",
        "postgresql://h/d?service=x", "postgresql://h%00/d", "postgresql://h /d", "mysql://h/d",
        "https://h/d"}) {
    CAPTURE(text);
    REQUIRE(IsStoreUri(text));
    auto uri = ParseStoreUri(text);
    REQUIRE_FALSE(uri);
    CHECK_FALSE(uri.error().message.empty());
    CHECK_FALSE(uri.error().hint.empty());
    CHECK((uri.error().message + uri.error().hint).find("pass-word") == std::string::npos);
  }
  CHECK_FALSE(IsStoreUri(".viasync/dev.db"));
}

TEST_CASE("a file does not decide where the store's password goes") {
  Environment environment;
  environment.name = "prod";
  environment.team_store = Parsed("postgresql://u@db.example:6432/d");
  unsetenv("VIASYNC_PROD_HOSTS");
  auto refused = CheckStoreHosts(environment);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().hint.find("VIASYNC_PROD_HOSTS=db.example") != std::string::npos);
  setenv("VIASYNC_PROD_HOSTS", "other.example", 1);
  CHECK_FALSE(CheckStoreHosts(environment));
  setenv("VIASYNC_PROD_HOSTS", "db.example:5432", 1);
  CHECK_FALSE(CheckStoreHosts(environment));
  for (const char* allowed : {"db.example", "*.example", "x.example, db.example:6432"}) {
    CAPTURE(allowed);
    setenv("VIASYNC_PROD_HOSTS", allowed, 1);
    CHECK(CheckStoreHosts(environment));
  }
  environment.team_store = Parsed("postgresql://u@db.example,evil.test/d");
  CHECK_FALSE(CheckStoreHosts(environment));
  unsetenv("VIASYNC_PROD_HOSTS");
  environment.team_store = Parsed("postgresql://u@127.0.0.1/d");
  CHECK(CheckStoreHosts(environment));
}

TEST_CASE("a schema is a plain name, and none of PostgreSQL's own") {
  for (const char* good : {"viasync", "campaigns_eu", "_x1"}) CHECK_FALSE(CheckSchemaName(good));
  for (const char* bad :
       {"", "public", "pg_x", "Viasync", "a b", "a;drop", "1a", "information_schema", "a\"b"}) {
    CAPTURE(bad);
    CHECK(CheckSchemaName(bad));
  }
}

}  // namespace
}  // namespace viasync::config
