#include "engine/config/variables.h"

#include <doctest/doctest.h>

namespace viasync::config {
namespace {

const Variables kVariables = {{"days", "30"}, {"none", ""}, {"states", "'AK', 'WA'"}};

TEST_CASE("variables are replaced, everything else stays") {
  struct {
    const char* text;
    const char* expanded;
  } cases[] = {
      {"", ""},
      {"a", "a"},
      {"${days}", "30"},
      {"D > ${days} AND S IN (${states})", "D > 30 AND S IN ('AK', 'WA')"},
      {"${none}${days}${none}", "30"},
      {"$${days}", "${days}"},
      {"$$${days}", "$${days}"},
      {"5 $ $x {y} $", "5 $ $x {y} $"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    std::size_t offset = 0;
    CHECK(Expand(c.text, kVariables, offset).value() == c.expanded);
  }
}

TEST_CASE("what cannot be replaced is told with its place") {
  struct {
    const char* text;
    std::size_t offset;
    const char* message;
  } cases[] = {
      {"a ${dayz} b", 2,
       "variable `dayz` is not defined in this environment (did you mean `days`?)"},
      {"${days}${", 7, "`${` has no closing `}`"},
      {"${da\nys}", 0, "`${` has no closing `}`"},
      {"${}", 0, "variable `` is not defined in this environment"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    std::size_t offset = 99;
    auto expanded = Expand(c.text, kVariables, offset);
    REQUIRE_FALSE(expanded.has_value());
    CHECK(expanded.error().message.starts_with(c.message));
    CHECK(offset == c.offset);
  }
}

TEST_CASE("a place in the result leads back to the text") {
  const std::string text = "a${days}b$${c";
  const std::string expanded = "a30b${c";
  const std::size_t places[] = {0, 1, 1, 8, 9, 10, 12};
  for (std::size_t i = 0; i < expanded.size(); ++i) {
    CAPTURE(i);
    CHECK(OriginalOffset(text, kVariables, i) == places[i]);
  }
}

}  // namespace
}  // namespace viasync::config
