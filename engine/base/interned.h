// A string that many values share: one pointer each instead of one copy each. Made for list names,
// reasons and file names, of which a million exclusions know a handful. Interned strings live as
// long as the program. Not thread-safe: the engine runs on one thread.
#pragma once

#include <string>
#include <string_view>

namespace viasync::base {

class Interned {
 public:
  Interned() : text_(Pool({})) {}
  Interned(std::string_view text) : text_(Pool(text)) {}    // NOLINT: a string by another name
  Interned(const std::string& text) : text_(Pool(text)) {}  // NOLINT
  Interned(const char* text) : text_(Pool(text)) {}         // NOLINT

  const std::string& str() const { return *text_; }
  bool empty() const { return text_->empty(); }
  operator const std::string&() const { return *text_; }  // NOLINT

  friend bool operator==(Interned a, Interned b) { return a.text_ == b.text_; }
  friend auto operator<=>(Interned a, Interned b) { return *a.text_ <=> *b.text_; }

 private:
  static const std::string* Pool(std::string_view text);
  const std::string* text_;
};

}  // namespace viasync::base
