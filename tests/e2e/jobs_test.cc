// jobs, export, inspect and import by hand.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "tests/e2e/migration_world.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

const std::vector<std::string> kExport = {
    "export",         "-e",     "dev",    "--objects", "STRATEGY=ABC_*", "--objects",
    "DISPOSITIONS=*", "--name", "spring", "--comment", "for the test",   "--out",
    "spring.zip"};

std::vector<std::string> With(std::vector<std::string> args, std::vector<std::string> more) {
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

std::string FirstJob(MigrationWorld& m, const std::string& environment) {
  auto list = m.world.Run({"jobs", "list", "-e", environment, "--format", "json"});
  return json::parse(list.out).at("jobs").at(0).at("id");
}

}  // namespace

TEST_CASE("export, inspect, import: what went out comes in") {
  MigrationWorld m;
  auto exported = m.world.Run(With(kExport, {"--with-related"}));
  CHECK_MESSAGE(exported.exit_code == 0, (exported.out + exported.err));
  CHECK(Has(exported.out, "7 objects of acme-dev exported to spring.zip"));
  auto listed = m.world.Run({"inspect", "spring.zip"});
  CHECK_MESSAGE(listed.exit_code == 0, listed.err);
  CHECK(Has(listed.out, "STRATEGY  2"));
  CHECK(Has(listed.out, "ABC_Late"));
  m.world.repo.Write("rules.yaml", "conflicts:\n  DISPOSITIONS: ignore\n");
  auto imported = m.world.Run({"import", "spring.zip", "-e", "prod", "--objects", "DISPOSITIONS=*",
                               "--conflicts", "rules.yaml", "--yes"});
  CHECK_MESSAGE(imported.exit_code == 0, (imported.out + imported.err));
  CHECK(m.Prod("DISPOSITIONS", "GHI") == 7);
  CHECK(m.Prod("DISPOSITIONS", "ABC") == 60);
  CHECK(m.Prod("STRATEGY", "ABC_Late") == 0);
}

TEST_CASE("import passes its options on, all but the salt, which is for answers to conflicts") {
  MigrationWorld m;
  REQUIRE(m.world.Run(kExport).exit_code == 0);
  auto updated = m.world.Run({"import", "spring.zip", "-e", "prod", "--update-all", "--dialer",
                              "OutreachVia-Default-Dialer", "--salt", "A1", "--append-salt",
                              "--ignore-errors", "--yes"});
  CHECK_MESSAGE(updated.exit_code == 0, (updated.out + updated.err));
  CHECK(m.Prod("DISPOSITIONS", "ABC") == 6);
  CHECK(m.Prod("DISPOSITIONS", "GHI") == 0);
  CHECK(Has(updated.out, "left out by the options"));
  for (const auto& entry : m.world.Writes()) {
    if (!std::string(entry.at("target")).ends_with("/import")) continue;
    auto body = json::parse(entry.at("body").get<std::string>());
    CHECK(body.at("dialerName") == "OutreachVia-Default-Dialer");
    CHECK(body.at("updateAll") == true);
    CHECK(body.at("ignoreErrors") == true);
    CHECK(body.at("insertOnly") == false);
    CHECK_FALSE(body.contains("salt"));
    CHECK_FALSE(body.contains("appendSalt"));
  }
  CHECK(Has(updated.err, "the salt A1 is not used"));
}

TEST_CASE("jobs are shown, paused, resumed and aborted; one that runs is paused first") {
  MigrationWorld m;
  m.world.Control("POST", "settings", {{"job_polls", 1000000}});
  CHECK(m.world.Run(With(kExport, {"--timeout", "1s"})).exit_code == 4);
  const std::string id = FirstJob(m, "dev");
  CHECK(Has(m.world.Run({"jobs", "show", id.substr(0, 8), "-e", "dev"}).out, "running"));
  const auto writes = m.world.Writes().size();
  for (const char* verb : {"pause", "resume", "abort", "resolve"}) {
    auto unasked = m.world.Run({"jobs", verb, id, "-e", "dev"});
    CHECK(unasked.exit_code == 1);
    CHECK(Has(unasked.err, "there is no terminal to ask on"));
  }
  CHECK(m.world.Writes().size() == writes);
  auto refused = m.world.Run({"jobs", "resume", id, "-e", "dev", "--yes"});
  CHECK(refused.exit_code == 1);
  CHECK(Has(refused.err, "Only a paused job can be resumed"));
  CHECK(Has(m.world.Run({"jobs", "pause", id, "-e", "dev", "--yes"}).out, "paused"));
  CHECK(Has(m.world.Run({"jobs", "resume", id, "-e", "dev", "--yes"}).out, "running"));
  auto aborted = m.world.Run({"jobs", "abort", id, "-e", "dev", "--yes"});
  CHECK_MESSAGE(aborted.exit_code == 0, aborted.err);
  CHECK(Has(aborted.out, "aborted"));
  CHECK(m.Count("POST", "/pause") == 2);
  CHECK(m.Count("POST", "/abort") == 1);
  auto again = m.world.Run({"jobs", "abort", id, "-e", "dev", "--yes"});
  CHECK(again.exit_code == 1);
  CHECK(Has(again.err, "has ended already"));
  CHECK(m.world.Run({"jobs", "watch", id, "-e", "dev"}).exit_code == 1);
  auto unknown = m.world.Run({"jobs", "show", "nothing", "-e", "dev"});
  CHECK(Has(unknown.err, "has no job `nothing`"));
}

TEST_CASE("a conflict is shown and resolved by hand") {
  MigrationWorld m;
  REQUIRE(m.world.Run(kExport).exit_code == 0);
  auto stopped = m.world.Run({"import", "spring.zip", "-e", "prod", "--yes"});
  CHECK_MESSAGE(stopped.exit_code == 3, (stopped.out + stopped.err));
  const std::string id = FirstJob(m, "prod");
  CHECK(Has(m.world.Run({"jobs", "show", id, "-e", "prod"}).out, "Dispositions ABC, JKL"));
  CHECK(m.world.Run({"jobs", "watch", id, "-e", "prod"}).exit_code == 3);
  auto resumed = m.world.Run({"jobs", "resume", id, "-e", "prod", "--yes"});
  CHECK(resumed.exit_code == 3);
  CHECK(Has(resumed.err, "waits for an answer"));
  CHECK(m.Count("POST", "/resume") == 0);
  const std::vector<std::string> resolve = {"jobs", "resolve",  id,      "-e",
                                            "prod", "--rename", "ABC=X", "--yes"};
  CHECK(m.world.Run(resolve).exit_code == 3);
  auto resolved = m.world.Run(With(resolve, {"--others", "ignore"}));
  CHECK_MESSAGE(resolved.exit_code == 0, (resolved.out + resolved.err));
  CHECK(m.world.Run({"jobs", "watch", id, "-e", "prod"}).exit_code == 0);
  CHECK(m.Prod("DISPOSITIONS", "X") == 6);
}

TEST_CASE("bad input is refused before it reaches an org") {
  MigrationWorld m;
  struct Row {
    std::vector<std::string> args;
    const char* says;
  };
  m.world.repo.Write("cut.zip", std::string("PK\x03\x04", 4) + std::string(200, 'x'));
  m.world.repo.Write("page.zip", "<html></html>");
  for (const Row& row : {
           Row{{"export", "-e", "dev", "--objects", "STRATEGI=A"}, "did you mean `STRATEGY`"},
           Row{{"export", "-e", "dev", "--objects", "STRATEGY"}, "is not TYPE=NAME"},
           Row{{"import", "cut.zip", "-e", "prod", "--yes"}, "is cut off"},
           Row{{"import", "page.zip", "-e", "prod", "--yes"}, "is not a zip file"},
           Row{{"import", "none.zip", "-e", "prod", "--yes"}, "cannot be read"},
           Row{{"import", "cut.zip", "-e", "prod", "--yes", "--salt", "salty"}, "longer than 4"},
           Row{{"inspect", "cut.zip"}, "is cut off"},
           Row{{"export", "-e", "dev", "--objects", "STRATEGY=Other", "--timeout", "soon"},
               "is not a duration"},
       }) {
    auto output = m.world.Run(row.args);
    CHECK(output.exit_code == 1);
    CHECK(Has(output.err, row.says));
  }
  REQUIRE(m.world.Run(kExport).exit_code == 0);
  auto unasked = m.world.Run({"import", "spring.zip", "-e", "prod"});
  CHECK(unasked.exit_code == 1);
  CHECK(Has(unasked.err, "no terminal"));
  auto nearest = m.world.Run({"export", "-e", "dev", "--objects", "STRATEGY=ABC_Lat"});
  CHECK(nearest.exit_code == 1);
  CHECK(Has(nearest.err, "Did you mean ABC_Late?"));
  CHECK(m.world.Writes().size() == 1);  // the export
}

TEST_CASE("a large export takes no more memory than a small one") {
  const char* given = std::getenv("VIASYNC_EXPORT_MB");
  const std::int64_t megabytes = given ? std::atoi(given) : 64;
  MigrationWorld m;
  m.world.Control("POST", "settings", {{"job_padding", megabytes << 20}});
  rusage usage{};
  const pid_t pid = m.world.Start(m.migrate);
  int status = 0;
  REQUIRE(wait4(pid, &status, 0, &usage) == pid);
  CHECK(WEXITSTATUS(status) == 0);
  m.CheckMigrated();
  MESSAGE(megabytes << " MB with a peak of " << usage.ru_maxrss / 1024 << " MB");
  CHECK(usage.ru_maxrss < 48 * 1024);
}

}  // namespace viasync::e2e
