// One step against an org that a test plays: what is written, what is read back, what is concluded.
#include "engine/apply/step.h"

#include <doctest/doctest.h>

#include <deque>

#include "engine/plan/plan.h"
#include "tests/api/world.h"
#include "tests/fakes/memory_store.h"

namespace viasync::apply {
namespace {

using api::kFilters;

std::string Body(int version, const std::string& criteria, const std::string& description = "d") {
  return R"({"id": "9", "version": )" + std::to_string(version) +
         R"(, "filterName": "F", "filterDescription": ")" + description +
         R"(", "filterCriteria": ")" + criteria + R"("})";
}

std::string Page(const std::string& item) {
  return R"({"filters": [)" + item + R"(], "totalItems": )" + (item.empty() ? "0" : "1") + "}";
}

model::Values Values(const std::string& criteria) {
  return {{"name", "F"}, {"description", "d"}, {"criteria", criteria}};
}

// Answers in the order of the script; a request too many fails the test.
struct Played {
  std::deque<fakes::Outcome> script;
  api::World world{[this](const http::Request& request) {
    // What lies behind the one page of a collection.
    if (request.url.find("startIndex=1") != std::string::npos) {
      return fakes::Answer(200, R"({"filters": [], "accountControlItems": [], "totalItems": 1})");
    }
    REQUIRE_FALSE(script.empty());
    auto next = script.front();
    script.pop_front();
    return next;
  }};
  fakes::MemoryStore store{"acme"};
  api::Schemas schemas;
  std::string before = "A = 1", after = "A = 2";

  bool merge = false;

  StepOutcome Run(reconcile::Action action, bool reviewed = false) {
    reconcile::Change change{.kind = model::Kind::kFilter, .key = "F", .action = action};
    if (action != reconcile::Action::kCreate) {
      change.id = "9";
      change.version = 3;
      change.before = Values(before);
    }
    if (action != reconcile::Action::kDelete) {
      change.after = change.agreed = change.agreed_seen = Values(after);
    }
    change.fields = {{.name = "criteria"}};
    return Run(change, reviewed);
  }
  StepOutcome Run(const reconcile::Change& change, bool reviewed = false) {
    auto writer = MakeWriter(change.kind, world.session, schemas);
    Journal journal(store, world.transport);
    auto outcome = world.Run(
        RunStep({*writer, journal, world.transport, "run", "plan", reviewed, merge}, change));
    (void)journal.Flush();
    CHECK(script.empty());
    return outcome;
  }
  std::string Sent(const char* method) {
    std::string bodies;
    for (const auto& record : world.transport.requests()) {
      if (http::MethodName(record.request.method) == method &&
          record.request.url != api::kTokenUrl) {
        bodies += record.request.body + "\n";
      }
    }
    return bodies;
  }
};

using reconcile::Action;

}  // namespace

TEST_CASE_FIXTURE(Played, "an update that is accepted moves the base, in the form the org stored") {
  script = {fakes::Answer(200, Body(4, "A  =  2"))};
  CHECK(Run(Action::kUpdate).state == StepResult::kDone);
  CHECK(store.records.size() == 1);
  CHECK(store.steps.at(0).state == store::StepState::kDone);
}

TEST_CASE_FIXTURE(Played, "409, and another field moved: rebased on the new version") {
  script = {fakes::Answer(409, "{}"), fakes::Answer(200, Body(5, "A = 1", "hers")),
            fakes::Answer(200, Body(6, "A = 2", "hers"))};
  auto outcome = Run(Action::kUpdate);
  CHECK(outcome.state == StepResult::kDone);
  CHECK(outcome.note.find("rebased") != std::string::npos);
  CHECK(Sent("PUT").find(R"("filterDescription":"hers")") != std::string::npos);
  CHECK(Sent("PUT").find(R"("version":5)") != std::string::npos);
}

TEST_CASE_FIXTURE(Played, "409, and the same field moved: a conflict with all three terms") {
  script = {fakes::Answer(409, "{}"), fakes::Answer(200, Body(5, "A = 7"))};
  auto outcome = Run(Action::kUpdate);
  CHECK(outcome.state == StepResult::kConflict);
  CHECK(store.records.empty());
  REQUIRE(outcome.moved.size() == 1);
  CHECK(outcome.moved[0].name == "criteria");
  CHECK(outcome.moved[0].base == "A = 1");
  CHECK(outcome.moved[0].local == "A = 2");
  CHECK(outcome.moved[0].remote == "A = 7");
}

TEST_CASE_FIXTURE(Played, "409, and another clause of the criterion moved: not merged unseen") {
  before = "A = 1 AND B = 1", after = "A = 2 AND B = 1";
  script = {fakes::Answer(409, "{}"), fakes::Answer(200, Body(5, "A = 1 AND B = 1 AND C = 7"))};
  auto outcome = Run(Action::kUpdate);
  CHECK(outcome.state == StepResult::kConflict);
  CHECK(store.records.empty());
  CHECK(Sent("PUT").find("C = 7") == std::string::npos);
  REQUIRE(outcome.moved.size() == 1);
  CHECK(outcome.moved[0].remote == "A = 1 AND B = 1 AND C = 7");
}

TEST_CASE_FIXTURE(Played, "with --merge it is, and the outcome shows what was written") {
  before = "A = 1 AND B = 1", after = "A = 2 AND B = 1", merge = true;
  const std::string both = "A = 2 AND B = 1 AND C = 7";
  script = {fakes::Answer(409, "{}"), fakes::Answer(200, Body(5, "A = 1 AND B = 1 AND C = 7")),
            fakes::Answer(200, Body(6, both))};
  auto outcome = Run(Action::kUpdate);
  CHECK(outcome.state == StepResult::kDone);
  CHECK(outcome.note.find("merged") != std::string::npos);
  CHECK(Sent("PUT").find(both) != std::string::npos);
  REQUIRE(outcome.moved.size() == 1);
  CHECK(outcome.moved[0].merged == both);
  // Her clause is no part of what both sides agreed on: the next plan shows it as drift.
  REQUIRE(store.records.size() == 1);
  CHECK_FALSE(store.records.begin()->second.seen.has_value());
}

TEST_CASE_FIXTURE(Played,
                  "--merge merges no texts that meet, and none that dialects read differently") {
  merge = true;
  script = {fakes::Answer(409, "{}"), fakes::Answer(200, Body(5, "A = 7"))};
  CHECK(Run(Action::kUpdate).state == StepResult::kConflict);
  before = "A = 1 AND B = 1", after = "A = 2 AND B = 1";
  script = {fakes::Answer(409, "{}"), fakes::Answer(200, Body(5, "A = 1 AND B = 1 # AND C = 7"))};
  CHECK(Run(Action::kUpdate).state == StepResult::kConflict);
}

TEST_CASE_FIXTURE(Played, "the same criterion and another field moved: nothing goes on") {
  script = {fakes::Answer(409, "{}"), fakes::Answer(200, Body(5, "A = 7", "hers"))};
  CHECK(Run(Action::kUpdate).state == StepResult::kConflict);
  CHECK(Sent("PUT").find("hers") == std::string::npos);
}

TEST_CASE_FIXTURE(Played, "a field that moves after a rebase is a conflict as well") {
  script = {fakes::Answer(409, "{}"), fakes::Answer(200, Body(5, "A = 1", "hers")),
            fakes::Answer(409, "{}"), fakes::Answer(200, Body(6, "A = 7", "hers"))};
  auto outcome = Run(Action::kUpdate);
  CHECK(outcome.state == StepResult::kConflict);
  REQUIRE(outcome.moved.size() == 1);
  CHECK(outcome.moved[0].remote == "A = 7");
}

TEST_CASE_FIXTURE(Played, "of a reviewed plan nothing is rebased: it is stale") {
  script = {fakes::Answer(409, "{}"), fakes::Answer(200, Body(5, "A = 1", "hers"))};
  auto outcome = Run(Action::kUpdate, true);
  CHECK(outcome.state == StepResult::kStale);
  REQUIRE(outcome.moved.size() == 1);
  CHECK(outcome.moved[0].name == "description");
  CHECK(outcome.moved[0].remote == "hers");
}

TEST_CASE_FIXTURE(Played, "a lost update that happened is found by reading, and not repeated") {
  script = {fakes::Lost(), fakes::Answer(200, Body(4, "A = 2"))};
  CHECK(Run(Action::kUpdate).state == StepResult::kDone);
}

TEST_CASE_FIXTURE(Played, "a lost update that did not happen is sent once more") {
  script = {fakes::Lost(), fakes::Answer(200, Body(3, "A = 1")),
            fakes::Answer(200, Body(4, "A = 2"))};
  CHECK(Run(Action::kUpdate).state == StepResult::kDone);
}

TEST_CASE_FIXTURE(Played, "what somebody added to a lost update is hers: a conflict, no more") {
  before = "A = 1 AND B = 1", after = "A = 2 AND B = 1";
  script = {fakes::Lost(), fakes::Answer(200, Body(5, "A = 2 AND B = 1 AND C = 7"))};
  CHECK(Run(Action::kUpdate).state == StepResult::kConflict);
  CHECK(store.records.empty());
}

TEST_CASE_FIXTURE(Played,
                  "merging what she added to a lost update, it is hers, no form of the org's") {
  before = "A = 1 AND B = 1", after = "A = 2 AND B = 1", merge = true;
  script = {fakes::Lost(), fakes::Answer(200, Body(5, "A = 2 AND B = 1 AND C = 7"))};
  CHECK(Run(Action::kUpdate).state == StepResult::kDone);
  REQUIRE(store.records.size() == 1);
  CHECK_FALSE(store.records.begin()->second.seen.has_value());
}

TEST_CASE_FIXTURE(Played, "a success whose body is rubbish is read back") {
  script = {fakes::Answer(200, "<html>"), fakes::Answer(200, Body(4, "A = 2"))};
  CHECK(Run(Action::kUpdate).state == StepResult::kDone);
}

TEST_CASE_FIXTURE(Played, "a refusal is a failure with what the org said") {
  script = {fakes::Answer(400, R"({"error": {"code": 400, "message": "no such column"}})")};
  auto outcome = Run(Action::kUpdate);
  CHECK(outcome.state == StepResult::kFailed);
  CHECK(outcome.note.find("no such column") != std::string::npos);
  CHECK(store.records.empty());
}

TEST_CASE_FIXTURE(Played, "a lost create is looked up before it is sent again") {
  script = {fakes::Lost(), fakes::Answer(200, Page(Body(1, "A = 2")))};
  CHECK(Run(Action::kCreate).state == StepResult::kDone);
  script = {fakes::Lost(), fakes::Answer(200, Page("")), fakes::Answer(201, Body(1, "A = 2"))};
  CHECK(Run(Action::kCreate).state == StepResult::kDone);
}

TEST_CASE_FIXTURE(Played,
                  "an exclusion with our start may be ours: edited since, nobody can tell") {
  const std::string entry =
      R"({"id": 9, "version": 4, "contactType": 1, "contactAddress": "1", "reason": "hers",)"
      R"( "startTime": "2026-01-01T00:00:00.000Z", "endPattern": 0, "endTime": "0"})";
  reconcile::Change change{.kind = model::Kind::kExclusion, .key = "voice:1@*"};
  change.action = Action::kCreate;
  change.after = {{"type", "voice"}, {"address", "1"}, {"start", "2026-01-01T00:00:00Z"}};
  script = {fakes::Lost(),
            fakes::Answer(200, R"({"accountControlItems": [)" + entry + R"(], "totalItems": 1})"),
            fakes::Answer(200, entry)};
  CHECK(Run(change).state == StepResult::kUnknown);
}

TEST_CASE_FIXTURE(Played, "somebody made it meanwhile: alike is done, otherwise is a conflict") {
  script = {fakes::Answer(409, "{}"), fakes::Answer(200, Page(Body(1, "A = 2")))};
  CHECK(Run(Action::kCreate).state == StepResult::kDone);
  script = {fakes::Answer(409, "{}"), fakes::Answer(200, Page(Body(1, "A = 8")))};
  auto outcome = Run(Action::kCreate);
  CHECK(outcome.state == StepResult::kConflict);
  REQUIRE(outcome.moved.size() == 1);
  CHECK_FALSE(outcome.moved[0].base.has_value());
  CHECK(outcome.moved[0].local == "A = 2");
  CHECK(outcome.moved[0].remote == "A = 8");
}

TEST_CASE_FIXTURE(Played,
                  "a delete reads first: what changed is not deleted, what is gone is done") {
  script = {fakes::Answer(200, Body(4, "A = 5"))};
  auto outcome = Run(Action::kDelete);
  CHECK(outcome.state == StepResult::kConflict);
  REQUIRE(outcome.moved.size() == 1);
  CHECK(outcome.moved[0].base == "A = 1");
  CHECK_FALSE(outcome.moved[0].local.has_value());
  CHECK(outcome.moved[0].remote == "A = 5");
  script = {fakes::Answer(404, "{}")};
  CHECK(Run(Action::kDelete).state == StepResult::kDone);
  script = {fakes::Answer(200, Body(3, "A = 1")), fakes::Answer(204)};
  CHECK(Run(Action::kDelete).state == StepResult::kDone);
  script = {fakes::Answer(200, Body(3, "A = 1")), fakes::Lost(), fakes::Answer(404, "{}")};
  CHECK(Run(Action::kDelete).state == StepResult::kDone);
}

TEST_CASE_FIXTURE(Played, "an outcome that nobody can tell stays open for the next run") {
  script = {fakes::Lost(), fakes::Answer(401), fakes::Answer(401)};
  CHECK(Run(Action::kUpdate).state == StepResult::kUnknown);
  CHECK(store.OpenSteps()->size() == 1);
}

TEST_CASE_FIXTURE(Played, "a 409 after a lost try may be our own: unread, it stays open") {
  script = {fakes::Lost(), fakes::Answer(200, Body(3, "A = 1")), fakes::Answer(409, "{}"),
            fakes::Answer(401), fakes::Answer(401)};
  CHECK(Run(Action::kUpdate).state == StepResult::kUnknown);
  CHECK(store.OpenSteps()->size() == 1);
}

TEST_CASE_FIXTURE(Played, "a try that was lost may still land: given up, it stays open") {
  for (int tries = 0; tries < 5; ++tries) {
    script.push_back(fakes::Lost());
    script.push_back(fakes::Answer(200, Body(3, "A = 1")));
  }
  CHECK(Run(Action::kUpdate).state == StepResult::kUnknown);
  CHECK(store.OpenSteps()->size() == 1);
}

TEST_CASE_FIXTURE(Played, "so may one before a refusal") {
  script = {fakes::Lost(), fakes::Answer(200, Page("")), fakes::Answer(401), fakes::Answer(401)};
  CHECK(Run(Action::kCreate).state == StepResult::kUnknown);
  CHECK(store.OpenSteps()->size() == 1);
}

TEST_CASE_FIXTURE(Played, "so may a delete, even of what somebody changed after it was sent") {
  script = {fakes::Answer(200, Body(3, "A = 1")), fakes::Lost(),
            fakes::Answer(200, Body(4, "A = 5"))};
  CHECK(Run(Action::kDelete).state == StepResult::kUnknown);
  CHECK(store.OpenSteps()->size() == 1);
}

TEST_CASE_FIXTURE(Played, "a 409 on the only try is surely not done, read back or not") {
  script = {fakes::Answer(409, "{}"), fakes::Answer(401), fakes::Answer(401)};
  CHECK(Run(Action::kUpdate).state == StepResult::kFailed);
  CHECK(store.OpenSteps()->empty());
}

TEST_CASE_FIXTURE(Played, "what cannot be journaled is not sent") {
  store.error = base::Error{.kind = base::ErrorKind::kIo, .message = "disk full"};
  auto outcome = Run(Action::kUpdate);
  CHECK(outcome.state == StepResult::kNotStarted);
  CHECK(outcome.hopeless);
  CHECK(Sent("PUT").empty());
}

}  // namespace viasync::apply
