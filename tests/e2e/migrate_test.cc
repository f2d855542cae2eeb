// From one org to another, through the real binary: plan, a clean run, conflicts in rounds, and
// what stops one.
#include <doctest/doctest.h>

#include "tests/e2e/migration_world.h"

namespace viasync::e2e {

using nlohmann::json;

TEST_CASE("the plan shows what travels and what would answer, and sends GETs alone") {
  MigrationWorld m;
  auto plan = m.world.Run({"migrate", "spring-release", "--from", "dev", "--to", "prod", "--plan"});
  CHECK_MESSAGE(plan.exit_code == 0, plan.err);
  CHECK(Has(plan.out, "dev (acme-dev) → prod (acme-prod)"));
  CHECK(Has(plan.out, "+ ABC_Early"));
  CHECK(Has(plan.out, "in a conflict becomes DEF (conflicts: DISPOSITIONS: rename)"));
  CHECK(Has(plan.out, "in a conflict the target's stays (conflicts: DISPOSITIONS)"));
  CHECK(Has(plan.out, "in a conflict becomes BA1 (conflicts: INPUTS); related to STRATEGY"));
  CHECK(Has(plan.out, "7 objects would travel: 4 new to acme-prod, 3 there already"));
  CHECK(m.world.Writes().empty());
  auto as_json = m.world.Run(
      {"migrate", "spring-release", "--from", "dev", "--to", "prod", "--plan", "--format", "json"});
  CHECK(json::parse(as_json.out).at("objects").size() == 7);
}

TEST_CASE("a run with two rounds of conflicts: one export, one upload, one import, all answered") {
  for (bool pauses : {false, true}) {
    MigrationWorld m;
    m.world.Control("POST", "settings", {{"job_conflict_pauses", pauses}});
    auto run = m.world.Run(m.migrate);
    CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
    m.CheckMigrated();
    m.CheckOneOfEach();
    CHECK(m.Count("POST", "/conflict") == 2);
    CHECK(Has(run.out, "new, as DEF"));
    CHECK(Has(run.out, "ignored: acme-prod keeps its own"));
    CHECK(Has(run.out, "4 new, 2 renamed, 1 ignored; 2 conflicts answered"));
    // The zip on its way is gone, and no second run begins by itself.
    CHECK(m.world.Run({"jobs", "list", "-e", "prod"}).out.find("import") != std::string::npos);
  }
}

TEST_CASE(
    "an unanswered conflict leaves the job paused, says which rule to add, and goes on with it") {
  MigrationWorld m;
  m.world.repo.Write("migrations/spring.yaml",
                     "migrations:\n  spring-release:\n    objects: {STRATEGY: [\"ABC_*\"], "
                     "DISPOSITIONS: [\"*\"]}\n    related: true\n    options: {salt: A1, "
                     "append_salt: true}\n    conflicts:\n      INPUTS: salt\n");
  auto stopped = m.world.Run(m.migrate);
  CHECK_MESSAGE(stopped.exit_code == 3, (stopped.out + stopped.err));
  CHECK(Has(stopped.out, "DISPOSITIONS: {rename: {\"ABC\": \"ABC_new\", \"JKL\": \"JKL_new\"}}"));
  CHECK(Has(stopped.out, "is paused"));
  CHECK(Has(m.world.Run({"jobs", "list", "-e", "prod"}).out, "paused"));
  CHECK(m.Prod("DISPOSITIONS", "GHI") == 0);
  m.world.repo.Write("migrations/spring.yaml", kMigration);
  auto done = m.world.Run(m.migrate);
  CHECK_MESSAGE(done.exit_code == 0, (done.out + done.err));
  m.CheckMigrated();
  m.CheckOneOfEach();
}

TEST_CASE("answers that go round in a circle are noticed") {
  {
    MigrationWorld m;
    std::string yaml = kMigration;
    const std::string rule = "{rename: {ABC: DEF}, others: ignore}";
    yaml.replace(yaml.find(rule), rule.size(), "{rename: {ABC: JKL, JKL: ABC}}");
    m.world.repo.Write("migrations/spring.yaml", yaml);
    auto circle = m.world.Run(m.migrate);
    CHECK_MESSAGE(circle.exit_code == 3, (circle.out + circle.err));
    CHECK(Has(circle.out, "go round in a circle"));
  }
  MigrationWorld m;
  m.world.Control("POST", "edit",
                  {{"org", "acme-prod"},
                   {"kind", "object"},
                   {"action", "create"},
                   {"key", "INPUTS/BA1"},
                   {"set", {{"data", {{"value", 500}}}}}});
  auto salted = m.world.Run(m.migrate);
  CHECK_MESSAGE(salted.exit_code == 3, (salted.out + salted.err));
  CHECK(Has(salted.out, "an earlier answer gave this name"));
  CHECK(Has(salted.out, "INPUTS: {rename: {\"BA1\": \"BA1_new\"}}"));
}

TEST_CASE("a job that fails, vanishes, never ends, or has a status nobody documented") {
  {
    MigrationWorld m;
    m.world.Control("POST", "settings", {{"job_end", "Failed"}});
    auto failed = m.world.Run(m.migrate);
    CHECK(failed.exit_code == 1);
    CHECK(Has(failed.out, "ended as failed"));
    m.world.Control("POST", "settings", {{"job_end", "Completed"}});
    CHECK(m.world.Run(m.migrate).exit_code == 0);  // anew
    m.CheckMigrated();
  }
  {
    MigrationWorld m;
    m.world.Control("POST", "settings", {{"job_running", "Crunching"}, {"job_polls", 4}});
    auto odd = m.world.Run(m.migrate);
    CHECK_MESSAGE(odd.exit_code == 0, (odd.out + odd.err));
    CHECK(Has(odd.err, "\"Crunching\" (a status nobody documented)"));
  }
  MigrationWorld m;
  m.world.Control("POST", "settings", {{"job_polls", 1000000}});
  auto args = m.migrate;
  args.insert(args.end(), {"--timeout", "1s"});
  auto late = m.world.Run(args);
  CHECK(late.exit_code == 4);
  CHECK(Has(late.out, "Not finished in time"));
  auto dropped = m.migrate;
  dropped.push_back("--restart");
  auto refused = m.world.Run(dropped);
  CHECK(refused.exit_code == 1);
  CHECK(Has(refused.err, "still goes on"));
  m.world.Control("POST", "edit",
                  {{"org", "acme-dev"}, {"kind", "job"}, {"action", "vanish"}, {"key", "*"}});
  auto vanished = m.world.Run(m.migrate);
  CHECK(vanished.exit_code == 1);
  CHECK(Has(vanished.out, "is not there any more"));
  CHECK(m.Count("POST", "/jobs/export") == 1);
  m.world.Control("POST", "settings", {{"job_polls", 2}});
  CHECK(m.world.Run(dropped).exit_code == 0);
  m.CheckMigrated();
}

TEST_CASE("a media storage that is a folder") {
  MigrationWorld m;
  m.WriteProject("    media_storage: {directory: storage}\n");
  // prod's import needs the file in the vendor's storage, so only the way there is shown.
  auto run = m.world.Run(m.migrate);
  CHECK(run.exit_code == 1);
  CHECK(m.Count("PUT", "/media/acme-prod") == 0);
}

TEST_CASE("what is wrong with the file is said with its place, before any request") {
  struct Row {
    const char *yaml, *says;
  };
  for (const Row& row :
       {Row{"    objects: {STRATEGI: [\"A\"]}\n", "spring.yaml:3:15"},
        Row{"    objects: {STRATEGY: [\"A\"]}\n    options: {salt: salty}\n", "longer than 4"},
        Row{"    objects: {STRATEGY: [\"A\"]}\n    conflicts: {default: skip}\n",
            "cannot be `skip`"},
        Row{"    objects: {STRATEGY: [\"A\"]}\n    conflicts: {default: salt}\n", "wants a salt"},
        Row{"    object: {STRATEGY: [\"A\"]}\n", "did you mean `objects`"}}) {
    MigrationWorld m;
    m.world.repo.Write("migrations/spring.yaml",
                       std::string("migrations:\n  spring-release:\n") + row.yaml);
    auto output = m.world.Run(m.migrate);
    CHECK(output.exit_code == 1);
    CHECK(Has(output.err, row.says));
    CHECK(m.world.Control("GET", "log").at("entries").empty());
  }
  MigrationWorld m;
  auto mistyped =
      m.world.Run({"migrate", "spring-relese", "--from", "dev", "--to", "prod", "--yes"});
  CHECK(Has(mistyped.err, "did you mean `spring-release`"));
  auto same = m.world.Run({"migrate", "spring-release", "--from", "dev", "--to", "dev", "--yes"});
  CHECK(Has(same.err, "the same org"));
}

}  // namespace viasync::e2e
