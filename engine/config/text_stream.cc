#include "engine/config/text_stream.h"

#include <algorithm>
#include <cstring>
#include <ios>
#include <utility>

#include "engine/base/strings.h"

namespace viasync::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

bool TextStream::IsDocumentMarker(int line) const {
  return std::ranges::binary_search(markers_, line);
}

TextStream::int_type TextStream::underflow() {
  if (gptr() < egptr()) return traits_type::to_int_type(*gptr());
  if (problem_) return traits_type::eof();
  std::size_t filled = Fill();
  std::size_t skipped = 0;
  if (!started_) {
    started_ = true;
    std::string_view head(buffer_.data(), filled);
    if (head.starts_with(kByteOrderMark)) skipped = kByteOrderMark.size();
  }
  std::size_t size = Check(filled);
  if (filled < kChunkBytes && expected_bytes_ > 0 && !problem_) {
    Report("the file ends inside a character: it is not UTF-8", "save it as UTF-8");
  }
  // In the same chunk as the last bytes: yaml-cpp puts back what it has read of a short file.
  if (filled < kChunkBytes && !problem_) {
    size += std::exchange(suffix_, {}).copy(buffer_.data() + size, kSuffixBytesMax);
  }
  setg(buffer_.data(), buffer_.data() + skipped, buffer_.data() + size);
  return size <= skipped ? traits_type::eof() : traits_type::to_int_type(*gptr());
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
    Report("the file is too large", "split it into several files, or use a CSV file (`from:`)");
    return 0;
  }
  bytes_left_ -= size;
  return size;
}

// How many of the first `size` bytes may pass.
std::size_t TextStream::Check(std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    auto byte = static_cast<unsigned char>(buffer_[i]);
    if (byte == '\n' && expected_bytes_ == 0) {
      ++line_;
      column_ = 0;
      dashes_ = 0;
      continue;
    }
    ++column_;
    if (dashes_ >= 0) {
      dashes_ = byte == '-' ? dashes_ + 1 : -1;
      if (dashes_ == 3) {
        markers_.push_back(line_);
        dashes_ = -1;
      }
    }
    bool plain = byte >= 0x20 && byte < 0x7F && expected_bytes_ == 0;
    if (!plain && !CheckByte(byte)) return i;
  }
  return size;
}

bool TextStream::CheckByte(unsigned char byte) {
  if (expected_bytes_ > 0) {
    if (byte < lowest_ || byte > highest_) {
      Report("the file is not UTF-8", "save it as UTF-8");
      return false;
    }
    --expected_bytes_;
    lowest_ = 0x80;
    highest_ = 0xBF;
    return true;
  }
  if (byte < 0x80) {
    if (byte == '\t' || byte == '\r' || byte >= 0x20) return true;
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

// The well-formed byte sequences of Unicode, table 3-7.
void TextStream::CheckLead(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) expected_bytes_ = 1;
  if (byte >= 0xE0 && byte <= 0xEF) expected_bytes_ = 2;
  if (byte >= 0xF0 && byte <= 0xF4) expected_bytes_ = 3;
  if (byte == 0xE0) lowest_ = 0xA0;
  if (byte == 0xED) highest_ = 0x9F;
  if (byte == 0xF0) lowest_ = 0x90;
  if (byte == 0xF4) highest_ = 0x8F;
}

void TextStream::Report(std::string message, std::string hint) {
  problem_ = Problem{line_, std::max(column_, 1), std::move(message), std::move(hint)};
}

}  // namespace viasync::config
