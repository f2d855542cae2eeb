#include "engine/config/text_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <ios>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/unseen.h"

namespace viasync::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kTooLargeHint =
    "split it into several files, or use a CSV file (`from:`)";

}  // namespace

std::string TextStream::ReadAll() {
  std::string text;
  while (underflow() != traits_type::eof()) {
    text.append(gptr(), egptr());
    setg(eback(), egptr(), egptr());
  }
  if (problem_) text.clear();
  return text;
}

TextStream::int_type TextStream::underflow() {
  if (gptr() < egptr()) return traits_type::to_int_type(*gptr());
  bool first = !std::exchange(started_, true);
  if (first) Start();
  if (problem_) return traits_type::eof();
  std::size_t filled = Fill();
  std::size_t skipped = 0;
  if (first && std::string_view(buffer_.data(), filled).starts_with(kByteOrderMark)) {
    skipped = kByteOrderMark.size();
  }
  std::size_t size = Check(skipped, filled);
  if (filled < kChunkBytes && !problem_) CheckEnd();
  setg(buffer_.data(), buffer_.data() + skipped, buffer_.data() + size);
  return size <= skipped ? traits_type::eof() : traits_type::to_int_type(*gptr());
}

// A file that is too large is refused before a byte of it is read. What has no size (a pipe) is
// counted while it is read.
void TextStream::Start() {
  auto size = source_->pubseekoff(0, std::ios::end, std::ios::in);
  if (size == std::streampos(-1)) return;
  source_->pubseekpos(0, std::ios::in);
  if (static_cast<std::uint64_t>(std::streamoff(size)) > bytes_left_) {
    Report("the file is too large", std::string(kTooLargeHint));
  }
}

// Reads the next chunk; a read that fails is a problem, never a shorter file.
std::size_t TextStream::Fill() {
  std::size_t size = 0;
  try {
    auto got = source_->sgetn(buffer_.data(), static_cast<std::streamsize>(kChunkBytes));
    size = static_cast<std::size_t>(std::max<std::streamsize>(got, 0));
  } catch (const std::ios_base::failure&) {
    Report("the file cannot be read to its end", "check the disk and the file's permissions");
    return 0;
  }
  if (size > bytes_left_) {
    Report("the file is too large", std::string(kTooLargeHint));
    return 0;
  }
  bytes_left_ -= size;
  return size;
}

// Where what may pass of the bytes from `begin` to `end` ends.
std::size_t TextStream::Check(std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    auto byte = static_cast<unsigned char>(buffer_[i]);
    if (carriage_return_ && byte != '\n') {
      ReportLoneReturn();
      return i;
    }
    carriage_return_ = byte == '\r' && expected_bytes_ == 0;
    if (byte == '\n' && expected_bytes_ == 0) {
      ++line_;
      column_ = 0;
      continue;
    }
    ++column_;
    bool plain = byte >= 0x20 && byte < 0x7F && expected_bytes_ == 0;
    if (!plain && !CheckByte(byte)) return i;
  }
  return end;
}

// YAML, old spreadsheets and many editors take it for the end of the line, others for a blank: what
// follows would be read by one and be part of a comment to the other.
void TextStream::ReportLoneReturn() {
  Report("a carriage return stands alone here: some programs take it for the end of the line",
         "save the file with the line ends of Unix (LF) or Windows (CRLF)");
}

// What only the end of the file shows.
void TextStream::CheckEnd() {
  if (expected_bytes_ > 0) {
    Report("the file ends inside a character: it is not UTF-8", "save it as UTF-8");
  } else if (carriage_return_) {
    ReportLoneReturn();
  }
}

bool TextStream::CheckByte(unsigned char byte) {
  if (expected_bytes_ > 0) {
    if (byte < lowest_ || byte > highest_) {
      Report("the file is not UTF-8", "save it as UTF-8");
      return false;
    }
    character_ = (character_ << 6) | (byte & 0x3F);
    lowest_ = 0x80;
    highest_ = 0xBF;
    return --expected_bytes_ > 0 || CheckCharacter();
  }
  if (byte < 0x80) {
    if (byte == '\t' || byte == '\r' || (byte >= 0x20 && byte < 0x7F)) return true;
    if (byte == 0x7F && kind_ == TextKind::kRows) return true;
    Report(byte == 0 ? "the file holds a zero byte: it is binary, or UTF-16"
                     : "the file holds a control character, `" +
                           base::Printable(std::string(1, static_cast<char>(byte))) + "`",
           "save it as UTF-8 text without control characters");
    return false;
  }
  CheckLead(byte);
  if (expected_bytes_ == 0) Report("the file is not UTF-8", "save it as UTF-8");
  return expected_bytes_ > 0;
}

// The character that has just been read whole.
bool TextStream::CheckCharacter() {
  if (kind_ == TextKind::kRows) return true;
  auto why = WhyUnwritable(character_);
  if (why.empty()) return true;
  column_ -= character_bytes_ - 1;
  auto code = static_cast<unsigned>(character_);
  Report(
      fmt::format("the character U+{:04X} stands here: {}", code, why),
      fmt::format("remove it; where a value needs it, write \"{}\" in double quotes in a YAML "
                  "file",
                  code > 0xFFFF ? fmt::format("\\U{:08X}", code) : fmt::format("\\u{:04X}", code)));
  return false;
}

// The well-formed byte sequences of Unicode, table 3-7.
void TextStream::CheckLead(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) expected_bytes_ = 1;
  if (byte >= 0xE0 && byte <= 0xEF) expected_bytes_ = 2;
  if (byte >= 0xF0 && byte <= 0xF4) expected_bytes_ = 3;
  if (byte == 0xE0) lowest_ = 0xA0;
  if (byte == 0xED) highest_ = 0x9F;
  if (byte == 0xF0) lowest_ = 0x90;
  if (byte == 0xF4) highest_ = 0x8F;
  character_bytes_ = expected_bytes_ + 1;
  character_ = byte & (0x3F >> expected_bytes_);
}

void TextStream::Report(std::string message, std::string hint) {
  problem_ = Problem{line_, std::max(column_, 1), std::move(message), std::move(hint)};
}

}  // namespace viasync::config
