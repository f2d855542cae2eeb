// A kind that is in no list: what a struct and its traits give by themselves.
#include <doctest/doctest.h>

#include <array>
#include <string>

#include "engine/model/field_makers.h"
#include "engine/model/resources.h"

namespace viasync::model {

struct Reminder {
  std::string name, list, phone, customer, account, agent, work_type, time_zone, memo, condition;
  ContactType by = ContactType::kVoice;
  std::optional<base::UtcTime> start, end;
};

template <>
struct KindTraits<Reminder> : KindDefaults {
  static constexpr Reference kReferences[] = {{"list", Kind::kList}};
  static constexpr KindInfo kInfo{.kind = static_cast<Kind>(kKindCount),
                                  .name = "reminder",
                                  .plural = "reminders",
                                  .number_on_disk = 99,
                                  .fields = 13,
                                  .can_delete = false,
                                  .references = kReferences};
  static constexpr auto kName = &Reminder::name;
  static std::span<const Field<Reminder>> Fields();
};

namespace {

constexpr std::array kFields = {
    Key(Name<&Reminder::name>("name")),
    Name<&Reminder::list>("list"),
    Text<&Reminder::phone>("phone"),
    Text<&Reminder::customer>("customer"),
    Text<&Reminder::account>("account"),
    Text<&Reminder::agent>("agent"),
    Text<&Reminder::work_type>("work_type"),
    Text<&Reminder::time_zone>("time_zone"),
    KeptWhenLeftOut(Text<&Reminder::memo>("memo")),
    Criteria<&Reminder::condition>("condition"),
    Word<&Reminder::by>("by"),
    Time<&Reminder::start>("start"),
    Time<&Reminder::end>("end"),
};
static_assert(kFields.size() == InfoOf<Reminder>().fields);
static_assert(KeyedByName<Reminder>);
static_assert(!KeyedByName<Exclusion>);

Reminder Sample() {
  return {.name = "Call back",
          .list = "L",
          .phone = "+12025550111",
          .condition = "a = 1",
          .by = ContactType::kSms,
          .start = base::ParseTime("2026-02-03T09:30:00Z")};
}

}  // namespace

std::span<const Field<Reminder>> KindTraits<Reminder>::Fields() { return kFields; }

TEST_CASE("a kind of thirteen fields reads back from its values") {
  const Reminder sample = Sample();
  auto values = ValuesOf(sample);
  CHECK(values.size() == 6);
  auto read = FromValues<Reminder>(values);
  REQUIRE(read);
  CHECK(SameValue(*read, sample));
  CHECK(ValuesOf(*read) == values);
  values.emplace_back("colour", "red");
  CHECK_FALSE(FromValues<Reminder>(values));
}

TEST_CASE("its key is its name, and it has no start that tells entries apart") {
  const Reminder sample = Sample();
  Reminder other = sample;
  other.name = "Later";
  CHECK(KeyOf(sample) == "Call back");
  CHECK(KeyWithStart(sample) == "Call back");
  CHECK(ManagedName(sample) == "Call back");
  CHECK(StartOf(sample) == nullptr);
  CHECK(Compare(sample, other) < 0);
  CHECK_FALSE(SameKey(sample, other));
  other = sample;
  other.start.reset();
  CHECK(Compare(sample, other) == 0);
}

TEST_CASE("fields are compared by their shapes") {
  const Reminder sample = Sample();
  Reminder other = sample;
  other.condition = "a=1";
  other.memo = " ";
  CHECK(SameValue(sample, other));
  const auto& condition = Fields<Reminder>()[FieldIndex<Reminder>("condition")];
  CHECK(condition.same(sample, other));
  CHECK_FALSE(condition.identical(sample, other));
  other.list = "L ";
  CHECK_FALSE(SameValue(sample, other));
  CHECK_FALSE(Fields<Reminder>()[FieldIndex<Reminder>("by")].parse(other, "pigeon"));
}

TEST_CASE("a declared entry marks any of its fields") {
  Declared<Reminder> entry{.value = Sample()};
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    CHECK_FALSE(entry.emptied.Has(i));
    entry.emptied.Add(i);
  }
  CHECK(entry.emptied.Has(12));
}

}  // namespace viasync::model
