// Changes of a text as pieces that are put in place of others, applied in one pass.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace viasync::config {

inline constexpr std::size_t kNoEdit = static_cast<std::size_t>(-1);

struct Splice {
  std::size_t at;              // in the old text
  std::size_t size;            // bytes that go
  std::string text;            // comes in their place
  std::size_t edit = kNoEdit;  // which edit it is for
  bool leading_break = false;  // `text` starts with a line break: the edit's line comes behind it
};

// The lines (from 1) of the new text on which the first change of an edit begins, and the last one
// ends.
struct LineRange {
  int first = 0, last = 0;
};
using EditLines = std::unordered_map<std::size_t, LineRange>;  // by edit

// Splices of one place keep their order; what goes may overlap. A new line below one that goes
// takes its place.
std::string Apply(std::string_view text, std::vector<Splice> splices, EditLines& lines);

}  // namespace viasync::config
