#include "engine/report/criteria_diff.h"

#include <algorithm>
#include <dtl/dtl.hpp>

#include "engine/base/strings.h"
#include "engine/model/criteria.h"

namespace viasync::report {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kContext = 1;
// dtl's time grows with lines times changes; no criterion that people read comes near.
constexpr std::size_t kLinesMax = 1000;

Lines SplitLines(std::string_view text) {
  Lines lines;
  for (auto line : base::Split(text, '\n')) lines.push_back(base::Printable(line));
  return lines;
}

// The lines with key words in one letter case: what they are compared by.
Lines Comparable(std::string_view criteria) {
  std::string text(criteria);
  for (const auto& token : model::Tokenize(criteria).list) {
    if (token.kind != model::TokenKind::kKeyword) continue;
    text.replace(token.offset, token.text.size(), base::ToUpper(token.text));
  }
  return CriteriaLines(text);
}

// The edit script as signs; ' ' takes a line of both.
std::string Script(const Lines& was, const Lines& becomes) {
  std::string signs;
  if (std::max(was.size(), becomes.size()) > kLinesMax) {
    auto [a, b] = std::ranges::mismatch(was, becomes);
    auto same = static_cast<std::size_t>(a - was.begin());
    signs.append(same, ' ');
    signs.append(was.size() - same, '-');
    signs.append(becomes.size() - same, '+');
    return signs;
  }
  dtl::Diff<std::string, Lines> diff(was, becomes);
  diff.compose();
  for (const auto& [line, info] : diff.getSes().getSequence()) {
    signs += info.type == dtl::SES_ADD ? '+' : info.type == dtl::SES_DELETE ? '-' : ' ';
  }
  return signs;
}

bool NearChange(const std::string& signs, std::size_t at) {
  std::size_t first = at > kContext ? at - kContext : 0;
  auto around = std::string_view(signs).substr(first, at + kContext + 1 - first);
  return around.find_first_not_of(' ') != std::string_view::npos;
}

}  // namespace

Lines CriteriaLines(std::string_view criteria) {
  return SplitLines(base::Trim(model::WrapCriteria(criteria)));
}

std::vector<DiffLine> DiffCriteria(std::string_view was, std::string_view becomes) {
  Lines old_lines = CriteriaLines(was), new_lines = CriteriaLines(becomes);
  std::string signs = Script(Comparable(was), Comparable(becomes));
  if (signs.find_first_not_of(' ') == std::string::npos) {  // the layout hides the difference
    old_lines = SplitLines(was), new_lines = SplitLines(becomes);
    signs = Script(old_lines, new_lines);
  }
  std::vector<DiffLine> diff;
  std::size_t at_old = 0, at_new = 0;
  for (std::size_t i = 0; i < signs.size(); ++i) {
    std::string line = signs[i] == '-' ? old_lines.at(at_old) : new_lines.at(at_new);
    at_old += signs[i] != '+';
    at_new += signs[i] != '-';
    if (NearChange(signs, i))
      diff.push_back({signs[i], std::move(line)});
    else if (diff.empty() || diff.back().sign != '@')
      diff.push_back({'@', "…"});
  }
  return diff;
}

}  // namespace viasync::report
