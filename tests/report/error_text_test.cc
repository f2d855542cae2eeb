#include "engine/report/error_text.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace viasync::report {
namespace {

base::Error At(std::string file, int line, int column, std::string excerpt = "") {
  return {.message = "wrong", .where = base::SourcePos{file, line, column}, .excerpt = excerpt};
}

TEST_CASE("an error shows place, message, line, caret and what to do") {
  auto error = At("config/filters.yaml", 12, 5, "    critera: |");
  error.message = "unknown key `critera`";
  error.hint = "did you mean `criteria`?";
  CHECK(ErrorText(error, {}) == R"(config/filters.yaml:12:5: unknown key `critera`
  12 |     critera: |
     |     ^
  → did you mean `criteria`?
)");
  CHECK(ErrorText({.message = "no answer"}, {}) == "error: no answer\n");
  CHECK(ErrorText(At("a.yaml", 3, 0, "x"), {}) == "a.yaml:3: wrong\n  3 | x\n");
}

TEST_CASE("the caret stands under its column, whatever comes before it") {
  struct Case {
    std::string excerpt;
    int column;
    std::string shown;
  };
  for (const auto& c : {
           Case{"\tx: 1", 2, "  1 |  x: 1\n    |  ^\n"},
           Case{"é: x", 4, "  1 | é: x\n    |   ^\n"},
           Case{"\x1b: x", 4, "  1 | \\x1b: x\n    |       ^\n"},
           Case{"ab", 99, "  1 | ab\n    |   ^\n"},
           Case{std::string(100, 'a') + "X", 101,
                "  1 | …" + std::string(60, 'a') + "X\n    | " + std::string(61, ' ') + "^\n"},
       }) {
    CAPTURE(c.excerpt);
    CHECK(ErrorText(At("f", 1, c.column, c.excerpt), {}) ==
          "f:1:" + std::to_string(c.column) + ": wrong\n" + c.shown);
  }
}

TEST_CASE("errors are sorted by place, and a long row of them is cut and counted") {
  base::Errors errors = {{.message = "placeless"}, At("b", 1, 1), At("a", 10, 1), At("a", 9, 2)};
  CHECK(ErrorsText(errors, {}) ==
        "a:9:2: wrong\n\na:10:1: wrong\n\nb:1:1: wrong\n\nerror: placeless\n");
  CHECK(ErrorsText(errors, {}, 1) ==
        "a:9:2: wrong\n\n… and 2 more errors\n\nerror: placeless\n");
  CHECK(ErrorsText(errors, {}, 2).find("more error") == std::string::npos);
  CHECK(ErrorsText({}, {}).empty());
}

TEST_CASE("hostile names and messages are printed as escapes") {
  auto error = At("\x1b[2J", 1, 1, "\u202ex");
  error.message = "a\nb";
  error.hint = "\x07";
  CHECK(ErrorText(error, {}) == "\\x1b[2J:1:1: a\\nb\n  1 | \\u202ex\n    | ^\n  → \\x07\n");
}

TEST_CASE("as JSON, errors keep what is known of them, and nothing else") {
  auto error = At("a", 2, 3, "x");
  error.kind = base::ErrorKind::kRejected;
  error.http_status = 400;
  auto json = nlohmann::json::parse(ErrorsJson({{.message = "\xff"}, error}))["errors"];
  CHECK(json.size() == 2);
  CHECK(json[0] == nlohmann::json{{"kind", "rejected"},
                                  {"message", "wrong"},
                                  {"file", "a"},
                                  {"line", 2},
                                  {"column", 3},
                                  {"excerpt", "x"},
                                  {"httpStatus", 400}});
  CHECK(json[1].size() == 2);
}

}  // namespace
}  // namespace viasync::report
