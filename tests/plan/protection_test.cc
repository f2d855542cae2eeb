// Who may be contacted again: what counts as taking protection away, and what does not.
#include "engine/plan/protection.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>

#include "engine/base/times.h"
#include "tests/plan/plans.h"

namespace viasync::plan {
namespace {

const base::UtcTime kNow = *base::ParseTime("2026-06-01T00:00:00Z");
constexpr const char* kPast = "2026-01-01T00:00:00Z";
constexpr const char* kFuture = "2027-01-01T00:00:00Z";
constexpr const char* kLater = "2028-01-01T00:00:00Z";

// An entry of one side, as the fields of a create or delete have it.
Change Entry(Action action, Direction direction, const char* list, const char* start,
             const char* end, const char* address = "1", const char* type = "voice") {
  Change change{.kind = Kind::kExclusion,
                .key = std::string(type) + ":" + address + "@" + (*list ? list : "*"),
                .action = action,
                .direction = direction,
                .protects = action == Action::kCreate};
  if (action == Action::kDelete) change.protected_until = base::ParseTime(end);
  const bool local = (direction == Direction::kPush) == (action == Action::kCreate);
  auto add = [&](const char* name, const char* value) {
    if (!*value) return;
    reconcile::FieldChange field{.name = name};
    (local ? field.local : field.remote) = value;
    change.fields.push_back(field);
  };
  add("type", type), add("address", address), add("list", list);
  add("start", start), add("end", end);
  return change;
}

Change Gone(const char* list, const char* start = kPast, const char* end = "") {
  return Entry(Action::kDelete, Direction::kPush, list, start, end);
}
Change Made(const char* list, const char* start = kPast, const char* end = "",
            const char* address = "1", const char* type = "voice") {
  return Entry(Action::kCreate, Direction::kPush, list, start, end, address, type);
}

std::size_t CountOf(std::vector<Change> changes, base::UtcTime now = kNow) {
  MarkUnprotecting(changes, now);
  return static_cast<std::size_t>(std::ranges::count_if(changes, &Change::unprotects));
}

TEST_CASE("an entry that goes or gets shorter counts until it has ended") {
  CHECK(CountOf({Gone("L")}) == 1);
  CHECK(CountOf({Gone("L", kPast, kFuture)}) == 1);
  CHECK(CountOf({Gone("L", kFuture, kLater)}) == 1);  // it would have protected somebody
  CHECK(CountOf({Gone("L", kPast, kPast)}) == 0);
  auto shorter = PushOf(Kind::kExclusion, "voice:1@L", Action::kUpdate);
  CHECK(CountOf({shorter}) == 1);
  shorter.protected_until = kNow;
  CHECK(CountOf({shorter}) == 0);  // the end itself is not protected
  CHECK(CountOf({shorter}, kNow - base::Millis(1)) == 1);
  shorter.protects = true;
  CHECK(CountOf({shorter}, kNow - base::Millis(1)) == 0);
}

TEST_CASE("filters and lists protect nobody") {
  CHECK(CountOf({PushOf(Kind::kFilter, "F", Action::kDelete),
                 PushOf(Kind::kList, "L", Action::kUpdate)}) == 0);
}

TEST_CASE("an entry that is replaced counts unless the new one covers all that is left of it") {
  struct Row {
    const char* sentence;
    Change gone, made;
    std::size_t count;
  };
  for (const auto& [sentence, gone, made, count] : {
           Row{"narrowed from all lists to one", Gone(""), Made("L"), 1},
           {"widened from one list to all", Gone("L"), Made(""), 0},
           {"moved to another list", Gone("L"), Made("M"), 1},
           {"another address", Gone("L"), Made("L", kPast, "", "2"), 1},
           {"another type", Gone("L"), Made("L", kPast, "", "1", "sms"), 1},
           {"the same again, from now on", Gone("L"), Made("L", ""), 0},
           {"the same again, but later", Gone("L"), Made("L", kFuture), 1},
           {"from when it would have begun", Gone("L", kFuture), Made("L", kFuture), 0},
           {"as long", Gone("L", kPast, kFuture), Made("", kPast, kFuture), 0},
           {"longer", Gone("L", kPast, kFuture), Made("", kPast, kLater), 0},
           {"without end", Gone("L", kPast, kFuture), Made(""), 0},
           {"shorter", Gone("L", kPast, kLater), Made("", kPast, kFuture), 1},
           {"with an end where there was none", Gone("L"), Made("", kPast, kLater), 1},
       }) {
    CAPTURE(std::string(sentence));
    CHECK(CountOf({gone, made}) == count);
    CHECK(CountOf({made, gone}) == count);
  }
}

TEST_CASE("what is made on one side replaces nothing on the other") {
  auto in_files = Entry(Action::kDelete, Direction::kPull, "L", kPast, "");
  CHECK(CountOf({in_files, Made("")}) == 1);
  CHECK(CountOf({in_files, Entry(Action::kCreate, Direction::kPull, "", kPast, "")}) == 0);
  CHECK(CountOf({Gone("L"), Entry(Action::kCreate, Direction::kPull, "", kPast, "")}) == 1);
}

TEST_CASE("entries whose address is not known replace nothing") {
  auto gone = PushOf(Kind::kExclusion, "a", Action::kDelete);
  auto made = PushOf(Kind::kExclusion, "b", Action::kCreate, true);
  CHECK(CountOf({gone, made}) == 1);
}

// Protected at `at` on `list` by one of `entries`, as (list, start, end) in days from kNow.
struct Span {
  std::string list;
  int start, end;
};
bool Protected(const std::vector<Span>& entries, const std::string& list, int at) {
  return std::ranges::any_of(entries, [&](const Span& entry) {
    return (entry.list.empty() || entry.list == list) && entry.start <= at && at < entry.end;
  });
}

TEST_CASE("whoever can be contacted after a plan, and could not before, is counted") {
  CHECK(rc::check([] {
    auto any = [] {
      int start = *rc::gen::inRange(-4, 4);
      return Span{*rc::gen::elementOf(std::vector<std::string>{"", "L", "M"}), start,
                  start + *rc::gen::inRange(1, 6)};
    };
    auto text = [](int days) { return base::FormatTimeShort(kNow + std::chrono::days(days)); };
    auto gone = *rc::gen::container<std::vector<Span>>(*rc::gen::inRange(0, 3), rc::gen::exec(any));
    auto made = *rc::gen::container<std::vector<Span>>(*rc::gen::inRange(0, 3), rc::gen::exec(any));
    std::vector<Change> changes;
    for (const auto& [list, start, end] : gone) {
      changes.push_back(Gone(list.c_str(), text(start).c_str(), text(end).c_str()));
    }
    for (const auto& [list, start, end] : made) {
      changes.push_back(Made(list.c_str(), text(start).c_str(), text(end).c_str()));
    }
    bool lost = false;
    for (const char* list : {"L", "M", "another"}) {
      for (int at = 0; at < 12; ++at)
        lost |= Protected(gone, list, at) && !Protected(made, list, at);
    }
    auto count = CountOf(changes);
    if (lost) RC_ASSERT(count > 0);
    if (made.empty()) RC_ASSERT((count > 0) == lost);
  }));
}

}  // namespace
}  // namespace viasync::plan
