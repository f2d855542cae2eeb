#include "engine/migrate/fates.h"

#include <doctest/doctest.h>

namespace viasync::migrate {
namespace {

const std::vector<Chosen> kObjects = {
    {"DISPOSITIONS", "ABC", "", ""}, {"DISPOSITIONS", "GHI", "", ""}, {"INPUTS", "B", "", ""}};
const std::vector<Chosen> kBefore = {{"DISPOSITIONS", "ABC", "", ""}, {"INPUTS", "B", "", ""}};

std::vector<api::BulkItem> After(const std::vector<std::pair<const char*, const char*>>& names) {
  std::vector<api::BulkItem> items;
  for (const auto& [group, name] : names) items.push_back({.group = group, .name = name});
  return items;
}

TEST_CASE("what the target holds afterwards says what became of each object") {
  auto fates = FatesOf(kObjects, kBefore, {},
                       After({{"Dispositions", "ABC"}, {"Dispositions", "GHI"}, {"Inputs", "B"}}));
  REQUIRE(fates.size() == 3);
  CHECK(fates[0].fate == Fate::kUpdated);
  CHECK(fates[1].fate == Fate::kCreated);
  fates = FatesOf(kObjects, kBefore, {}, After({{"Dispositions", "ABC"}, {"Inputs", "B"}}));
  CHECK(fates[1].fate == Fate::kMissing);
}

TEST_CASE("a salted copy that no answer explains is a renamed one, never an update") {
  for (const char* copy : {"SA1ABC", "ABCx"}) {
    auto fates = FatesOf(kObjects, kBefore, {},
                         After({{"Dispositions", "ABC"},
                                {"Dispositions", copy},
                                {"Dispositions", "GHI"},
                                {"Inputs", "B"}}));
    CHECK(fates[0].fate == Fate::kRenamed);
    CHECK(fates[0].new_name == copy);
    CHECK(fates[2].fate == Fate::kUpdated);
  }
  // Another type, another name, too long for a salt, or there before: no copy of it.
  for (auto other : {std::pair("Inputs", "ABCx"),
                     {"Dispositions", "XYZ"},
                     {"Dispositions", "ABC12345"},
                     {"Dispositions", "ABC-1"}}) {
    auto fates = FatesOf(kObjects, kBefore, {},
                         After({{"Dispositions", "ABC"},
                                {"Dispositions", "GHI"},
                                {"Inputs", "B"},
                                {other.first, other.second}}));
    CHECK(fates[0].fate == Fate::kUpdated);
  }
}

}  // namespace
}  // namespace viasync::migrate
