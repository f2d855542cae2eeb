#include "engine/base/json.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <nlohmann/json.hpp>
#include <string>

#include "engine/base/strings.h"

namespace viasync::base {
namespace {

std::string Nested(int depth, const std::string& open, const std::string& close) {
  std::string text, end;
  for (int i = 0; i < depth; ++i) {
    text += open;
    end += close;
  }
  return text + "0" + end;
}

TEST_CASE("JSON is read down to 64 levels, and not one deeper") {
  for (const auto& [open, close] : {std::pair{"[", "]"}, {"{\"a\":", "}"}, {"[{\"a\":[", "]}]"}}) {
    CAPTURE(open);
    const int levels = std::string(open).size() > 5 ? 3 : 1;
    const int most = kJsonDepthMax / levels;
    CHECK_FALSE(ParseJson(Nested(most, open, close)).is_discarded());
    CHECK(IsJson(Nested(most, open, close)));
    for (int depth : {most + 1, 1'000, 200'000}) {
      const std::string text = Nested(depth, open, close);
      CHECK(ParseJson(text).is_discarded());
      CHECK(ParseOrderedJson(text).is_discarded());
      CHECK_FALSE(IsJson(text));
      CHECK(FindJsonFault(text)->kind == JsonFault::Kind::kTooDeep);
      // Without its end as well: an answer that is cut off.
      CHECK(ParseJson(std::string_view(text).substr(0, text.size() / 2)).is_discarded());
    }
  }
}

TEST_CASE("brackets inside a text and side by side are not levels") {
  CHECK(ParseJson("[\"" + std::string(500, '[') + "\\\"" + std::string(500, '{') + "\"]").size() ==
        1);
  std::string flat = "[";
  for (int i = 0; i < 500; ++i) flat += "[],{},";
  CHECK(ParseJson(flat + "0]").size() == 1001);
}

TEST_CASE("what is wrong with a text that is not JSON is named") {
  CHECK_FALSE(FindJsonFault("{\"a\": [1, null]}"));
  CHECK(FindJsonFault("{\"a\": [1")->kind == JsonFault::Kind::kCutOff);
  CHECK(FindJsonFault("{\"a\": x}")->kind == JsonFault::Kind::kSyntax);
  CHECK(FindJsonFault("{\"a\": x}")->byte == 7);
  CHECK(FindJsonFault("[1e999]")->kind == JsonFault::Kind::kNumber);
  CHECK(ParseJson("[1e999]").is_discarded());
}

TEST_CASE("JSON that is written hides nothing and moves no cursor") {
  const struct {
    const char *text, *written;
  } cases[] = {
      {"\xc2\x9b", "\\u009b"},
      {"\x7f", "\\u007f"},
      {"a\xe2\x80\xae", "a\\u202e"},
      {"\xe1\x85\x9f\xe1\x85\xa0\xe3\x85\xa4\xe2\xa0\x80\xcd\x8f",
       "\\u115f\\u1160\\u3164\\u2800\\u034f"},
      {"\xef\xb8\x8f", "\\ufe0f"},
      {"\xf3\xa0\x81\x81", "\\udb40\\udc41"},
      {"\xf3\xa0\x84\x80", "\\udb40\\udd00"},
      {"\xc3\xa4 \xe6\xbc\xa2 \xf0\x9f\x98\x80", "\xc3\xa4 \xe6\xbc\xa2 \xf0\x9f\x98\x80"},
      {"\x1b[31m\n", "\\u001b[31m\\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.written);
    const std::string json = DumpJson(nlohmann::json(c.text));
    CHECK(json == "\"" + std::string(c.written) + "\"");
    CHECK(ParseJson(json) == c.text);
  }
  CHECK(DumpJson(nlohmann::json("\xff")) == "\"\xef\xbf\xbd\"");
  CHECK(DumpJson(nlohmann::ordered_json({{"b", 1}, {"a", 2}})) == R"({"b":1,"a":2})");
}

TEST_CASE("escaping changes no value, whatever the text") {
  CHECK(rc::check([](const std::u32string& letters) {
    std::string text;
    for (char32_t c : letters) {
      const auto point = 0x80 + c % 0x10000;
      if (point >= 0xD800 && point <= 0xDFFF) continue;
      if (point >= 0x800) {
        text += static_cast<char>(0xE0 | point >> 12);
        text += static_cast<char>(0x80 | (point >> 6 & 0x3F));
      } else {
        text += static_cast<char>(0xC0 | point >> 6);
      }
      text += static_cast<char>(0x80 | (point & 0x3F));
    }
    if (!IsValidUtf8(text)) RC_DISCARD("no text");
    const std::string json = DumpJson(nlohmann::json(text), 2);
    RC_ASSERT(ParseJson(json) == text);
    RC_ASSERT(Printable(json, true) == json);
  }));
}

}  // namespace
}  // namespace viasync::base
