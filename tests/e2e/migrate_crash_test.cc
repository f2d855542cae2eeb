// Killing a migration is always safe: whenever it dies, the next run picks up its jobs and files.
// The request log is the witness: one export, one upload, one import.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "tests/e2e/migration_world.h"

namespace viasync::e2e {
namespace {

// Kills a migration when the org has seen `requests` of it, unless it comes to its end first.
void KillAfter(MigrationWorld& m, std::size_t requests, int signal) {
  const pid_t pid = m.world.Start(m.migrate);
  for (;;) {
    int status = 0;
    if (waitpid(pid, &status, WNOHANG) == pid) return;
    if (m.world.Control("GET", "log").at("entries").size() >= requests) break;
    usleep(2'000);
  }
  kill(pid, signal);
  World::Wait(pid);
}

}  // namespace

TEST_CASE("killed at any request, the next run goes on, and nothing happens twice") {
  const sandbox::Settings slow{.latency = base::Millis(10), .job_polls = 2};
  std::size_t whole = 0;
  {
    MigrationWorld m(slow);
    REQUIRE(m.world.Run(m.migrate).exit_code == 0);
    whole = m.world.Control("GET", "log").at("entries").size();
  }
  for (std::size_t requests = 3; requests <= whole; requests += requests + 2 < whole ? 2 : 1) {
    CAPTURE(requests);
    MigrationWorld m(slow);
    KillAfter(m, requests, SIGKILL);
    auto run = m.world.Run(m.migrate);
    CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
    m.CheckMigrated();
    m.CheckOneOfEach();
  }
}

TEST_CASE("Ctrl-C leaves the job running, and the next run picks it up") {
  MigrationWorld m;
  m.world.Control("POST", "settings", {{"job_polls", 8}});
  const pid_t pid = m.world.Start(m.migrate);
  while (m.Count("POST", "/jobs/export") == 0) usleep(5'000);
  kill(pid, SIGINT);
  CHECK(World::Wait(pid) == 130);
  auto run = m.world.Run(m.migrate);
  CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
  m.CheckMigrated();
  m.CheckOneOfEach();
}

TEST_CASE("lost answers: the job is found by its file, the upload by its key") {
  struct Row {
    const char *method, *path, *action;
  };
  for (const Row& row : {Row{"POST", "*/jobs/export", "lose"}, Row{"POST", "*/jobs/import", "lose"},
                         Row{"POST", "*/jobs/export", "html"}, Row{"PUT", "/media/*", "lose"},
                         Row{"POST", "*/conflict", "lose"}, Row{"GET", "/media/*", "cut_transfer"},
                         Row{"GET", "/media/*", "reset"}}) {
    CAPTURE(row.path);
    CAPTURE(row.action);
    MigrationWorld m;
    m.world.Fault(
        {{"method", row.method}, {"path", row.path}, {"action", row.action}, {"times", 1}});
    auto run = m.world.Run(m.migrate);
    CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
    m.CheckMigrated();
    m.CheckOneOfEach();
  }
}

TEST_CASE("an error for an answer, or none: asked for again once the job had time to show") {
  for (const char* action : {"status", "reset"}) {
    for (const char* path : {"*/jobs/export", "*/jobs/import"}) {
      CAPTURE(action);
      CAPTURE(path);
      MigrationWorld m;
      m.world.Fault({{"method", "POST"}, {"path", path}, {"action", action}, {"times", 1}});
      auto patient = m.migrate;
      patient.back() = "4s";
      auto run = m.world.Run(patient);
      CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
      CHECK(Has(run.err, "waiting to see whether the"));
      m.CheckOneOfEach();
    }
  }
}

TEST_CASE("killed while its request is under way: the next run waits for the job to show") {
  for (const char* path : {"/jobs/export", "/jobs/import"}) {
    CAPTURE(path);
    MigrationWorld m;
    m.world.Fault({{"method", "POST"},
                   {"path", std::string("*") + path},
                   {"action", "delay"},
                   {"delay_ms", 1'000},
                   {"times", 1}});
    auto patient = m.migrate;
    patient.back() = "5s";
    const pid_t pid = m.world.Start(patient);
    while (m.Count("POST", path, /*carried_out=*/false) == 0) usleep(2'000);
    kill(pid, SIGKILL);
    World::Wait(pid);
    auto run = m.world.Run(patient);
    CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
    m.CheckMigrated();
    m.CheckOneOfEach();
  }
}

TEST_CASE("a run that may wait no longer says that the job may still come") {
  MigrationWorld m;
  m.world.Fault({{"method", "POST"}, {"path", "*/jobs/import"}, {"action", "reset"}, {"times", 1}});
  auto impatient = m.migrate;
  impatient.back() = "1m";
  impatient.insert(impatient.end(), {"--timeout", "15s"});
  auto run = m.world.Run(impatient);
  CHECK_MESSAGE(run.exit_code == 4, (run.out + run.err));
  CHECK(Has(run.err, "it may still come"));
  CHECK(m.world.Run(m.migrate).exit_code == 0);
  m.CheckMigrated();
  m.CheckOneOfEach();
}

TEST_CASE("an expired signed URL is asked for anew, and gets no credentials") {
  MigrationWorld m;
  m.world.Fault(
      {{"method", "*"}, {"path", "/media/*"}, {"action", "status"}, {"status", 403}, {"times", 2}});
  auto run = m.world.Run(m.migrate);
  CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
  m.CheckMigrated();
  m.CheckOneOfEach();
}

}  // namespace viasync::e2e
