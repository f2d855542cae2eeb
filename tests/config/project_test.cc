#include "engine/config/project.h"

#include <doctest/doctest.h>

#include "tests/config/memory_tree.h"

namespace viasync::config {
namespace {

std::expected<Project, base::Errors> Load(const std::string& text) {
  MemoryTree files(Files{{"viasync.yaml", text}});
  return LoadProject("/repo", files);
}

const std::string kHead = "version: 1\nenvironments:\n  dev: {org: acme-dev, region: us}\n";

TEST_CASE("a project says what it says, and sensible things where it says nothing") {
  auto project = Load(R"(version: 1
environments:
  dev: {org: acme-dev, region: us, variables: {min_days: 30, on: true, text: "a b"}}
  prod:
    org: acme-prod
    base_url: http://127.0.0.1:8080/
    token_url: https://id.example.com/token
    ca_file: ca.pem
    exclusions_api: compliance-v3
    token_encoding: form
    concurrency: 16
    credential_command: pass show acme
    store: /var/lib/viasync.db
manage:
  filters: {exclude: ["ADHOC_*"], ignore: [description]}
limits:
  filters: {delete: 7, update: 40%}
  exclusions: {unprotect: 3}
files: {filters: config/sub/../f.yml, exclusions: config/e.csv}
)");
  REQUIRE(project.has_value());
  const auto& dev = project->environments.at("dev");
  CHECK(dev.variables == Variables{{"min_days", "30"}, {"on", "true"}, {"text", "a b"}});
  CHECK(dev.exclusions_api == "campaign-v2");
  CHECK(dev.concurrency == 128);
  CHECK(dev.rate_max == 0);
  CHECK(dev.token_encoding == "plain");
  CHECK(dev.store == "/repo/.viasync/dev.db");
  const auto& prod = project->environments.at("prod");
  CHECK(prod.base_url == "http://127.0.0.1:8080");
  CHECK(prod.ca_file == "/repo/ca.pem");
  CHECK(prod.exclusions_api == "compliance-v3");
  CHECK(prod.token_encoding == "form");
  CHECK(prod.concurrency == 16);
  CHECK(prod.store == "/var/lib/viasync.db");
  CHECK(prod.credential_command == "pass show acme");
  const auto& rule = project->manage.For(model::Kind::kFilter);
  CHECK(rule.Owns("A"));
  CHECK_FALSE(rule.Owns("ADHOC_1"));
  CHECK(rule.Ignores("description"));
  const auto& limits = project->limits;
  CHECK(limits.For(model::Kind::kFilter, reconcile::Action::kDelete)->value == 7);
  CHECK(limits.For(model::Kind::kFilter, reconcile::Action::kUpdate)->percent);
  CHECK(limits.For(model::Kind::kExclusion, reconcile::Action::kDelete)->value == 100);
  CHECK(limits.unprotect->value == 3);
  CHECK(project->new_entry_files == NewEntryFiles{"config/f.yml", "config/e.csv", ""});
}

TEST_CASE("what is wrong is named with its place") {
  struct {
    std::string text;
    const char* problem;
  } cases[] = {
      {"", ":1:1: the file is empty"},
      {"x", ":1:1: viasync.yaml must be a map, found a text"},
      {"environments:\n  dev: {org: a, region: us}\n", ":1:1: `version` is missing"},
      {"version: 2\nenvironments:\n  dev: {org: a, region: us}\n", ":1:10: `version` `2` is not"},
      {"version: 1\n", ":1:1: `environments` is missing"},
      {"version: 1\nenvironments: {}\n", ":2:15: `environments` is empty"},
      {"version: 1\nenvironments: {dev: {region: us}}\n", ":2:21: environment `dev` has no `org`"},
      {"version: 1\nenvironments: {dev: {org: a}}\n", ":2:21: environment `dev` has no `region`"},
      {"version: 1\nenvironments: {dev: {org: a, region: mars}}\n", "`region` cannot be `mars`"},
      {"version: 1\nenvironments: {dev: {org: \"a/b\", region: us}}\n",
       "`a/b` is not a valid org id"},
      {"version: 1\nenvironments: {dev: {org: -rf, region: us}}\n", "`-rf` is not a valid org id"},
      {"version: 1\nenvironments: {-x: {org: a, region: us}}\n",
       "`-x` is not a valid environment name"},
      {"version: 1\nenvironments: {../x: {org: a, region: us}}\n",
       "`../x` is not a valid environment name"},
      {"version: 1\nenvironments: {a-b: {org: a, region: us}, a_b: {org: b, region: us}}\n",
       "would both read their credentials from VIASYNC_A_B_"},
      {kHead + "mangae: {}\n", ":4:1: viasync.yaml has no key `mangae` (did you mean `manage`?)"},
      {kHead + "manage: {filter: {}}\n", "(did you mean `filters`?)"},
      {kHead + "manage: {filters: {include: x}}\n",
       ":4:29: `include` must be a list, found a text"},
      {kHead + "manage: {lists: {ignore: [name]}}\n", ":4:27: `name` is not a field of lists"},
      {kHead + "limits: {filters: {delete: -1}}\n", ":4:28: `delete` cannot be `-1`"},
      {kHead + "limits: {filters: {delete: 101%}}\n", ":4:28: `delete` cannot be `101%`"},
      {kHead + "limits: {filters: {remove: 1}}\n", ":4:20: `limits: filters` has no key `remove`"},
      {kHead + "checks: {criteria: no}\n", ":4:20: `criteria` cannot be `no`"},
      {kHead + "checks: {criterai: off}\n", "(did you mean `criteria`?)"},
      {kHead + "manage: {filters: {exclude: [\"QA_[0-9\"]}}\n",
       ":4:34: pattern `QA_[0-9`: `[` is never closed"},
      {kHead + "manage: {lists: {include: [\"{a,b}\"]}}\n",
       ":4:29: pattern `{a,b}`: `{` does not list alternatives here"},
      {kHead + "manage: {filters: {include: [\"!a\"]}}\n",
       "pattern `!a`: `!` in front does not exclude anything here"},
      {kHead + "migrations: {m: {objects: {STRATEGY: [\"A[\"]}}}\n",
       "pattern `A[`: `[` is never closed"},
      {kHead + "limits: {exclusions: {unprotect: few}}\n", ":4:34: `unprotect` cannot be `few`"},
      {kHead + "limits: {filters: {unprotect: 1}}\n", "`limits: filters` has no key `unprotect`"},
      {kHead + "limits: {exclusions: {unprotekt: 1}}\n", "(did you mean `unprotect`?)"},
      {kHead + "files: {filters: f.yaml}\n", ":4:18: `f.yaml` is not a place for new filters"},
      {kHead + "files: {filters: config/../f.yaml}\n", "is not a place for new filters"},
      {kHead + "files: {lists: config/l.csv}\n", "is not a place for new lists"},
      {kHead + "files: {exclusions: config/.e.csv}\n", "is not a place for new exclusions"},
      {kHead + "files: {filter: config/f.yaml}\n", "(did you mean `filters`?)"},
      {kHead + "---\nx: 1\n", ":5:1: this file holds a second document"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    auto project = Load(c.text);
    REQUIRE_FALSE(project.has_value());
    auto lines = Lines(project.error());
    CAPTURE(lines);
    CHECK(lines.contains(c.problem));
    CHECK(project.error().size() == 1);
    CHECK_FALSE(project.error()[0].hint.empty());
  }
}

TEST_CASE("checks of criteria stop a run, only warn, or are off") {
  CHECK(Load(kHead)->checks.criteria == CheckLevel::kError);
  CHECK(Load(kHead + "checks:\n")->checks.criteria == CheckLevel::kError);
  CHECK(Load(kHead + "checks: {criteria: error}\n")->checks.criteria == CheckLevel::kError);
  CHECK(Load(kHead + "checks: {criteria: warn}\n")->checks.criteria == CheckLevel::kWarn);
  CHECK(Load(kHead + "checks: {criteria: off}\n")->checks.criteria == CheckLevel::kOff);
}

TEST_CASE("concurrency may set requests in flight and requests a second") {
  auto project = Load(
      "version: 1\nenvironments:\n  dev: {org: a, region: us, concurrency: {max: 64, rate: "
      "200/s}}\n");
  REQUIRE(project.has_value());
  CHECK(project->environments.at("dev").concurrency == 64);
  CHECK(project->environments.at("dev").rate_max == 200);
}

TEST_CASE("an environment's settings are checked before anything is sent to it") {
  struct {
    const char* setting;
    const char* problem;
  } cases[] = {
      {"base_url: http://acme.example.com", "plain http would send credentials in the clear"},
      {"base_url: http://127.0.0.1.evil.example", "plain http"},
      {"base_url: ftp://x", "`ftp://x` is not a URL"},
      {"base_url: https://", "is not a URL"},
      {"base_url: https://x/?key=hunter2", "`https://x/` has characters in or behind it"},
      {"base_url: https:/me:hunter2@x", "a user or password must not stand in a URL"},
      {"token_url: me:hunter2@x", "a user or password must not stand in a URL"},
      {"client_secrt: hunter2", "has no key `client_secrt`"},
      {"\"client\\u005fsecret\": hunter2", "must not stand in a file"},
      {"? api_keyy\n    : hunter2", "has no key `api_keyy`"},
      {"concurrency: 0", "`concurrency` cannot be `0`"},
      {"concurrency: many", "write a number from 1 to 256"},
      {"concurrency: {max: 0}", "`max` cannot be `0`"},
      {"concurrency: {rate: fast}", "`rate` cannot be `fast`"},
      {"concurrency: {rate: 0/s}", "write requests a second, like `200/s`"},
      {"concurrency: {maxx: 5}", "did you mean `max`?"},
      {"token_encoding: base64", "`token_encoding` cannot be `base64`"},
      {"exclusions_api: v3", "`exclusions_api` cannot be `v3`"},
      {"credential_command: \"\"", "`credential_command` is empty"},
      {"variables: [a]", "`variables` must be a map, found a list"},
      {"variables: {a: [1]}", "`a` must be a text, found a list"},
      {"variables: {1a: x}", "`1a` is not a valid variable name"},
      {"variables: {a: \"${b}\"}", "cannot refer to another variable"},
      {"regoin: us", "(did you mean `region`?)"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.setting);
    auto project = Load("version: 1\nenvironments:\n  dev:\n    org: a\n    region: us\n    " +
                        std::string(c.setting) + "\n");
    REQUIRE_FALSE(project.has_value());
    const auto& error = project.error()[0];
    CHECK_FALSE((error.message + error.hint + error.excerpt).contains("hunter2"));
    CAPTURE(error.message);
    CHECK((error.message + error.hint).contains(c.problem));
    CHECK(error.where->line == 6);
    const bool masked = std::string(c.setting).contains("hunter2");
    CHECK((masked || error.excerpt == "    " + std::string(c.setting)));
  }
}

TEST_CASE("a secret in the file is refused and never shown") {
  const char* settings[] = {
      "client_secret: hunter2hunter2",
      "\"client-secret\": 'hunter2hunter2'",
      "API_KEY: |\n      hunter2hunter2\n      hunter2hunter2",
      "password:\n      hunter2hunter2",
      "variables: {token: hunter2hunter2, x: y}",
      "base_url: https://me:hunter2hunter2@host.example",
      "client_secret: hunter2hunter2, broken: [",
  };
  for (const char* setting : settings) {
    CAPTURE(setting);
    auto project = Load("version: 1\nenvironments:\n  dev:\n    org: a\n    region: us\n    " +
                        std::string(setting) + "\n    bad: [\n");
    REQUIRE_FALSE(project.has_value());
    auto again = Load("version: 1\nenvironments:\n  dev:\n    org: a\n    region: us\n    " +
                      std::string(setting) + "\n");
    REQUIRE_FALSE(again.has_value());
    for (const auto& errors : {project.error(), again.error()}) {
      for (const auto& error : errors) {
        CHECK_FALSE((error.message + error.hint + error.excerpt).contains("hunter2"));
      }
    }
  }
  auto project = Load("version: 1\nenvironments:\n  us-dev:\n    api_key: x\n");
  REQUIRE_FALSE(project.has_value());
  CHECK(Lines(project.error()).contains("`api_key` must not stand in a file"));
  bool named = false;
  for (const auto& error : project.error()) {
    named = named || error.hint.contains("VIASYNC_US_DEV_API_KEY");
  }
  CHECK(named);
}

TEST_CASE("an unknown environment is told with the nearest name") {
  auto project = Load(kHead);
  REQUIRE(project.has_value());
  CHECK((*FindEnvironment(*project, "dev"))->org == "acme-dev");
  CHECK(FindEnvironment(*project, "devx").error().message ==
        "there is no environment `devx` (did you mean `dev`?)");
}

TEST_CASE("a folder without a project says how to get one") {
  MemoryTree files(Files{});
  auto project = LoadProject("x", files);
  REQUIRE_FALSE(project.has_value());
  CHECK(project.error()[0].kind == base::ErrorKind::kNotFound);
  CHECK(project.error()[0].hint.contains("viasync init"));
}

}  // namespace
}  // namespace viasync::config
