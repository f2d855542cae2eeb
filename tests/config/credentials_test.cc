#include "engine/config/credentials.h"

#include <doctest/doctest.h>

#include <cstdlib>

namespace viasync::config {
namespace {

class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name_); }

 private:
  const char* name_;
};

// The suite may itself run on a CI runner.
struct NotOnRunner {
  NotOnRunner() { unsetenv("CI"); }
} not_on_runner;

Environment Named(const std::string& name, const std::string& command = "") {
  Environment environment;
  environment.name = name;
  environment.credential_command = command;
  return environment;
}

TEST_CASE("credentials come from the environment's variables") {
  Variable id("VIASYNC_US_DEV_CLIENT_ID", "id");
  Variable secret("VIASYNC_US_DEV_CLIENT_SECRET", " s \n");
  Variable key("VIASYNC_US_DEV_API_KEY", "key");
  auto secrets = ReadCredentials(Named("us-dev", "exit 3"));
  REQUIRE(secrets.has_value());
  CHECK(secrets->client_id == "id");
  CHECK(secrets->client_secret == "s");
  CHECK(secrets->api_key == "key");
}

TEST_CASE("a command gives what the variables do not") {
  Variable key("VIASYNC_DEV_API_KEY", "mine");
  auto secrets = ReadCredentials(Named(
      "dev", R"(echo '{"client_id": "i", "client_secret": "s", "api_key": "k", "more": 1}')"));
  REQUIRE(secrets.has_value());
  CHECK(secrets->client_id == "i");
  CHECK(secrets->client_secret == "s");
  CHECK(secrets->api_key == "mine");
}

TEST_CASE("what is missing or broken is named, never shown") {
  struct {
    const char* command;
    const char* message;
  } cases[] = {
      {"", "VIASYNC_DEV_CLIENT_ID, VIASYNC_DEV_CLIENT_SECRET, VIASYNC_DEV_API_KEY"},
      {"echo hunter2; exit 3", "ended with exit code 3"},
      {"kill -9 $$", "was killed by signal 9"},
      {"/no/such/command/hunter2 2>/dev/null", "was not found"},
      {"echo hunter2", "printed no JSON object"},
      {"echo '[\"hunter2\"]'", "printed no JSON object"},
      {"yes hunter2 | head -c 1000000", "printed no JSON object"},
      {"echo '{\"client_id\": 5}'", "`client_id` in the output"},
      {"echo '{\"client_id\": \"hunter2\", \"api_key\": \"hunter2\"}'",
       "VIASYNC_DEV_CLIENT_SECRET"},
      {R"(printf '{"client_id":"hunter2\\nx","client_secret":"b","api_key":"c"}')",
       "holds characters that cannot be sent"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.command);
    auto secrets = ReadCredentials(Named("dev", c.command));
    REQUIRE_FALSE(secrets.has_value());
    CAPTURE(secrets.error().message);
    CHECK(secrets.error().kind == base::ErrorKind::kAuth);
    CHECK(secrets.error().message.contains(c.message));
    CHECK_FALSE((secrets.error().message + secrets.error().hint).contains("hunter2"));
  }
}

TEST_CASE("a command that does not end is stopped, with what it started") {
  for (const char* command : {"sleep 600", "sleep 600 & sleep 600", "exec >&-; sleep 600"}) {
    CAPTURE(command);
    auto secrets = ReadCredentials(Named("dev", command), base::Millis{200});
    REQUIRE_FALSE(secrets.has_value());
    CHECK(secrets.error().message.contains("took too long and was stopped"));
  }
}

TEST_CASE("a command sees the variables of its own environment alone") {
  Variable own("VIASYNC_DEV_VAULT", "own");
  Variable longer("VIASYNC_DEV_EU_API_KEY", "hunter2");
  Variable other("VIASYNC_PROD_API_KEY", "hunter2");
  Variable plan("VIASYNC_PLAN_KEY", "hunter2");
  auto secrets = ReadCredentials(
      Named("dev",
            "test \"$VIASYNC_DEV_VAULT\" = own && test -n \"$PATH\" && ! env | grep -q hunter2 && "
            "echo '{\"client_id\": \"i\", \"client_secret\": \"s\", \"api_key\": \"k\"}'"));
  CHECK_MESSAGE(secrets.has_value(), secrets.error().message);
}

TEST_CASE("on a CI runner a command runs only where that is allowed") {
  const auto environment =
      Named("dev", R"(echo '{"client_id": "i", "client_secret": "s", "api_key": "k"}')");
  CHECK(ReadCredentials(environment).has_value());
  for (const char* no : {"false", "0", ""}) {
    Variable ci("CI", no);
    CHECK(ReadCredentials(environment).has_value());
  }
  Variable ci("CI", "true");
  auto refused = ReadCredentials(environment);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().hint.contains("VIASYNC_ALLOW_COMMANDS=1"));
  for (const auto& [value, runs] :
       {std::pair("1", true), std::pair("", false), std::pair("0", false)}) {
    Variable allowed("VIASYNC_ALLOW_COMMANDS", value);
    CHECK(ReadCredentials(environment).has_value() == runs);
  }
}

}  // namespace
}  // namespace viasync::config
