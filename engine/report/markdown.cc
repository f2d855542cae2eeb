#include "engine/report/markdown.h"

#include <algorithm>

#include "engine/base/strings.h"

namespace viasync::report {
namespace {

std::size_t LongestRun(std::string_view text) {
  std::size_t longest = 0, run = 0;
  for (char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string CodeSpan(std::string_view text) {
  std::string code;
  for (char c : base::Printable(text)) {
    if (c == '|')
      code += "\\x7c";
    else
      code += c;
  }
  if (base::Trim(code).empty()) return "–";
  std::string fence(LongestRun(code) + 1, '`');
  // One blank on each end is no part of the code; without it, a backtick or blank there would be.
  bool padded =
      code.front() == '`' || code.back() == '`' || code.front() == ' ' || code.back() == ' ';
  std::string pad = padded ? " " : "";
  return fence + pad + code + pad + fence;
}

std::string CodeFence(std::string_view language, const std::vector<std::string>& lines) {
  std::size_t longest = 2;
  for (const auto& line : lines) longest = std::max(longest, LongestRun(line));
  std::string fence(longest + 1, '`');
  std::string block = fence + std::string(language) + "\n";
  for (const auto& line : lines) block += base::Printable(line) + "\n";
  return block + fence + "\n";
}

}  // namespace viasync::report
