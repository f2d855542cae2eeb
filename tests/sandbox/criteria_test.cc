#include "engine/sandbox/criteria.h"

#include <doctest/doctest.h>

namespace viasync::sandbox {
namespace {

TEST_CASE("criteria are refused when empty or unbalanced, and only then") {
  struct Row {
    const char* text;
    bool good;
  };
  const Row rows[] = {
      {"1=1", true},      {"a = 'it''s' AND (b > 1)", true},
      {"a = '('", true},  {"a = \"')\"", true},
      {"", false},        {" \n\t", false},
      {"a = 'x", false},  {"a = 'it''s", false},
      {"(a = 1", false},  {"a = 1)", false},
      {")a = 1(", false}, {"a = \"x", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(CriteriaProblem(row.text).empty() == row.good);
  }
}

TEST_CASE("rewriting touches white space and key words outside quotes alone") {
  const std::pair<const char*, const char*> rows[] = {
      {"  a=1\r\n and\tb = 2 ", "a=1 AND b = 2"},
      {"x = ' and  or ' or y is null", "x = ' and  or ' OR y IS NULL"},
      {"android = 1 order by band desc", "android = 1 ORDER BY band DESC"},
      {"x = 'it''s  in'", "x = 'it''s  in'"},
      {"x = 'open  and", "x = 'open  and"},
      {"", ""},
  };
  for (const auto& [text, rewritten] : rows) CHECK(RewriteCriteria(text) == rewritten);
}

}  // namespace
}  // namespace viasync::sandbox
