#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "engine/model/criteria.h"
#include "engine/model/criteria_dialects.h"

namespace viasync::model {
namespace {

TEST_CASE("WrapCriteria: one clause a line") {
  struct Row {
    const char* text;
    const char* wrapped;
  };
  for (const auto& [text, wrapped] : {
           Row{"", ""},
           {"1=1", "1 = 1"},
           {"a=1  and b = 2 or c=3", "a = 1\nand b = 2\nor c = 3"},
           {"a IN (1,2) AND (b=1 OR c=2) ORDER BY a DESC,b",
            "a IN (1, 2)\nAND (b = 1 OR c = 2)\nORDER BY a DESC, b"},
           {"a BETWEEN 1 AND 2 AND b=1", "a BETWEEN 1 AND 2\nAND b = 1"},
           {"a BETWEEN (x AND y) AND 2 AND b=1", "a BETWEEN (x AND y) AND 2\nAND b = 1"},
           {"(a BETWEEN 1 AND 2) AND b=1", "(a BETWEEN 1 AND 2)\nAND b = 1"},
           {"CASE WHEN a=1 AND b=2 THEN 1 END = 1 AND c=1",
            "CASE WHEN a = 1 AND b = 2 THEN 1 END = 1\nAND c = 1"},
           {"lower( t.a )='x'", "lower(t.a) = 'x'"},
           {"lower (a)='x'", "lower (a) = 'x'"},
           {"a=1 -- why\nAND b=2", "a=1 -- why\nAND b=2"},
           {"a=1 # why\nAND b=2", "a=1 # why\nAND b=2"},
           {"a = 'broken  AND", "a = 'broken  AND"},
       }) {
    CAPTURE(text);
    CHECK(WrapCriteria(text) == wrapped);
  }
}

// Pieces that could run into each other when the space between them goes or comes.
rc::Gen<std::string> Soup() {
  auto piece = rc::gen::elementOf(std::vector<std::string>{
      "a",    "N",       "Days",  "1",     "1.5",     "1e",       ".5",    ".",  "..",    "'x y'",
      "N'é'", "'it''s'", "[b c]", "\"q\"", "`t`",     "(",        ")",     ",",  "<",     "=",
      ">",    "<=",      "<>",    "!",     "|",       "||",       ":",     "-",  "--c\n", "/*c*/",
      "*",    "/",       "AND",   "or",    "BETWEEN", "in",       "ORDER", "BY", "CASE",  "end",
      "\n",   " ",       "\t",    "\r\n",  "\x01",    "\xc3\xa9", ";",     "+",  "e-5",   "0x1e"});
  auto gap = rc::gen::elementOf(std::vector<std::string>{"", "", " ", "\n"});
  auto pieces = rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
      rc::gen::pair(piece, gap));
  return rc::gen::map(pieces, [](const std::vector<std::pair<std::string, std::string>>& all) {
    std::string text;
    for (const auto& [token, space] : all) text += token + space;
    return text;
  });
}

TEST_CASE("WrapCriteria keeps the meaning of any soup of tokens, and is stable") {
  CHECK(rc::check([] {
    auto text = *Soup();
    auto wrapped = WrapCriteria(text);
    auto tokens = Tokenize(text);
    if (tokens.problem || !DialectsAgree(text, tokens.list)) RC_ASSERT(wrapped == text);
    RC_ASSERT(SameCriteria(text, wrapped));
    RC_ASSERT(WrapCriteria(wrapped) == wrapped);
  }));
}

TEST_CASE("SameCriteria is an equality: whatever the letter case of key words and the gaps") {
  CHECK(rc::check([] {
    auto text = *Soup();
    auto other = *Soup();
    RC_ASSERT(SameCriteria(text, text));
    RC_ASSERT(SameCriteria(text, other) == SameCriteria(other, text));
    auto tokens = Tokenize(text);
    if (!tokens.problem && DialectsAgree(text, tokens.list)) {
      RC_ASSERT(SameCriteria(text, "\n" + text + "\n "));
    }
  }));
}

TEST_CASE("tokens cover the text: what stands between them is white space alone") {
  CHECK(rc::check([] {
    auto text = *Soup();
    auto tokens = Tokenize(text);
    std::size_t at = 0;
    for (const auto& token : tokens.list) {
      RC_ASSERT(token.offset >= at);
      RC_ASSERT(!token.text.empty());
      RC_ASSERT(token.text == std::string_view(text).substr(token.offset, token.text.size()));
      for (; at < token.offset; ++at) {
        RC_ASSERT(std::string_view(" \t\r\n\v\f").find(text[at]) != std::string_view::npos);
      }
      at = token.offset + token.text.size();
    }
    if (!tokens.problem) {
      for (; at < text.size(); ++at) RC_ASSERT(static_cast<unsigned char>(text[at]) <= ' ');
    }
  }));
}

}  // namespace
}  // namespace viasync::model
