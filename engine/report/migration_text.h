// Export and import jobs told to people (text) and programs (JSON): the plan of a migration, what a
// run did, what a zip holds, the jobs of an org.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/jobs.h"
#include "engine/migrate/plan.h"
#include "engine/migrate/run.h"
#include "engine/migrate/zip_file.h"
#include "engine/report/style.h"
#include "engine/store/migration_runs.h"

namespace viasync::report {

// `12.3 MB`.
std::string BytesText(std::uint64_t bytes);

std::string MigrationPlanText(const migrate::MigrationPlan& plan, const Style& style);
// {"format": "viasync-migration-plan/1", …}.
std::string MigrationPlanJson(const migrate::MigrationPlan& plan);

// What a run did. `what`: "migrate spring-release". `rules`: where a rule to be added belongs:
// "migrations: spring-release", "rules.yaml".
struct RunTitle {
  std::string what, from, to, rules, again;  // `again`: the command to run again
  std::string at;                            // ` -C DIR`, for commands that are to be copied
};
std::string RunText(const migrate::Outcome& outcome, const RunTitle& title, const Style& style);
// {"format": "viasync-run/1", …}.
std::string RunJson(const migrate::Outcome& outcome, const RunTitle& title);

std::string ZipText(const std::string& path, const migrate::ZipContent& content, const Style& style,
                    bool all);
std::string ZipJson(const std::string& path, const migrate::ZipContent& content);

std::string JobsText(const std::string& org, const std::vector<api::Job>& jobs, const Style& style);
std::string JobText(const api::Job& job, const Style& style);
std::string JobsJson(const std::vector<api::Job>& jobs);

// A run on record: `migrate spring-release from acme-dev: uploaded`; a line of the history, and the
// same for programs.
std::string OpenRunWords(const store::MigrationRun& run);
std::string RunHistoryText(const store::MigrationRun& run, const Style& style);
std::string RunHistoryJson(const store::MigrationRun& run);

// What a job that waits needs: the conflict, and the rule to add.
std::string ConflictText(const migrate::Watched& watched, const RunTitle& title,
                         const Style& style);

}  // namespace viasync::report
