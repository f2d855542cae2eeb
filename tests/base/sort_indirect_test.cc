#include "engine/base/sort_indirect.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace viasync::base {

TEST_CASE("what is sorted by indexes is as sorted by itself") {
  CHECK(rc::check("any texts", [](std::vector<std::string> texts) {
    auto sorted = texts;
    std::ranges::sort(sorted);
    SortIndirect(texts, std::less<>());
    RC_ASSERT(texts == sorted);
  }));
}

}  // namespace viasync::base
