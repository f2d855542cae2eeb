// Whose change the org shows: our own writes are told from other people's by their versions.
#include "engine/workflow/editors.h"

#include <doctest/doctest.h>

#include <chrono>
#include <utility>

namespace viasync::workflow {
namespace {

constexpr base::UtcTime kNoon{std::chrono::hours(12)};

// We wrote F at noon with version 5; joe had edited it before.
OurWrites Writes(std::int64_t version = 5) {
  store::Event event{.at = kNoon,
                     .what = "apply",
                     .kind = model::Kind::kFilter,
                     .key = "F",
                     .action = "update",
                     .org = {"joe", kNoon - std::chrono::hours(2)},
                     .version = version};
  return {{{model::Kind::kFilter, "F"}, event}, {{model::Kind::kFilter, "G"}, std::move(event)}};
}

// Whom the plan names where F is at `version` in the org, written last by `user` at `at`. G is as
// our write left it where the org counts by one.
std::string Named(std::int64_t version, const std::string& user, base::UtcTime at,
                  bool by_one = true, const OurWrites& writes = Writes()) {
  plan::Plan plan;
  reconcile::Change change{.kind = model::Kind::kFilter, .key = "F", .version = version};
  change.modified_by = user;
  change.modified_at = at;
  plan.changes.push_back(change);
  snapshot::Snapshot org;
  org.Of<model::Filter>().push_back({.value = {.name = "G"}, .version = by_one ? 6 : 17});
  NameEditors(writes, org, plan);
  return std::string(plan.changes[0].modified_by);
}

constexpr auto kMinute = std::chrono::minutes(1);

}  // namespace

TEST_CASE("our own write is known by its version, whatever the clocks say") {
  CHECK(Named(6, "client", kNoon - kMinute) == "joe");
  CHECK(Named(6, "client", kNoon + kMinute) == "joe");
}

TEST_CASE("whoever wrote after us is named, whatever the clocks say") {
  CHECK(Named(7, "maria", kNoon + kMinute) == "maria");
  CHECK(Named(7, "maria", kNoon - kMinute) == "maria");
}

TEST_CASE("in an org that does not count versions by one, the time decides") {
  CHECK(Named(17, "client", kNoon - kMinute, /*by_one=*/false) == "joe");
  CHECK(Named(17, "maria", kNoon + kMinute, /*by_one=*/false) == "maria");
}

TEST_CASE("writes of which no version is on record are told by the time") {
  CHECK(Named(6, "client", kNoon - kMinute, /*by_one=*/false, Writes(0)) == "joe");
  CHECK(Named(6, "maria", kNoon + kMinute, /*by_one=*/false, Writes(0)) == "maria");
}

}  // namespace viasync::workflow
