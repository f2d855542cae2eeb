#include <doctest/doctest.h>

#include <set>
#include <string>

#include "engine/base/times.h"
#include "engine/model/fields.h"
#include "engine/model/manage.h"
#include "engine/model/resources.h"

namespace viasync::model {
namespace {

TEST_CASE("names of kinds and contact types read back, and nothing else does") {
  for (Kind kind : kKinds) {
    CHECK(ParseKind(KindName(kind)) == kind);
    CHECK(KindPlural(kind) == std::string(KindName(kind)) + "s");
  }
  for (const char* bad : {"", "filters", "Filter", "job"}) CHECK_FALSE(ParseKind(bad));
  for (int number = 0; number <= 4; ++number) {
    auto type = ContactTypeFromNumber(number);
    REQUIRE(type.has_value());
    CHECK(ParseContactType(ContactTypeName(*type)) == type);
  }
  for (std::int64_t bad : {std::int64_t{-1}, std::int64_t{5}, std::int64_t{1} << 40}) {
    CHECK_FALSE(ContactTypeFromNumber(bad));
  }
  for (const char* bad : {"", "Voice", "phone", "1"}) CHECK_FALSE(ParseContactType(bad));
}

TEST_CASE("contact types carry the API's numbers") {
  CHECK(ParseContactType("account") == ContactTypeFromNumber(0));
  CHECK(ParseContactType("voice") == ContactTypeFromNumber(1));
  CHECK(ParseContactType("email") == ContactTypeFromNumber(2));
  CHECK(ParseContactType("sms") == ContactTypeFromNumber(3));
  CHECK(ParseContactType("secondary") == ContactTypeFromNumber(4));
}

TEST_CASE("only dynamic and active sort lists take a filter") {
  CHECK(TakesFilter(ListType::kDynamic));
  CHECK(TakesFilter(ListType::kActiveSort));
  for (auto type : {ListType::kStatic, ListType::kFastPath, ListType::kUnknown}) {
    CHECK_FALSE(TakesFilter(type));
  }
  CHECK(ListTypeName(ListType::kUnknown) == "unknown");
  CHECK(ListTypeName(ListType::kActiveSort) == "active sort");
}

TEST_CASE("keys") {
  Exclusion voice{.type = ContactType::kVoice, .address = "09876322222", .list = "ContactList1"};
  CHECK(KeyOf(voice) == "voice:09876322222@ContactList1");
  CHECK(KeyWithStart(voice) == "voice:09876322222@ContactList1#");
  voice.start = base::ParseTime("2017-11-03T23:20:50.000Z");
  CHECK(KeyWithStart(voice) == "voice:09876322222@ContactList1#2017-11-03T23:20:50Z");
  *voice.start += base::Millis(525);  // an org may keep whole seconds only
  CHECK(KeyWithStart(voice) == "voice:09876322222@ContactList1#2017-11-03T23:20:50Z");
  voice.list = "";
  CHECK(KeyOf(voice) == "voice:09876322222@*");
  CHECK(KeyOf(Filter{.name = "Initial Phase"}) == "Initial Phase");
  CHECK(KeyOf(List{.name = "BaseOutreachList1"}) == "BaseOutreachList1");
}

TEST_CASE("what each key is made of tells entries apart") {
  std::set<std::string> keys;
  for (auto type : {ContactType::kVoice, ContactType::kSms}) {
    for (const char* address : {"1", "2"}) {
      for (const char* list : {"", "A", "a"}) {
        keys.insert(KeyOf(Exclusion{.type = type, .address = address, .list = list}));
      }
    }
  }
  CHECK(keys.size() == 12);
}

TEST_CASE("manage: include and exclude are globs on names, exclude wins") {
  ManageRule everything;
  CHECK(everything.Owns("anything"));
  CHECK(everything.Owns(""));
  ManageRule some{.include = {"Base*", "X"}, .exclude = {"*_old"}, .ignore = {"description"}};
  CHECK(some.Owns("BaseList"));
  CHECK(some.Owns("X"));
  CHECK_FALSE(some.Owns("Base_old"));
  CHECK_FALSE(some.Owns("base"));
  CHECK_FALSE(some.Owns(""));
  CHECK(some.Ignores("description"));
  CHECK_FALSE(some.Ignores("criteria"));
  CHECK_FALSE(ManageRule{.include = {}}.Owns("a"));
}

TEST_CASE("manage matches filters and lists by name, exclusions by list name") {
  CHECK(ManagedName(Filter{.name = "F"}) == "F");
  CHECK(ManagedName(List{.name = "L"}) == "L");
  CHECK(ManagedName(Exclusion{.address = "1", .list = "L"}) == "L");
  Manage manage;
  manage.For(Kind::kList).exclude = {"*"};
  CHECK(manage.For(Kind::kFilter).Owns("a"));
  CHECK_FALSE(manage.For(Kind::kList).Owns("a"));
}

TEST_CASE("the order is that of the keys as text") {
  std::vector<Exclusion> all;
  for (int type = 0; type < 5; ++type) {
    for (const char* address : {"", "1", "12", "1@", "1@x", "1!", "2", "a@b.c", "\xc3\xa9", "+1"}) {
      for (const char* list : {"", "*", "!", "@", "x", "x@", "Liste \xc3\xa9"}) {
        all.push_back({.type = static_cast<ContactType>(type),
                       .address = address,
                       .list = list,
                       .reason = {},
                       .start = {},
                       .end = {}});
      }
    }
  }
  for (const auto& a : all) {
    for (const auto& b : all) {
      if (CompareKeys(a, b) == (KeyOf(a) <=> KeyOf(b))) continue;
      CAPTURE(KeyOf(a));
      CAPTURE(KeyOf(b));
      FAIL("another order than that of the keys");
    }
  }
}

TEST_CASE("equal keys go by start; what needs none has no start") {
  auto at = [](int start) {
    Exclusion exclusion;
    exclusion.start = base::UtcTime(base::Millis(start));
    return exclusion;
  };
  CHECK(Compare(at(1), at(2)) < 0);
  CHECK(Compare(at(2), at(1)) > 0);
  CHECK(Compare(at(1), at(1)) == 0);
  CHECK(Compare(Exclusion{}, at(1)) < 0);
  CHECK(Compare(Filter{.name = "A"}, Filter{.name = "B"}) < 0);
  CHECK(StartOf(Filter{.name = "A"}) == nullptr);
}

TEST_CASE("a start behind a key comes off, and nothing else does") {
  CHECK(WithoutStart("voice:1@L#2026-01-05T00:00:00Z") == "voice:1@L");
  CHECK(WithoutStart("voice:1@L#") == "voice:1@L");
  for (const char* whole : {"voice:1@L", "voice:1@L#2", "Filter #12", ""}) {
    CHECK_FALSE(WithoutStart(whole));
  }
}

TEST_CASE("what is true of a kind is said once") {
  for (Kind kind : kKinds) {
    CHECK(InfoOf(kind).kind == kind);
    CHECK(WithKind(kind, []<class R> { return kKindOf<R>; }) == kind);
    CHECK(WithKind(kind, []<class R> { return Fields<R>().size(); }) == InfoOf(kind).fields);
    for (const auto& [field, to] : InfoOf(kind).references) CHECK(ShapeOf(kind, field));
  }
  CHECK(kProtector == Kind::kExclusion);
  CHECK_FALSE(ShapeOf(Kind::kFilter, "address"));
}

TEST_CASE("a set of fields holds as many as any kind has, and one more") {
  FieldSet fields;
  for (std::size_t i = 0; i <= kFieldsMax; ++i) {
    CHECK_FALSE(fields.Has(i));
    fields.Add(i);
    CHECK(fields.Has(i));
  }
  FieldSet first;
  first.Add(0);
  fields.Remove(first);
  CHECK_FALSE(fields.Has(0));
  CHECK(fields.Has(kFieldsMax));
}

}  // namespace
}  // namespace viasync::model
