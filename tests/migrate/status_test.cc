#include <doctest/doctest.h>

#include "engine/migrate/job_status.h"
#include "engine/model/migration.h"
#include "engine/model/object_types.h"

namespace viasync::migrate {

TEST_CASE("status words are compared without case, and an unknown one goes on") {
  struct Row {
    const char* status;
    Phase phase;
    bool known;
  };
  for (const Row& row :
       {Row{"Pending", Phase::kGoing, true}, Row{"RUNNING", Phase::kGoing, true},
        Row{"InProgress", Phase::kGoing, true}, Row{"paused", Phase::kPaused, true},
        Row{"Completed", Phase::kDone, true}, Row{"Complete", Phase::kDone, true},
        Row{"SUCCESS", Phase::kDone, true}, Row{"succeeded", Phase::kDone, true},
        Row{"Finished", Phase::kDone, true}, Row{"Failed", Phase::kFailed, true},
        Row{"error", Phase::kFailed, true}, Row{"Aborted", Phase::kFailed, true},
        Row{"Cancelled", Phase::kFailed, true}, Row{"Crunching", Phase::kGoing, false},
        Row{"", Phase::kGoing, false}}) {
    CAPTURE(row.status);
    CHECK(PhaseOf(row.status) == row.phase);
    CHECK(IsKnownStatus(row.status) == row.known);
  }
  CHECK(StatusWords({.status = "Crunching"}) == "\"Crunching\" (a status nobody documented)");
  CHECK(StatusWords({.status = "Crun\x1b[2J"}).find('\x1b') == std::string::npos);
}

TEST_CASE("a conflict is one only while the job lives") {
  api::Job job{.status = "Running", .conflicts = true, .conflict_object = "Dispositions"};
  CHECK(HasConflict(job));
  job.status = "Paused";
  CHECK(HasConflict(job));
  job.status = "Completed";
  CHECK_FALSE(HasConflict(job));
  job.status = "Running";
  job.conflict_object.clear();
  CHECK_FALSE(HasConflict(job));
}

TEST_CASE("files are the same with and without .zip") {
  CHECK(SameFile("spring", "spring.zip"));
  CHECK(SameFile("spring.ZIP", "spring.zip"));
  CHECK_FALSE(SameFile("spring", "spring2.zip"));
  CHECK(WithZip("spring") == "spring.zip");
  CHECK(WithZip("spring.zip") == "spring.zip");
}

TEST_CASE("types are compared without case, punctuation and plural") {
  CHECK(model::ObjectTypes().size() == 24);
  CHECK(model::FindObjectType("TimeZoneTemplates") == "TIMEZONETEMPLATE");
  CHECK(model::FindObjectType("SchemaDefinition") == "SCHEMADEFINITIONS");
  CHECK(model::FindObjectType("dispositions") == "DISPOSITIONS");
  CHECK(model::FindObjectType("Strategies") == "STRATEGY");
  CHECK(model::FindObjectType("Contact Strategies") == "CONTACTSTRATEGIES");
  CHECK_FALSE(model::FindObjectType("Disposition Things"));
  for (std::string_view type : model::ObjectTypes()) CHECK(model::FindObjectType(type) == type);
}

TEST_CASE("a salt is up to four letters and digits") {
  for (const char* good : {"", "A1", "sal1"}) CHECK(model::SaltProblem(good).empty());
  for (const char* bad : {"salty", "a-b", "ä", " "}) CHECK_FALSE(model::SaltProblem(bad).empty());
  CHECK(model::Salted("ABC", {.salt = "X", .append_salt = true}) == "ABCX");
  CHECK(model::Salted("ABC", {.salt = "X"}) == "XABC");
}

}  // namespace viasync::migrate
