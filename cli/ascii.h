// Text for terminals that know ASCII alone (LC_ALL=C, TERM=dumb).
#pragma once

#include <streambuf>
#include <string>
#include <string_view>

namespace viasync::cli {

// Whether the environment asks for ASCII: TERM is dumb, or the locale is named, and is C or POSIX.
bool WantsAscii();

// Arrows, dots, bars and dashes as ASCII draws them, any other character as `\u00fc`.
std::string ToAscii(std::string_view utf8);

// While it lives, what is written to `stream` arrives as ASCII. Not for output that programs read.
class AsciiOutput : private std::streambuf {
 public:
  explicit AsciiOutput(std::ostream& stream);
  ~AsciiOutput() override;
  AsciiOutput(const AsciiOutput&) = delete;
  AsciiOutput& operator=(const AsciiOutput&) = delete;

 private:
  int_type overflow(int_type letter) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;
  bool Pass();  // all that is complete
  bool Send(std::string_view text);

  std::ostream& stream_;
  std::streambuf* target_;
  std::string waiting_;  // from the beginning of a character that is not complete yet
};

}  // namespace viasync::cli
