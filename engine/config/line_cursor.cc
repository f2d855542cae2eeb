#include "engine/config/line_cursor.h"

#include <ios>

namespace viasync::config {

bool LineCursor::Next() {
  constexpr int kEnd = std::streambuf::traits_type::eof();
  text_.clear();
  try {
    if (inside_) {
      int c = bytes_.sbumpc();
      while (c != '\n' && c != kEnd) c = bytes_.sbumpc();
    }
    if (bytes_.sgetc() == kEnd) return false;
    ++number_;
    inside_ = true;
    while (text_.size() < kept_max_) {
      int c = bytes_.sbumpc();
      inside_ = c != '\n' && c != kEnd;
      if (!inside_) break;
      text_ += static_cast<char>(c);
    }
  } catch (const std::ios_base::failure&) {
    return false;
  }
  return true;
}

}  // namespace viasync::config
