// From one org to another, through the real binary: plan, a clean run, conflicts in rounds, and
// what stops one.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/e2e/migration_world.h"

namespace viasync::e2e {

namespace fs = std::filesystem;
using nlohmann::json;

TEST_CASE("the plan shows what travels and what would answer, and sends GETs alone") {
  MigrationWorld m;
  auto plan = m.world.Run(m.plan);
  CHECK_MESSAGE(plan.exit_code == 0, plan.err);
  CHECK(Has(plan.out, "dev (acme-dev) → prod (acme-prod)"));
  CHECK(Has(plan.out, "+ ABC_Early"));
  CHECK(Has(plan.out, "in a conflict becomes DEF (conflicts: DISPOSITIONS: rename)"));
  CHECK(Has(plan.out,
            "overwritten, unless the org raises a conflict; in a conflict the target's "
            "stays (conflicts: DISPOSITIONS)"));
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

TEST_CASE("a salt among the options renames nothing by itself: a conflict without a rule stops") {
  for (const char* append : {"true", "false"}) {
    MigrationWorld m;
    m.world.repo.Write("migrations/spring.yaml",
                       std::string("migrations:\n  spring-release:\n    objects: {DISPOSITIONS: "
                                   "[\"*\"]}\n    options: {salt: A1, append_salt: ") +
                           append + "}\n    conflicts: {default: stop}\n");
    auto plan = m.world.Run(m.plan);
    CHECK_MESSAGE(plan.exit_code == 3, (plan.out + plan.err));
    CHECK(Has(plan.err, "the salt A1 is not used"));
    CHECK(Has(plan.out, "2 objects of acme-prod may be overwritten; insert_only prevents it"));
    CHECK(m.world.Writes().empty());
    auto stopped = m.world.Run(m.migrate);
    CHECK_MESSAGE(stopped.exit_code == 3, (stopped.out + stopped.err));
    CHECK(m.Prod("DISPOSITIONS", "ABC") == 60);
    CHECK(m.Prod("DISPOSITIONS", "ABCA1") == 0);
    CHECK(m.Prod("DISPOSITIONS", "A1ABC") == 0);
    CHECK(m.Prod("DISPOSITIONS", "GHI") == 0);
  }
}

TEST_CASE(
    "a migration that could not say what it did says it when it is run again, and does nothing") {
  MigrationWorld m;
  auto args = m.migrate;
  CHECK(World::Wait(m.world.Start(args, "/dev/full")) == 1);
  m.CheckMigrated();
  const auto writes = m.world.Writes().size();
  auto again = m.world.Run(m.migrate);
  CHECK_MESSAGE(again.exit_code == 0, (again.out + again.err));
  CHECK(Has(again.out, "4 new, 2 renamed, 1 ignored"));
  CHECK(m.world.Writes().size() == writes);
  m.CheckOneOfEach();
  m.CheckMigrated();
}

TEST_CASE("a migration that has just ended is known to have ended, and is not done again") {
  MigrationWorld m;
  CHECK(m.world.Run(m.migrate).exit_code == 0);
  const auto writes = m.world.Writes().size();
  auto again = m.world.Run(m.migrate);
  CHECK_MESSAGE(again.exit_code == 0, (again.out + again.err));
  CHECK(Has(again.out, "Done before, at "));
  CHECK(Has(again.out, "4 new, 2 renamed, 1 ignored"));
  auto json_args = m.migrate;
  json_args.insert(json_args.end(), {"--format", "json"});
  CHECK(json::parse(m.world.Run(json_args).out).contains("doneBefore"));
  CHECK(m.world.Writes().size() == writes);
  m.CheckMigrated();
  m.CheckOneOfEach();
  // Other rules are another wish.
  std::string yaml = kMigration;
  yaml.replace(yaml.find("others: ignore"), 14, "others: stop");
  m.world.repo.Write("migrations/spring.yaml", yaml);
  auto other = m.world.Run(m.migrate);
  CHECK_MESSAGE(other.exit_code == 3, (other.out + other.err));
  CHECK(m.Count("POST", "/jobs/export") == 2);
}

TEST_CASE("an import that has just ended is known to have ended, whatever its file is called") {
  MigrationWorld m;
  auto exported =
      m.world.Run({"export", "-e", "dev", "--objects", "STRATEGY=Other", "--out", "other.zip"});
  REQUIRE_MESSAGE(exported.exit_code == 0, (exported.out + exported.err));
  const std::vector<std::string> import = {"import", "other.zip", "-e", "prod", "--yes"};
  CHECK(m.world.Run(import).exit_code == 0);
  fs::copy(m.world.repo.path() + "/other.zip", m.world.repo.path() + "/copy.zip");
  for (const char* file : {"other.zip", "copy.zip"}) {
    auto args = import;
    args[1] = file;
    auto again = m.world.Run(args);
    CHECK_MESSAGE(again.exit_code == 0, (again.out + again.err));
    CHECK(Has(again.out, "Done before, at "));
  }
  CHECK(m.Count("POST", "/jobs/import") == 1);
  auto anew = import;
  anew.push_back("--restart");
  auto restarted = m.world.Run(anew);
  CHECK_MESSAGE(restarted.exit_code == 0, (restarted.out + restarted.err));
  CHECK(Has(restarted.out, "1 updated"));
  CHECK(m.Count("POST", "/jobs/import") == 2);
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
  CHECK(Has(m.world.Run({"status", "-e", "prod"}).out,
            "migrate spring-release from acme-dev: importing as job"));
  m.world.repo.Write("migrations/spring.yaml", kMigration);
  auto done = m.world.Run(m.migrate);
  CHECK_MESSAGE(done.exit_code == 0, (done.out + done.err));
  CHECK(m.world.Run({"status", "-e", "prod"}).out.find("spring-release") == std::string::npos);
  auto history = m.world.Run({"history", "-e", "prod"});
  CHECK(Has(history.out,
            "> migrate    spring-release from acme-dev  7 objects, 2 conflicts "
            "answered, done"));
  auto lines = m.world.Run({"history", "-e", "prod", "--what", "migrate", "--format", "json"});
  CHECK(json::parse(lines.out).at("state") == "done");
  CHECK(json::parse(lines.out).at("importJob") != "");
  auto csv = m.world.Run({"history", "-e", "prod", "--format", "csv"});
  CHECK(Has(csv.out, ",migrate,,spring-release,done,"));
  auto runs = json::parse(m.world.Run({"history", "runs", "-e", "prod", "--format", "json"}).out);
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].at("what") == "migrate");
  CHECK(runs[0].at("migration") == "spring-release, done");
  m.CheckMigrated();
  m.CheckOneOfEach();
}

TEST_CASE("a new name that the target has already is not given to another object") {
  MigrationWorld m;
  std::string yaml = kMigration;
  const std::string rule = "{rename: {ABC: DEF}, others: ignore}";
  yaml.replace(yaml.find(rule), rule.size(), "{rename: {ABC: JKL}, others: ignore}");
  m.world.repo.Write("migrations/spring.yaml", yaml);
  CHECK(Has(m.world.Run(m.plan).out, "makes it JKL, which the target has, too"));
  auto run = m.world.Run(m.migrate);
  CHECK_MESSAGE(run.exit_code == 3, (run.out + run.err));
  CHECK(Has(run.out, "answers it with JKL, which the org has, too"));
  CHECK(Has(run.out, "DISPOSITIONS: {rename: {\"ABC\": \"ABC_new\"}}"));
  CHECK(m.Count("POST", "/conflict") == 0);
  m.world.repo.Write("migrations/spring.yaml", kMigration);
  CHECK(m.world.Run(m.migrate).exit_code == 0);
  m.CheckMigrated();
  // A finished migration that is begun again would make DEF once more.
  auto anew = m.migrate;
  anew.push_back("--restart");
  auto again = m.world.Run(anew);
  CHECK_MESSAGE(again.exit_code == 3, (again.out + again.err));
  CHECK(Has(again.out, "DEF, which the org has, too"));
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

TEST_CASE("media storages that are mounted: nothing goes through a signed URL") {
  MigrationWorld m;
  auto mounted = [&](const std::string& org) {
    return "    media_storage: {directory: " + m.Media(org) + "}\n";
  };
  m.WriteProject(mounted("acme-dev"), mounted("acme-prod"));
  auto run = m.world.Run(m.migrate);
  CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
  m.CheckMigrated();
  CHECK(m.Count("GET", "mediaStorage") == 0);
  CHECK(m.Count("POST", "/jobs/export") == 1);
  CHECK(m.Count("POST", "/jobs/import") == 1);
}

TEST_CASE("media storages that somebody carries files to and from by hand") {
  MigrationWorld m;
  m.WriteProject("    media_storage: {directory: out}\n", "    media_storage: {directory: in}\n");
  auto carry = [&](const std::string& from, const std::string& to) {
    const auto all = fs::copy_options::recursive | fs::copy_options::overwrite_existing;
    fs::copy(from, to, all);
  };
  const std::string repo = m.world.repo.path();
  auto exported = m.world.Run(m.migrate);
  CHECK_MESSAGE(exported.exit_code == 1, (exported.out + exported.err));
  CHECK(Has(exported.err, "does not hold exports/configuration/campaign/spring-release-"));
  CHECK(Has(exported.err, "the export is not repeated"));
  carry(m.Media("acme-dev"), repo + "/out");
  auto uploaded = m.world.Run(m.migrate);
  CHECK_MESSAGE(uploaded.exit_code == 1, (uploaded.out + uploaded.err));
  CHECK(Has(uploaded.err, "carry"));
  CHECK(m.Count("POST", "/jobs/import") == 0);
  carry(repo + "/in", m.Media("acme-prod"));
  auto imported = m.world.Run(m.migrate);
  CHECK_MESSAGE(imported.exit_code == 0, (imported.out + imported.err));
  m.CheckMigrated();
  CHECK(m.Count("GET", "mediaStorage") == 0);
  CHECK(m.Count("POST", "/jobs/export") == 1);
  CHECK(m.Count("POST", "/jobs/import") == 1);
}

TEST_CASE(
    "signed URLs that expire on their way are asked for anew; ones that never work are told") {
  MigrationWorld m;
  m.world.Control("POST", "settings", {{"signed_url_lifetime_s", 1}});
  m.world.Fault({{"method", "*"},
                 {"path", "/media/*"},
                 {"action", "delay"},
                 {"delay_ms", 1500},
                 {"every", 2},
                 {"times", 2}});
  auto slow = m.world.Run(m.migrate);
  CHECK_MESSAGE(slow.exit_code == 0, (slow.out + slow.err));
  m.CheckMigrated();
  m.CheckOneOfEach();

  MigrationWorld never;
  never.world.Control("POST", "settings", {{"signed_url_lifetime_s", 0}});
  auto refused = never.world.Run(never.migrate);
  CHECK(refused.exit_code == 1);
  // The rest of such an answer may quote the signature.
  CHECK(Has(refused.err, "answered 403"));
  CHECK(refused.err.find("The signature has expired") == std::string::npos);
  CHECK(refused.err.find("signature=") == std::string::npos);
  never.world.Control("POST", "settings", {{"signed_url_lifetime_s", 300}});
  auto run = never.world.Run(never.migrate);
  CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
  never.CheckMigrated();
  never.CheckOneOfEach();
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
  // Told before anything is asked.
  auto mistyped = m.world.Run({"migrate", "spring-relese", "--from", "dev", "--to", "prod"});
  CHECK(Has(mistyped.err, "did you mean `spring-release`"));
  auto same = m.world.Run({"migrate", "spring-release", "--from", "dev", "--to", "dev", "--yes"});
  CHECK(Has(same.err, "the same org"));
}

}  // namespace viasync::e2e
