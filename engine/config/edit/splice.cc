#include "engine/config/edit/splice.h"

#include <algorithm>

namespace viasync::config {

std::string Apply(std::string_view text, std::vector<Splice> splices, EditLines& lines) {
  std::ranges::stable_sort(splices, {}, &Splice::at);
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  std::size_t taken = 0;    // of `text`
  std::size_t counted = 0;  // of `out`: where `line` was true
  int line = 1;
  for (auto& splice : splices) {
    // A line that comes below one that goes: it takes that one's place.
    bool in_place = splice.leading_break && splice.at < taken && out.ends_with('\n');
    if (in_place) {
      std::size_t size = splice.text.front() == '\r' ? 2 : 1;
      std::ranges::rotate(splice.text, splice.text.begin() + static_cast<std::ptrdiff_t>(size));
      splice.leading_break = splice.text.starts_with('\n') || splice.text.starts_with("\r\n");
    }
    if (splice.at > taken) {
      out += text.substr(taken, splice.at - taken);
      taken = splice.at;
    }
    line += static_cast<int>(
        std::count(out.begin() + static_cast<std::ptrdiff_t>(counted), out.end(), '\n'));
    counted = out.size();
    if (splice.edit != kNoEdit) {
      auto first = splice.leading_break ? splice.text.find_first_not_of("\r\n") : 0;
      auto breaks = std::string_view(splice.text).substr(0, first);
      auto begin = line + static_cast<int>(std::ranges::count(breaks, '\n'));
      auto end = line + static_cast<int>(std::ranges::count(splice.text, '\n'));
      auto& range = lines.try_emplace(splice.edit, LineRange{begin, begin}).first->second;
      range.last = std::max(range.last, end);
    }
    out += splice.text;
    taken = std::max(taken, splice.at + splice.size);
  }
  out += text.substr(std::min(taken, text.size()));
  return out;
}

}  // namespace viasync::config
