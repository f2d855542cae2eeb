#include "engine/contract/codes.h"

#include <doctest/doctest.h>

#include <string>

namespace viasync::contract {
namespace {

TEST_CASE("every code is found by its number and by its word, however it is written") {
  const std::pair<const char*, std::size_t> tables[] = {
      {"ContactType", 5},     {"EndPattern", 2},        {"ListStatus", 6},
      {"ListType", 4},        {"ScriptStatus", 3},      {"CheckResult", 3},
      {"ExclusionType", 10},  {"NumberType", 4},        {"StrategyStatus", 62},
      {"PlayMessageType", 3}, {"LocallyTerminated", 2}, {"ScriptStatusQuery", 3}};
  for (const auto& [table, count] : tables) {
    CAPTURE(table);
    const Codes codes(table);
    CHECK(codes.All().size() == count);
    for (std::int64_t code : codes.All()) {
      CHECK(codes.Parse(codes.Word(code)) == code);
      CHECK(codes.Parse(std::to_string(code)) == code);
    }
  }
  const Codes status("StrategyStatus");
  for (const char* text : {"build complete with errors", "BuildCompleteWithErrors",
                           "build-complete-with-errors", " BUILD_COMPLETE_WITH_ERRORS ", "58"}) {
    CHECK(status.Parse(text) == 58);
  }
  CHECK(status.Word(29) == "dearchive failed");
}

TEST_CASE("a code that nobody listed is shown as it is, and no word is guessed") {
  const Codes type("ListType");
  CHECK(type.Word(17) == "17");
  CHECK_FALSE(type.Knows(17));
  auto wrong = type.Parse("dynamik");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message == "`dynamik` is no list type");
  CHECK(wrong.error().hint == "did you mean `dynamic`?");
  CHECK_FALSE(type.Parse("17"));
  CHECK_FALSE(type.Parse(""));
  CHECK(type.Parse("zzzzzzzz").error().hint ==
        "write one of static, dynamic, fast path, active sort, or its code");
}

}  // namespace
}  // namespace viasync::contract
