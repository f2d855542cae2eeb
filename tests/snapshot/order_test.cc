#include "engine/snapshot/order.h"

#include <doctest/doctest.h>

#include <vector>

namespace viasync::snapshot {
namespace {

TEST_CASE("the order is that of the keys as text") {
  std::vector<model::Exclusion> all;
  for (int type = 0; type < 5; ++type) {
    for (const char* address : {"", "1", "12", "1@", "1@x", "1!", "2", "a@b.c", "\xc3\xa9", "+1"}) {
      for (const char* list : {"", "*", "!", "@", "x", "x@", "Liste \xc3\xa9"}) {
        all.push_back({.type = static_cast<model::ContactType>(type),
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

TEST_CASE("equal keys go by start, then id") {
  auto at = [](int start, const char* id) {
    model::Remote<model::Exclusion> remote;
    remote.value.start = base::UtcTime(base::Millis(start));
    remote.id = id;
    return remote;
  };
  CHECK(Before(at(1, "b"), at(2, "a")));
  CHECK_FALSE(Before(at(2, "a"), at(1, "b")));
  CHECK(Before(at(1, "a"), at(1, "b")));
  CHECK_FALSE(Before(at(1, "a"), at(1, "a")));
}

}  // namespace
}  // namespace viasync::snapshot
