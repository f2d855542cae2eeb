// Steps through the lines of a file. A line may be the whole of a file of gigabytes, so only its
// start is kept, and no more of it is read than is asked for.
#pragma once

#include <cstddef>
#include <streambuf>
#include <string>

namespace viasync::config {

class LineCursor {
 public:
  // Enough of a line for an excerpt.
  static constexpr std::size_t kExcerptBytes = 4 << 10;

  // `bytes` must outlive this.
  explicit LineCursor(std::streambuf& bytes, std::size_t kept_max = kExcerptBytes)
      : bytes_(bytes), kept_max_(kept_max) {}

  // Goes to the start of the next line; false: there is none, or it cannot be read.
  bool Next();
  int number() const { return number_; }  // of the line, from 1; 0 = before the first
  // The line without its line feed, cut where it is longer than what is kept.
  const std::string& text() const { return text_; }

 private:
  std::streambuf& bytes_;
  std::size_t kept_max_;
  int number_ = 0;
  bool inside_ = false;  // the line was cut: its end is still to be found
  std::string text_;
};

}  // namespace viasync::config
