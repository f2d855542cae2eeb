#include "engine/workflow/contact_history.h"

#include <doctest/doctest.h>

#include <vector>

#include "engine/base/times.h"
#include "engine/model/fields.h"

namespace viasync::workflow {
namespace {

using model::ContactType;

base::UtcTime At(const char* text) { return *base::ParseTime(text); }

model::Exclusion Entry(const std::string& list, const char* start, const char* end) {
  model::Exclusion entry{
      .type = ContactType::kVoice, .address = "0900", .list = base::Interned(list)};
  entry.start = At(start);
  if (end) entry.end = At(end);
  return entry;
}

store::Event Changed(std::int64_t id, const char* at, const std::string& action,
                     const model::Exclusion& before, const std::string& key = "voice:0900@*") {
  store::Event event{.id = id, .at = At(at)};
  event.user = "maria";
  event.what = "apply";
  event.kind = model::Kind::kExclusion;
  event.key = key;
  event.action = action;
  event.before = model::ValuesOf(before);
  return event;
}

std::optional<std::string> Then(const std::vector<store::Event>& events, const char* at,
                                const std::string& list = "") {
  return ExcludedThen(events, ContactType::kVoice, "0900", list, At(at));
}

}  // namespace

TEST_CASE("an entry that was deleted since excluded while it was in force") {
  const std::vector events = {Changed(1, "2026-06-01T00:00:00Z", "delete",
                                      Entry("", "2026-01-01T00:00:00Z", "2026-05-01T00:00:00Z"))};
  auto reason = Then(events, "2026-04-30T23:59:59Z");
  REQUIRE(reason);
  CHECK(*reason ==
        "excluded then by its voice address, deleted 2026-06-01T00:00:00Z by maria (apply)");
  CHECK(Then(events, "2026-01-01T00:00:00Z"));
  CHECK(!Then(events, "2025-12-31T23:59:59Z"));  // before its start
  CHECK(!Then(events, "2026-05-01T00:00:00Z"));  // at its end
  CHECK(!ExcludedThen(events, ContactType::kSms, "0900", "", At("2026-02-01T00:00:00Z")));
  CHECK(!ExcludedThen(events, ContactType::kVoice, "0901", "", At("2026-02-01T00:00:00Z")));
}

TEST_CASE("what an update shortened stood until then") {
  const std::vector events = {
      Changed(1, "2026-03-01T00:00:00Z", "update", Entry("", "2026-01-01T00:00:00Z", nullptr))};
  CHECK(Then(events, "2026-02-01T00:00:00Z"));
  CHECK(!Then(events, "2026-03-01T00:00:00Z"));  // the org's entry of now counts from there
}

TEST_CASE("the first change after the time tells what stood then") {
  // Prolonged in March, deleted in June: in February it ended on the 10th still.
  const std::vector events = {
      Changed(2, "2026-06-01T00:00:00Z", "delete", Entry("", "2026-01-01T00:00:00Z", nullptr)),
      Changed(1, "2026-03-01T00:00:00Z", "update",
              Entry("", "2026-01-01T00:00:00Z", "2026-02-10T00:00:00Z"))};
  CHECK(Then(events, "2026-02-01T00:00:00Z"));
  CHECK(!Then(events, "2026-02-20T00:00:00Z"));
  CHECK(Then(events, "2026-05-01T00:00:00Z"));
}

TEST_CASE("what was created since had not been there") {
  const std::vector events = {
      Changed(2, "2026-06-01T00:00:00Z", "delete", Entry("", "2026-01-01T00:00:00Z", nullptr)),
      Changed(1, "2026-03-01T00:00:00Z", "create", {})};
  CHECK(!Then(events, "2026-02-01T00:00:00Z"));
  CHECK(Then(events, "2026-04-01T00:00:00Z"));
}

TEST_CASE("an entry of one list counts for that list alone") {
  const std::vector events = {Changed(1, "2026-06-01T00:00:00Z", "delete",
                                      Entry("L1", "2026-01-01T00:00:00Z", nullptr),
                                      "voice:0900@L1")};
  CHECK(Then(events, "2026-02-01T00:00:00Z", "L1"));
  CHECK(!Then(events, "2026-02-01T00:00:00Z", "l1"));
  CHECK(!Then(events, "2026-02-01T00:00:00Z"));
}

TEST_CASE("an event that holds only some fields proves nothing") {
  auto event =
      Changed(1, "2026-06-01T00:00:00Z", "update", Entry("", "2026-01-01T00:00:00Z", nullptr));
  event.before = {{"end", "2026-05-01T00:00:00Z"}};
  CHECK(!Then({event}, "2026-02-01T00:00:00Z"));
}

}  // namespace viasync::workflow
