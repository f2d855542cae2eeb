#include "engine/base/optional_text.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>

namespace viasync::base {

TEST_CASE("a text or none behaves as std::optional does") {
  OptionalText none, empty(""), text("a");
  CHECK_FALSE(none.has_value());
  CHECK(empty.has_value());
  CHECK(none != empty);
  CHECK(text == OptionalText(std::string("a")));
  CHECK(none.value_or("b") == "b");
  CHECK(text.value_or("b") == "a");
  CHECK(OptionalText(std::optional<std::string>()) == std::nullopt);

  OptionalText copy = text;
  *copy = "c";
  CHECK(*text == "a");
  text = copy;
  CHECK(*text == "c");
  text = std::move(copy);
  CHECK(text->size() == 1);
  text = std::nullopt;
  CHECK_FALSE(text);
}

}  // namespace viasync::base
