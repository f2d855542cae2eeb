// Criteria for people: clause by clause, and what changed between two of them. Lines are printable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace viasync::report {

struct DiffLine {
  char sign;  // '+', '-', ' ', or '@' where unchanged lines were left out
  std::string text;
};

// One clause a line.
std::vector<std::string> CriteriaLines(std::string_view criteria);

// With one unchanged clause around each change. Differences without meaning (white space, letter
// case of key words) do not show; two texts that differ in them only are shown as they stand.
std::vector<DiffLine> DiffCriteria(std::string_view was, std::string_view becomes);

}  // namespace viasync::report
