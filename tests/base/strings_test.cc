#include "engine/base/strings.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>
#include <string>

namespace viasync::base {
namespace {

TEST_CASE("Trim, Split and Join") {
  CHECK(Trim(" \t\r\n a b \f\v") == "a b");
  CHECK(Trim(" \n ").empty());
  CHECK(Trim("").empty());
  CHECK(Split("a,,b,", ',') == std::vector<std::string_view>{"a", "", "b", ""});
  CHECK(Split("", ',') == std::vector<std::string_view>{""});
  CHECK(Join(std::array<std::string, 3>{"a", "", "b"}, ", ") == "a, , b");
  CHECK(Join({}, ", ").empty());
}

TEST_CASE("letter case is ASCII only: other bytes stay as they are") {
  CHECK(ToLower("ÄBC") == "Äbc");
  CHECK(ToUpper("straße[") == "STRAßE[");
  CHECK(EqualsIgnoreCase("Order", "oRDER"));
  CHECK_FALSE(EqualsIgnoreCase("Order", "Orders"));
  CHECK_FALSE(EqualsIgnoreCase("@", "`"));
}

TEST_CASE("Nearest suggests what a slip of the finger meant, and nothing else") {
  const std::array<std::string, 6> kKeys = {"name",     "description", "schema",
                                            "criteria", "id",          "end"};
  struct Row {
    const char* word;
    const char* wanted;  // nullptr: no suggestion
  };
  for (auto [word, wanted] : {Row{"critera", "criteria"},
                              {"creteria", "criteria"},
                              {"CRITERIA", "criteria"},
                              {"nmae", "name"},
                              {"desciption", "description"},
                              {"ends", "end"},
                              {"name", "name"},
                              {"xy", nullptr},
                              {"q", nullptr},
                              {"", nullptr},
                              {"foo", nullptr},
                              {"address", nullptr}}) {
    CAPTURE(word);
    auto found = Nearest(word, kKeys);
    CHECK(found.has_value() == (wanted != nullptr));
    if (found && wanted) CHECK(*found == wanted);
  }
}

TEST_CASE("Nearest: ties go to the first") {
  CHECK(Nearest("lisx", std::array<std::string, 2>{"list", "lisp"}) == "list");
  CHECK(Nearest("lisx", std::array<std::string, 2>{"lisp", "list"}) == "lisp");
}

TEST_CASE("Printable makes hostile bytes visible") {
  struct Row {
    std::string_view text;
    const char* safe;
  };
  using namespace std::string_view_literals;
  for (const auto& [text, safe] : {
           Row{"plain Ünïcödé €"sv, "plain Ünïcödé €"},
           {"\x1b[31mred\x1b[0m"sv, "\\x1b[31mred\\x1b[0m"},
           {"a\0b\x07"sv, "a\\x00b\\x07"},
           {"a\rb\nc\td"sv, "a\\rb\\nc\\td"},
           {"\x7f"sv, "\\x7f"},
           {"\xc2\x9b"sv, "\\x9b"},              // C1: the eight-bit CSI
           {"\xe2\x80\xae!oN"sv, "\\u202e!oN"},  // right-to-left override
           {"\xe2\x81\xa6x"sv, "\\u2066x"},      // left-to-right isolate
           {"\xe2\x80\x8b"sv, "\\u200b"},        // zero width space
           {"a\xc2\xad"
            "b"sv,
            "a\\xad"
            "b"},                               // soft hyphen
           {"\xef\xbb\xbf"sv, "\\ufeff"},       // byte order mark
           {"\xf3\xa0\x81\x81"sv, "\\ue0041"},  // tag letter A
           {"a\xe1\x85\x9f\xe1\x85\xa0\xe3\x85\xa4\xe2\xa0\x80\xcd\x8f"
            "b"sv,
            "a\\u115f\\u1160\\u3164\\u2800\\u034f"
            "b"},                                 // fillers: they show as nothing
           {"x\xef\xb8\x8f"sv, "x\\ufe0f"},       // variation selector
           {"x\xf3\xa0\x84\x80"sv, "x\\ue0100"},  // supplementary variation selector
           {"\xff"sv, "\\xff"},
           {"\xc3"sv, "\\xc3"},                             // cut off
           {"\xc0\xaf"sv, "\\xc0\\xaf"},                    // overlong
           {"\xed\xa0\x80"sv, "\\xed\\xa0\\x80"},           // surrogate
           {"\xf4\x90\x80\x80"sv, "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
       }) {
    CHECK(Printable(text) == safe);
  }
  CHECK(Printable("a\nb\tc\rd", true) == "a\nb\tc\\rd");
}

TEST_CASE("Printable lets no control byte and no broken UTF-8 through, whatever comes") {
  CHECK(rc::check([](const std::string& text) {
    auto safe = Printable(text);
    RC_ASSERT(IsValidUtf8(safe));
    for (char c : safe) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    RC_ASSERT(Printable(safe) == safe);
  }));
}

TEST_CASE("IsValidUtf8") {
  for (const char* good : {"", "a", "é", "€", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"}) {
    CHECK(IsValidUtf8(good));
  }
  for (const char* bad : {"\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xbf\xbf", "\xf5\x80\x80\x80",
                          "a\xe2\x82", "\xf0\x8f\xbf\xbf"}) {
    CHECK_FALSE(IsValidUtf8(bad));
  }
}

TEST_CASE("numbers for people") {
  CHECK(Thousands(0) == "0");
  CHECK(Thousands(999) == "999");
  CHECK(Thousands(1000) == "1,000");
  CHECK(Thousands(123456) == "123,456");
  CHECK(Thousands(18446744073709551615u) == "18,446,744,073,709,551,615");
  CHECK(Plural(0, "filter") == "0 filters");
  CHECK(Plural(1, "filter") == "1 filter");
  CHECK(Plural(5250, "filter") == "5,250 filters");
  CHECK(Plural(2, "strategy") == "2 strategies");
  CHECK(Plural(1, "strategy") == "1 strategy");
  CHECK(Plural(2, "day") == "2 days");
  CHECK(Plural(2, "address") == "2 addresses");
  CHECK(Plural(2, "match") == "2 matches");
}

TEST_CASE("SHA-256 of the standard's examples") {
  CHECK(Sha256Hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(Sha256Hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace viasync::base
