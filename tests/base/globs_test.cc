#include "engine/base/globs.h"

#include <doctest/doctest.h>
#include <fnmatch.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

namespace viasync::base {
namespace {

struct Glob {
  const char* pattern;
  const char* text;
  bool matches;
};

TEST_CASE("globs match whole names") {
  for (const Glob& glob : {
           Glob{"*", "", true},
           {"*", "anything", true},
           {"", "", true},
           {"", "a", false},
           {"ADHOC_*", "ADHOC_", true},
           {"ADHOC_*", "ADHOC_1", true},
           {"ADHOC_*", "XADHOC_1", false},
           {"ADHOC_*", "adhoc_1", false},
           {"*_old", "a_old", true},
           {"*_old", "a_old_b", false},
           {"a*b*c", "abc", true},
           {"a*b*c", "a1b2b3c", true},
           {"a*b*c", "a1c", false},
           {"**", "x", true},
           {"a?c", "abc", true},
           {"a?c", "ac", false},
           {"?", "é", true},
           {"??", "é", false},
           {"a?c", "a€c", true},
           {"*?", "é", true},
           {"*??", "é", false},
           {"?", "\xff", true},
           {"[a]", "[a]", false},
           {"[a]", "a", true},
           {"a.c", "abc", false},
       }) {
    CAPTURE(glob.pattern);
    CAPTURE(glob.text);
    CHECK(GlobMatch(glob.pattern, glob.text) == glob.matches);
  }
}

TEST_CASE("globs: a backslash takes the next character as it is") {
  for (const Glob& glob : {
           Glob{"a\\*", "a*", true},
           {"a\\*", "ab", false},
           {"a\\*", "a", false},
           {"\\?", "?", true},
           {"\\?", "x", false},
           {"\\\\", "\\", true},
           {"a\\", "a\\", true},
           {"*\\*", "ab*", true},
           {"*\\*", "ab", false},
       }) {
    CAPTURE(glob.pattern);
    CAPTURE(glob.text);
    CHECK(GlobMatch(glob.pattern, glob.text) == glob.matches);
  }
}

TEST_CASE("many stars do not explode") {
  std::string pattern, text(20'000, 'a');
  for (int i = 0; i < 50; ++i) pattern += "*a";
  CHECK_FALSE(GlobMatch(pattern + "b", text));
}

TEST_CASE("a quoted name matches itself alone") {
  CHECK(rc::check([](const std::string& name, const std::string& other) {
    std::string quoted;
    for (char c : name) quoted += {'\\', c};
    RC_ASSERT(GlobMatch(quoted, name));
    RC_ASSERT(GlobMatch(quoted, other) == (name == other));
  }));
}

TEST_CASE("globs: sets in brackets") {
  for (const Glob& glob : {
           Glob{"QA_[0-9]*", "QA_1", true},
           {"QA_[0-9]*", "QA_x", false},
           {"QA_[!0-9]*", "QA_x", true},
           {"QA_[!0-9]*", "QA_1", false},
           {"QA_[^0-9]*", "QA_1", false},
           {"[[:digit:]]?", "1a", true},
           {"[[:digit:]]?", "aa", false},
           {"[[:upper:]_]", "_", true},
           {"[![:space:]]", "\t", false},
           {"[]a]", "]", true},
           {"[!]a]", "]", false},
           {"[a-]", "-", true},
           {"[-a]", "-", true},
           {"[\\]]", "]", true},
           {"[a\\-c]", "b", false},
           {"[ä-ü]", "ö", true},
           {"[ä-ü]", "o", false},
           {"x[é]y", "xéy", true},
           {"[!a]", "é", true},
           {"*[0-9]", "a1b2", true},
           {"*[!é]", "é", false},
           {"*[!é]", "aé", false},
           {"[*]", "*", true},
           {"[*]", "x", false},
           {"[a", "[a", true},
       }) {
    CAPTURE(glob.pattern);
    CAPTURE(glob.text);
    CHECK(GlobMatch(glob.pattern, glob.text) == glob.matches);
  }
}

TEST_CASE("GlobFault names what another dialect would read differently, and where") {
  struct Row {
    const char* pattern;
    std::size_t offset;
    const char* what;
  };
  for (const auto& [pattern, offset, what] : {
           Row{"QA_[0-9", 3, "`[` is never closed"},
           {"a[", 1, "`[` is never closed"},
           {"a[]", 1, "`[` is never closed"},
           {"a[!", 1, "`[` is never closed"},
           {"[z-a]", 1, "the range `z-a` ends before it begins"},
           {"[[:foo:]]", 1, "`[:foo` begins no known class"},
           {"[[:digit]", 1, "`[:digit]` begins no known class"},
           {"[[.a.]]", 1, "collating elements are not known here"},
           {"{a,b}", 0, "`{` does not list alternatives here"},
           {"a}", 1, "`}` does not list alternatives here"},
           {"!ADHOC_*", 0, "`!` in front does not exclude anything here"},
           {"a\\", 1, "`\\` at the end quotes nothing"},
       }) {
    CAPTURE(pattern);
    auto fault = GlobFault(pattern);
    REQUIRE(fault.has_value());
    CHECK(fault->offset == offset);
    CHECK(fault->what == what);
    CHECK_FALSE(fault->remedy.empty());
  }
  for (const char* fine :
       {"", "*", "a?b", "a!b", "[!a]", "[{]", "\\{a\\}", "\\!a", "\\[", "[\\]]"}) {
    CAPTURE(fine);
    CHECK_FALSE(GlobFault(fine).has_value());
  }
}

TEST_CASE("law: what has no fault matches as fnmatch(3) does") {
  CHECK(rc::check([] {
    auto piece = rc::gen::elementOf(std::vector<std::string>{"a",
                                                             "b",
                                                             "c",
                                                             "1",
                                                             "-",
                                                             "*",
                                                             "?",
                                                             "[",
                                                             "]",
                                                             "!",
                                                             "^",
                                                             "\\",
                                                             "[a-c]",
                                                             "[!a]",
                                                             "[^1b]",
                                                             "[[:digit:]]",
                                                             "[[:alpha:]-]",
                                                             "[]a]",
                                                             "[a-",
                                                             ":",
                                                             "."});
    auto letter =
        rc::gen::elementOf(std::vector<std::string>{"a", "b", "c", "1", "-", "]", "[", "\\", "!"});
    auto joined = [](const std::vector<std::string>& all) {
      std::string text;
      for (const auto& one : all) text += one;
      return text;
    };
    auto pattern = joined(*rc::gen::container<std::vector<std::string>>(piece));
    auto text = joined(*rc::gen::container<std::vector<std::string>>(letter));
    RC_PRE(!GlobFault(pattern).has_value());
    bool expected = fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
    RC_CLASSIFY(expected, "matches");
    RC_LOG() << pattern << " " << text << "\n";
    RC_ASSERT(GlobMatch(pattern, text) == expected);
  }));
}

TEST_CASE("whatever the bytes are, matching ends") {
  CHECK(rc::check([](const std::string& pattern, const std::string& text) {
    GlobMatch(pattern, text);
    if (auto fault = GlobFault(pattern)) RC_ASSERT(fault->offset < pattern.size());
  }));
}

}  // namespace
}  // namespace viasync::base
