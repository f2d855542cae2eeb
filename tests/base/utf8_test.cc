#include "engine/base/utf8.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>

namespace viasync::base {
namespace {

TEST_CASE("a code point is read from well-formed UTF-8 alone") {
  CHECK(DecodeUtf8("a").value == 'a');
  CHECK(DecodeUtf8("é").value == 0xE9);
  CHECK(DecodeUtf8("日本").value == 0x65E5);
  CHECK(DecodeUtf8("😀").value == 0x1F600);
  CHECK(DecodeUtf8("😀").length == 4);
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xE6\x97", "\xFF"}) {
    CAPTURE(bad);
    CHECK(DecodeUtf8(bad).length == 0);
  }
}

TEST_CASE("what is written as UTF-8 is read again") {
  CHECK(rc::check([] {
    auto code = *rc::gen::inRange<std::uint32_t>(0, 0x110000);
    if (code >= 0xD800 && code < 0xE000) code -= 0x800;
    std::string text;
    AppendUtf8(text, code);
    const auto read = DecodeUtf8(text);
    RC_ASSERT(read.value == static_cast<char32_t>(code));
    RC_ASSERT(read.length == text.size());
  }));
}

TEST_CASE("a text is cut where a character begins") {
  const std::string text = "a日b";
  CHECK(CharacterStart(text, 1) == 1);
  CHECK(CharacterStart(text, 2) == 1);
  CHECK(CharacterStart(text, 3) == 1);
  CHECK(CharacterStart(text, 4) == 4);
  CHECK(CharacterStart(text, 9) == 5);
  CHECK(CharacterStart(std::string(9, '\x80'), 7) == 7);
}

TEST_CASE("a character takes the columns that a terminal gives it") {
  struct Case {
    const char* text;
    std::size_t bytes, columns;
  };
  for (const auto& c : {Case{"a", 1, 1}, Case{"→", 3, 1}, Case{"日", 3, 2}, Case{"ｱ", 3, 1},
                        Case{"한", 3, 2}, Case{"e\u0301x", 3, 1},  // an accent of its own
                        Case{"\u0301", 2, 1},                      // one on nothing
                        Case{"😀", 4, 2}, Case{"👩🏽", 8, 2},   // with a skin
                        Case{"🇩🇪🇫🇷", 8, 2},                        // two letters are a flag
                        Case{"\xFF\xFF", 1, 1}, Case{"\xE6\x97", 1, 1}}) {
    CAPTURE(c.text);
    CHECK(FirstGlyph(c.text).bytes == c.bytes);
    CHECK(FirstGlyph(c.text).columns == c.columns);
  }
}

TEST_CASE("the characters of any bytes are these bytes") {
  CHECK(rc::check([](const std::string& bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
      const auto glyph = FirstGlyph(std::string_view(bytes).substr(at));
      RC_ASSERT(glyph.bytes > 0u);
      RC_ASSERT(glyph.columns >= 1u);
      RC_ASSERT(glyph.columns <= 2u);
      at += glyph.bytes;
    }
    RC_ASSERT(at == bytes.size());
  }));
}

}  // namespace
}  // namespace viasync::base
