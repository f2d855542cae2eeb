// A file's bytes on their way to a parser, in small chunks, checked while they pass: UTF-8, no
// control characters (yaml-cpp would take some of them for the end of the file and drop the rest
// silently), no character that some programs take for a line break and others do not, a bounded
// size. At the first problem the stream ends; the reader asks for it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <streambuf>
#include <string>

namespace viasync::config {

// What a file is: rows that are sent on may hold characters that a configuration may not.
enum class TextKind : std::uint8_t { kConfiguration, kRows };

class TextStream final : public std::streambuf {
 public:
  struct Problem {
    int line;
    int column;
    std::string message;
    std::string hint;
  };

  TextStream(std::unique_ptr<std::streambuf> source, std::uint64_t bytes_max,
             TextKind kind = TextKind::kConfiguration)
      : source_(std::move(source)), bytes_left_(bytes_max), kind_(kind) {}

  const std::optional<Problem>& problem() const { return problem_; }

  // All that is left, for parsers that want it in one piece; empty after a problem.
  std::string ReadAll();

 protected:
  int_type underflow() override;

 private:
  static constexpr std::size_t kChunkBytes = 1 << 16;

  void Start();
  std::size_t Fill();
  std::size_t Check(std::size_t begin, std::size_t end);
  bool CheckByte(unsigned char byte);
  bool CheckCharacter();
  void CheckLead(unsigned char byte);
  void CheckEnd();
  void ReportLoneReturn();
  void Report(std::string message, std::string hint);

  std::unique_ptr<std::streambuf> source_;
  std::uint64_t bytes_left_;
  TextKind kind_;
  std::array<char, kChunkBytes> buffer_;
  bool started_ = false;
  int line_ = 1;
  int column_ = 0;
  bool carriage_return_ = false;  // the last byte was one: a line feed must follow
  // Of an unfinished character: what its next byte may be, and what it is so far.
  int expected_bytes_ = 0;
  unsigned char lowest_ = 0x80;
  unsigned char highest_ = 0xBF;
  char32_t character_ = 0;
  int character_bytes_ = 0;
  std::optional<Problem> problem_;
};

}  // namespace viasync::config
