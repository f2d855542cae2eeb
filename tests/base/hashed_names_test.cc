#include "engine/base/hashed_names.h"

#include <doctest/doctest.h>

#include <string>

namespace viasync::base {

TEST_CASE("every name that was put in is found, and no other of many") {
  HashedNames names{"a", ""};
  CHECK(names.contains("a"));
  CHECK(names.contains(""));
  CHECK_FALSE(HashedNames().contains(""));
  for (int i = 0; i < 10'000; ++i) CHECK(names.insert("name " + std::to_string(i)) != 0);
  CHECK(names.insert("name 7") == 0);
  CHECK(names.size() == 10'002);
  for (int i = 0; i < 10'000; ++i) {
    CHECK(names.contains("name " + std::to_string(i)));
    CHECK_FALSE(names.contains("other " + std::to_string(i)));
  }
  names.clear();
  CHECK(names.empty());
  CHECK_FALSE(names.contains("a"));
}

}  // namespace viasync::base
