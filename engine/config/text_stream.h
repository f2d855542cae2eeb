// A file's bytes on their way to a parser, in small chunks, checked while they pass: UTF-8, no
// control characters (yaml-cpp would take some of them for the end of the file and drop the rest
// silently), a bounded size. At the first problem the stream ends; the reader asks for it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <streambuf>
#include <string>
#include <vector>

namespace viasync::config {

class TextStream final : public std::streambuf {
 public:
  struct Problem {
    int line;
    int column;
    std::string message;
    std::string hint;
  };

  // `suffix` comes behind the last byte of a file that is read to its end.
  TextStream(std::unique_ptr<std::streambuf> source, std::uint64_t bytes_max,
             std::string suffix = {})
      : source_(std::move(source)), bytes_left_(bytes_max), suffix_(std::move(suffix)) {}

  const std::optional<Problem>& problem() const { return problem_; }

  // True when `line` (from 1) of what was read so far begins with `---`.
  bool IsDocumentMarker(int line) const;

 protected:
  int_type underflow() override;

 private:
  static constexpr std::size_t kChunkBytes = 1 << 16;
  static constexpr std::size_t kSuffixBytesMax = 16;

  std::size_t Fill();
  std::size_t Check(std::size_t size);
  bool CheckByte(unsigned char byte);
  void CheckLead(unsigned char byte);
  void Report(std::string message, std::string hint);

  std::unique_ptr<std::streambuf> source_;
  std::uint64_t bytes_left_;
  std::string suffix_;
  std::array<char, kChunkBytes + kSuffixBytesMax> buffer_;
  bool started_ = false;
  int line_ = 1;
  int column_ = 0;
  int dashes_ = 0;  // at the start of this line; -1 = it started otherwise
  // What the next byte of an unfinished character may be.
  int expected_bytes_ = 0;
  unsigned char lowest_ = 0x80;
  unsigned char highest_ = 0xBF;
  std::vector<int> markers_;
  std::optional<Problem> problem_;
};

}  // namespace viasync::config
