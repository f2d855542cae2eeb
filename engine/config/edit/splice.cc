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
  for (const auto& splice : splices) {
    if (splice.at > taken) {
      out += text.substr(taken, splice.at - taken);
      taken = splice.at;
    }
    line += static_cast<int>(
        std::count(out.begin() + static_cast<std::ptrdiff_t>(counted), out.end(), '\n'));
    counted = out.size();
    if (splice.edit != kNoEdit && !lines.contains(splice.edit)) {
      auto first = splice.leading_break ? splice.text.find_first_not_of("\r\n") : 0;
      auto breaks = std::string_view(splice.text).substr(0, first);
      lines[splice.edit] = line + static_cast<int>(std::ranges::count(breaks, '\n'));
    }
    out += splice.text;
    taken = std::max(taken, splice.at + splice.size);
  }
  out += text.substr(std::min(taken, text.size()));
  return out;
}

}  // namespace viasync::config
