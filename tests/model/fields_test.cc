#include "engine/model/fields.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>

#include "engine/base/times.h"

namespace viasync::model {
namespace {

template <class R>
void CheckTable() {
  std::set<std::string_view> names;
  std::vector<std::string_view> writable;
  bool keys_are_over = false;
  for (const auto& field : Fields<R>()) {
    CHECK(names.insert(field.name).second);
    CHECK_FALSE((field.key && keys_are_over));  // keys first
    keys_are_over |= !field.key;
    if (!field.key) writable.push_back(field.name);
  }
  CHECK(std::ranges::equal(writable, WritableFieldNames(kKindOf<R>)));
}

TEST_CASE("field tables: unique names, keys first, and WritableFieldNames agrees") {
  CheckTable<Filter>();
  CheckTable<Exclusion>();
  CheckTable<List>();
}

TEST_CASE("only an exclusion's start is filled in by the org; a list's type is no field") {
  for (const auto& field : Fields<Exclusion>())
    CHECK(field.org_fills_in == (field.name == "start"));
  for (const auto& field : Fields<Filter>()) CHECK_FALSE(field.org_fills_in);
  for (const auto& field : Fields<List>()) CHECK(field.name != "type");
}

Filter FilterOf(const std::string& description, const std::string& criteria) {
  return {.name = "F", .description = description, .schema = "Base", .criteria = criteria};
}

TEST_CASE("values are compared by meaning") {
  CHECK(SameValue(FilterOf("", "1=1"), FilterOf(" \n", "1 = 1")));
  CHECK(SameValue(FilterOf("text", "a = 1 AND b = 2"), FilterOf("text ", "a=1 and b=2")));
  CHECK_FALSE(SameValue(FilterOf("text", "1=1"), FilterOf("Text", "1=1")));
  CHECK_FALSE(SameValue(FilterOf("", "a = 1"), FilterOf("", "a = 2")));
  Exclusion a{.address = "1", .start = base::ParseTime("2017-11-03T23:20:50Z")};
  Exclusion b{.address = "1", .start = base::ParseTime("2017-11-04T00:20:50.000+01:00")};
  CHECK(SameValue(a, b));
  b.end = b.start;
  CHECK_FALSE(SameValue(a, b));
  CHECK(SameValue(List{.name = "L", .type = ListType::kStatic},
                  List{.name = "L", .type = ListType::kDynamic}));
}

TEST_CASE("ValuesOf: in the table's order, empty values left out") {
  Exclusion exclusion{.type = ContactType::kSms,
                      .address = "1",
                      .reason = "asked",
                      .end = base::ParseTime("2020-01-01T00:00:00.000Z")};
  CHECK(ValuesOf(exclusion) == Values{{"type", "sms"},
                                      {"address", "1"},
                                      {"reason", "asked"},
                                      {"end", "2020-01-01T00:00:00Z"}});
}

TEST_CASE("FromValues refuses an unknown field and a text that is no value") {
  CHECK_FALSE(FromValues<Filter>({{"name", "F"}, {"colour", "red"}}));
  CHECK_FALSE(FromValues<Filter>({{"type", "voice"}}));
  CHECK_FALSE(FromValues<Exclusion>({{"type", "Voice"}}));
  CHECK_FALSE(FromValues<Exclusion>({{"start", "yesterday"}}));
  CHECK(FromValues<Exclusion>({{"start", ""}}).has_value());
  CHECK(FromValues<List>({}).has_value());
}

std::optional<base::UtcTime> AnyTime() {
  if (*rc::gen::arbitrary<bool>()) return std::nullopt;
  return base::UtcTime{
      base::Millis{*rc::gen::inRange<std::int64_t>(-62167219200000, 253402300800000)}};
}

TEST_CASE("any resource reads back from its values byte by byte") {
  CHECK(rc::check(
      [](const std::string& a, const std::string& b, const std::string& c, const std::string& d) {
        Filter filter{.name = a, .description = b, .schema = c, .criteria = d};
        auto read = FromValues<Filter>(ValuesOf(filter));
        RC_ASSERT(read.has_value());
        RC_ASSERT(ValuesOf(*read) == ValuesOf(filter));
        RC_ASSERT(SameValue(*read, filter));

        Exclusion exclusion{.type = *ContactTypeFromNumber(*rc::gen::inRange(0, 5)),
                            .address = a,
                            .list = b,
                            .reason = c,
                            .start = AnyTime(),
                            .end = AnyTime()};
        auto back = FromValues<Exclusion>(ValuesOf(exclusion));
        RC_ASSERT(back.has_value());
        RC_ASSERT(ValuesOf(*back) == ValuesOf(exclusion));
        RC_ASSERT(KeyWithStart(*back) == KeyWithStart(exclusion));

        auto list = FromValues<List>(ValuesOf(List{.name = a, .filter = b}));
        RC_ASSERT(list && list->name == a && list->filter == b);
      }));
}

TEST_CASE("copy makes the same, and changes nothing else") {
  Filter from = FilterOf("new", "b = 2");
  for (const auto& field : Fields<Filter>()) {
    Filter to{.name = "old", .description = "old", .schema = "old", .criteria = "old = 1"};
    const Filter before = to;
    field.copy(to, from);
    CHECK(field.same(to, from));
    for (const auto& other : Fields<Filter>()) {
      if (other.name != field.name) CHECK(other.same(to, before));
    }
  }
}

}  // namespace
TEST_CASE("a fraction of a second counts only where both sides have one") {
  auto at = [](const char* start) {
    return Exclusion{.address = "1", .start = base::ParseTime(start)};
  };
  CHECK(SameValue(at("2026-01-05T00:00:00.525Z"), at("2026-01-05T00:00:00Z")));
  CHECK(SameValue(at("2026-01-05T00:00:00.525Z"), at("2026-01-05T00:00:01Z")));
  CHECK_FALSE(SameValue(at("2026-01-05T00:00:00.525Z"), at("2026-01-05T00:00:00.526Z")));
  CHECK_FALSE(SameValue(at("2026-01-05T00:00:00Z"), at("2026-01-05T00:00:01Z")));
  CHECK_FALSE(SameValue(at("2026-01-05T00:00:00.525Z"), at("2026-01-05T00:00:02Z")));
  CHECK_FALSE(SameValue(at("2026-01-05T00:00:00Z"), Exclusion{.address = "1"}));
}

}  // namespace viasync::model
