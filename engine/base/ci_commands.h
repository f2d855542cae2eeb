// CI runners read the output of what they run, and act on lines that look like commands of theirs:
// GitHub on `::set-env …`, Azure Pipelines on `##vso[…]`. A name in the org or a text in a file
// must not be one. This is applied to all that is printed, whatever its format.
#pragma once

#include <string>
#include <string_view>

namespace viasync::base {

// `text` with what a runner would act on broken up by `\u0023` and its like: people see an escape
// as of any other unsafe character, and in JSON it is the same string. Everything else stays, byte
// for byte. `at_line_start`: whether text begins a line.
//
// Broken up anywhere: `##vso[`, `##[`, `##teamcity[` (and any `##word[`), `section_start:`,
// `section_end:`, `travis_fold:`, `travis_time:`. At the start of a line, behind blanks or not:
// `::`. At the very start of a line: `--- `, `+++ `, `~~~ `, `^^^ ` (Buildkite).
std::string BreakUpCommands(std::string_view text, bool at_line_start = true);

// The same for a text that comes piece by piece.
class CommandFilter {
 public:
  // What may be printed once `text` has come: whole lines; where `all`, what is left of the last
  // one, too.
  std::string Pass(std::string_view text, bool all);

 private:
  std::string pending_;
  bool starts_ = true;  // what is pending begins a line
};

}  // namespace viasync::base
