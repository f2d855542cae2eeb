#include "engine/base/ci_commands.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <nlohmann/json.hpp>

namespace viasync::base {

TEST_CASE("what a CI runner would act on is broken up") {
  struct {
    const char* text;
    const char* safe;
  } cases[] = {
      {"a ##vso[task.setvariable variable=PATH]x",
       R"(a \u0023#vso[task.setvariable variable=PATH]x)"},
      {"##[error]x", R"(\u0023#[error]x)"},
      {"###[x ##VSO[y", R"(#\u0023#[x \u0023#VSO[y)"},
      {"x ##teamcity[buildStop]", R"(x \u0023#teamcity[buildStop])"},
      {"::add-mask::x", R"(\u003a:add-mask::x)"},
      {"  \t::stop-commands::x", "  \t\\u003a:stop-commands::x"},
      {"a\n ::set-output name=a::b\n", "a\n \\u003a:set-output name=a::b\n"},
      {"a\r::error::b", "a\r\\u003a:error::b"},
      {"\xC2\xA0\xE3\x80\x80::error::b", "\xC2\xA0\xE3\x80\x80\\u003a:error::b"},
      {"\xEF\xBB\xBF::error::b", "\xEF\xBB\xBF\\u003a:error::b"},
      {"section_start:1:a\r\x1b[0K", "section\\u005fstart:1:a\r\x1b[0K"},
      {"x section_end:1:a", R"(x section\u005fend:1:a)"},
      {"travis_fold:start:x", R"(travis\u005ffold:start:x)"},
      {"--- group", R"(\u002d-- group)"},
      {"x\n+++ group\n", "x\n\\u002b++ group\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(BreakUpCommands(c.text) == c.safe);
    CHECK(BreakUpCommands(c.safe) == c.safe);
  }
}

TEST_CASE("everything else stays as it is") {
  for (const char* text :
       {"", "a::b", "std::string ::x", "## heading", "# [link]", "##", "| --- | --- |", "---\n",
        " --- x", "- - -", "section_start", "C# [x]", "\n\n", "sections: s", "#1[x"}) {
    CAPTURE(text);
    CHECK(BreakUpCommands(text) == text);
  }
  CHECK(BreakUpCommands("::x", /*at_line_start=*/false) == "::x");
}

TEST_CASE("a command that comes in pieces is broken up like one that comes at once") {
  const std::string text = "a\n  ::error::x\n##vso[y]\nsection_start:1:b\nend";
  CHECK(rc::check([&] {
    CommandFilter filter;
    std::string out;
    std::string_view rest = text;
    while (!rest.empty()) {
      auto size = *rc::gen::inRange<std::size_t>(1, rest.size() + 1);
      out += filter.Pass(rest.substr(0, size), false);
      rest.remove_prefix(size);
    }
    out += filter.Pass({}, true);
    RC_ASSERT(out == BreakUpCommands(text));
  }));
}

TEST_CASE("JSON means the same afterwards") {
  CHECK(rc::check([] {
    auto part = rc::gen::element<std::string>("##vso[", "::", "\n", " ", "##[",
                                              "section_start:", "--- ", "a", "\\", "\"", "#");
    auto parts = *rc::gen::container<std::vector<std::string>>(part);
    std::string text;
    for (const auto& one : parts) text += one;
    nlohmann::json json = {{text, {text, 1}}};
    for (int indent : {-1, 2}) {
      auto safe = BreakUpCommands(json.dump(indent));
      RC_ASSERT(nlohmann::json::parse(safe) == json);
      RC_ASSERT(safe.find("##vso[") == std::string::npos);
    }
  }));
}

}  // namespace viasync::base
