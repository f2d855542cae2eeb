#include "engine/base/csv_cell.h"

#include <doctest/doctest.h>

namespace viasync::base {
namespace {

TEST_CASE("a spreadsheet finds no formula in a CSV, and reads the text that was meant") {
  const struct {
    const char *text, *cell;
  } cases[] = {
      {"plain", "plain"},
      {"", ""},
      {"a, b", "\"a, b\""},
      {"say \"no\"", "\"say \"\"no\"\"\""},
      {"=1+1", "'=1+1"},
      {"+1555", "'+1555"},
      {"-1", "'-1"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {" =1", "' =1"},
      {"\t=1", "'\\t=1"},
      {"\n=1", "'\\n=1"},
      {"\"=1", "\"'\"\"=1\""},
      {"\xef\xbc\x9d"
       "1",
       "'\xef\xbc\x9d"
       "1"},
      {"a;=1", "\"a;=1\""},
      {"two\nlines", "two\\nlines"},
      {"\xe2\x80\xae", "\\u202e"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(CsvCell(c.text) == c.cell);
  }
}

}  // namespace
}  // namespace viasync::base
