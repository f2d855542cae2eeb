#include "engine/workflow/intent.h"

#include <doctest/doctest.h>

#include "engine/base/times.h"

namespace viasync::workflow {
namespace {

using model::Declared;
using model::Filter;
using reconcile::Action;
using reconcile::Change;

Declared<Filter> Meant(const std::string& name, const std::string& criteria,
                       const std::string& description = "") {
  Filter filter;
  filter.name = name;
  filter.criteria = criteria;
  filter.description = description;
  return {.value = filter};
}

Change Differs(const std::string& key, Action action, std::vector<reconcile::FieldChange> fields) {
  Change change{.kind = model::Kind::kFilter, .key = key, .action = action};
  change.fields = std::move(fields);
  return change;
}

reconcile::FieldChange Field(const std::string& name, const std::string& first,
                             const std::string& second) {
  return {.name = name, .local = first, .remote = second};
}

SplitChanges Split(std::vector<Change> changes, std::vector<Declared<Filter>> first,
                   std::vector<Declared<Filter>> second) {
  return SplitByIntent<Filter>(std::move(changes), first, second);
}

}  // namespace

TEST_CASE("a field is intended where both orgs hold what their files say") {
  const auto split =
      Split({Differs("F", Action::kUpdate, {Field("criteria", "Days  > 30", "DAYS > 45")})},
            {Meant("F", "Days > 30")}, {Meant("F", "DAYS > 45")});
  CHECK(split.intended.size() == 1);
  CHECK(split.unasked.empty());
}

TEST_CASE("a field is not intended where one org was changed by hand, or the files say nothing") {
  const std::vector<Change> differs = {
      Differs("F", Action::kUpdate, {Field("criteria", "Days > 30", "Days > 99")})};
  CHECK(Split(differs, {Meant("F", "Days > 30")}, {Meant("F", "Days > 45")}).unasked.size() == 1);
  CHECK(Split(differs, {Meant("F", "Days > 31")}, {Meant("F", "Days > 99")}).unasked.size() == 1);
  CHECK(Split(differs, {Meant("F", "Days > 30")}, {}).unasked.size() == 1);
  CHECK(Split(differs, {}, {}).unasked.size() == 1);
}

TEST_CASE("of one entry the intended fields are apart from the others") {
  const auto split = Split({Differs("F", Action::kUpdate,
                                    {Field("criteria", "Days > 30", "Days > 45"),
                                     Field("description", "a", "by hand")})},
                           {Meant("F", "Days > 30", "a")}, {Meant("F", "Days > 45", "a")});
  REQUIRE(split.intended.size() == 1);
  REQUIRE(split.unasked.size() == 1);
  CHECK(split.intended[0].fields[0].name == "criteria");
  CHECK(split.unasked[0].fields.size() == 1);
  CHECK(split.unasked[0].fields[0].name == "description");
}

TEST_CASE("an entry that only one environment declares is meant to be missing in the other") {
  auto absent = Meant("F", "A = 1");
  absent.absent = true;
  const std::vector<Change> missing = {Differs("F", Action::kCreate, {})};
  const std::vector<Change> extra = {Differs("F", Action::kDelete, {})};
  const std::vector<Declared<Filter>> declared = {Meant("F", "A = 1")}, none;
  CHECK(Split(missing, declared, none).intended.size() == 1);
  CHECK(Split(missing, declared, {absent}).intended.size() == 1);
  CHECK(Split(missing, declared, declared).unasked.size() == 1);
  CHECK(Split(missing, none, none).unasked.size() == 1);
  CHECK(Split(missing, none, declared).unasked.size() == 1);
  CHECK(Split(extra, none, declared).intended.size() == 1);
  CHECK(Split(extra, declared, declared).unasked.size() == 1);
  CHECK(Split(extra, declared, none).unasked.size() == 1);
}

TEST_CASE("the start of an exclusion is the org's where no file says one") {
  model::Exclusion entry{.type = model::ContactType::kVoice, .address = "0900"};
  const std::vector<Declared<model::Exclusion>> left_out = {{.value = entry}};
  entry.start = base::ParseTime("2026-01-01T00:00:00Z");
  const std::vector<Declared<model::Exclusion>> given = {{.value = entry}};
  const std::vector<Change> differs = {
      Differs(model::KeyOf(entry), Action::kUpdate,
              {Field("start", "2026-02-02T00:00:00Z", "2026-03-03T00:00:00Z")})};
  CHECK(SplitByIntent<model::Exclusion>(differs, left_out, left_out).intended.size() == 1);
  CHECK(SplitByIntent<model::Exclusion>(differs, given, left_out).unasked.size() == 1);
}

}  // namespace viasync::workflow
