#include "cli/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <utility>

#include "engine/base/utf8.h"

namespace viasync::cli {
namespace {

constexpr std::pair<std::string_view, std::string_view> kDrawn[] = {
    {"→", "->"}, {"←", "<-"}, {"…", "..."}, {"•", "*"}, {"·", "."},  {"─", "-"},
    {"│", "|"},  {"—", "-"},  {"–", "-"},   {"█", "#"}, {"░", "."},  {"×", "x"},
    {"±", "+-"}, {"⚠", "!"},  {"↺", "<>"},  {"✓", "+"}, {"✗", "x"},  {"\ufe0f", ""},
    {"“", "\""}, {"”", "\""}, {"‘", "'"},   {"’", "'"}, {"≤", "<="}, {"≥", ">="}};

std::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Bytes that a character takes which begins with `lead`; 1 for what begins none.
std::size_t LengthOf(unsigned char lead) {
  if (lead >= 0xF0 && lead < 0xF8) return 4;
  if (lead >= 0xE0) return lead < 0xF0 ? 3 : 1;
  return lead >= 0xC0 ? 2 : 1;
}

// As an escape; of a byte that belongs to no character, too.
std::string Escaped(std::string_view character) {
  const auto [code, length] = base::DecodeUtf8(character);
  if (length == 0) return fmt::format("\\x{:02x}", static_cast<unsigned char>(character[0]));
  return code > 0xFFFF ? fmt::format("\\U{:08x}", static_cast<std::uint32_t>(code))
                       : fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code));
}

}  // namespace

bool WantsAscii() {
  if (Variable("TERM") == "dumb") return true;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto locale = Variable(name);
    if (!locale.empty()) return locale == "C" || locale == "POSIX";
  }
  return false;  // containers name none, and show UTF-8
}

std::string ToAscii(std::string_view utf8) {
  std::string ascii;
  ascii.reserve(utf8.size());
  while (!utf8.empty()) {
    const auto lead = static_cast<unsigned char>(utf8[0]);
    const std::size_t length = std::max<std::size_t>(base::DecodeUtf8(utf8).length, 1);
    const auto character = utf8.substr(0, length);
    auto drawn = std::ranges::find(kDrawn, character, [](const auto& pair) { return pair.first; });
    if (lead < 0x80)
      ascii += utf8[0];
    else if (drawn != std::end(kDrawn))
      ascii += drawn->second;
    else
      ascii += Escaped(character);
    utf8.remove_prefix(length);
  }
  return ascii;
}

AsciiOutput::AsciiOutput(std::ostream& stream) : stream_(stream), target_(stream.rdbuf(this)) {}

AsciiOutput::~AsciiOutput() {
  Pass();
  Send(ToAscii(waiting_));
  const auto state = stream_.rdstate();  // rdbuf() clears it
  stream_.rdbuf(target_);
  stream_.setstate(state);
}

bool AsciiOutput::Send(std::string_view text) {
  const auto size = static_cast<std::streamsize>(text.size());
  return target_ != nullptr && target_->sputn(text.data(), size) == size;
}

bool AsciiOutput::Pass() {
  std::size_t end = waiting_.size();
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, end); ++back) {
    const auto letter = static_cast<unsigned char>(waiting_[end - back]);
    if (letter >= 0xC0 && LengthOf(letter) > back) {
      end -= back;
      break;
    }
  }
  const auto text = ToAscii(std::string_view(waiting_).substr(0, end));
  waiting_.erase(0, end);
  return Send(text);
}

AsciiOutput::int_type AsciiOutput::overflow(int_type letter) {
  if (traits_type::eq_int_type(letter, traits_type::eof())) return traits_type::not_eof(letter);
  waiting_ += traits_type::to_char_type(letter);
  return Pass() ? letter : traits_type::eof();
}

std::streamsize AsciiOutput::xsputn(const char* text, std::streamsize size) {
  waiting_.append(text, static_cast<std::size_t>(size));
  return Pass() ? size : 0;
}

int AsciiOutput::sync() { return Pass() && target_->pubsync() == 0 ? 0 : -1; }

}  // namespace viasync::cli
