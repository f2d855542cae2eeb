#include "engine/report/mask_text.h"

#include <algorithm>
#include <cstddef>

#include "engine/report/words.h"

namespace viasync::report {
namespace {

constexpr std::size_t kDigitsMin = 7;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
// Of a word that goes on: bytes beyond ASCII are letters, or cut a text that was masked already.
bool IsWord(char c) { return IsDigit(c) || IsLetter(c) || c == '_' || (c & 0x80) != 0; }
bool IsLocalPart(char c) {
  return IsWord(c) || std::string_view(".!#$%&'*+-/=?^{|}~").find(c) != std::string_view::npos;
}
bool IsBetweenDigits(char c) {
  return std::string_view(" -.()/").find(c) != std::string_view::npos;
}

// `2026-01-05`, with or without what stands behind it.
bool IsDay(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() < kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == 'd' ? !IsDigit(text[i]) : text[i] != kForm[i]) return false;
  }
  return true;
}

// How long the number is that begins at `at`; 0 = none does. Between its digits stand at most two
// other characters, as in `(202) 555`.
std::size_t NumberLength(std::string_view text, std::size_t at) {
  if (at > 0 && IsWord(text[at - 1])) return 0;
  if (!IsDigit(text[at]) && text[at] != '+' && text[at] != '(') return 0;
  if (IsDay(text.substr(at))) return 0;
  std::size_t digits = 0, end = at, i = at;
  while (i < text.size() && (text[i] == '+' || text[i] == '(')) ++i;
  while (i < text.size()) {
    if (IsDigit(text[i])) {
      ++digits;
      end = ++i;
      continue;
    }
    std::size_t next = i;
    while (next < text.size() && next < i + 2 && IsBetweenDigits(text[next])) ++next;
    if (next == i || next == text.size() || !IsDigit(text[next]) || IsDay(text.substr(next))) break;
    i = next;
  }
  if (digits < kDigitsMin) return 0;
  return end < text.size() && IsWord(text[end]) ? 0 : end - at;
}

// How long the mail address is that begins at `at`; 0 = none does.
std::size_t MailLength(std::string_view text, std::size_t at) {
  if (at > 0 && IsLocalPart(text[at - 1])) return 0;
  std::size_t i = at;
  while (i < text.size() && IsLocalPart(text[i])) ++i;
  if (i == at || i == text.size() || text[i] != '@') return 0;
  const std::size_t domain = ++i;
  while (i < text.size() && (IsWord(text[i]) || text[i] == '-' || text[i] == '.')) ++i;
  while (i > domain && (text[i - 1] == '.' || text[i - 1] == '-')) --i;  // ends a sentence
  return i == domain ? 0 : i - at;
}

std::string MaskMail(std::string_view mail) {
  const bool plain = std::ranges::all_of(mail, [](char c) { return c > ' ' && c < '\x7f'; });
  if (plain) return MaskAddress("email", mail);
  const std::string_view hidden = "•••@";
  if (!IsLetter(mail[0]) && !IsDigit(mail[0]))
    return "•••" + std::string(mail.substr(mail.rfind('@')));
  // Masked already, perhaps: then it stays as it is.
  return std::string(mail.substr(0, 1)) + std::string(hidden) +
         std::string(mail.substr(mail.rfind('@') + 1));
}

}  // namespace

std::string MaskText(std::string_view text) {
  std::string masked;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto length = MailLength(text, at)) {
      masked += MaskMail(text.substr(at, length));
      at += length;
    } else if (const auto digits = NumberLength(text, at)) {
      std::string number(text.substr(at, digits));
      std::erase_if(number, [](char c) { return !IsDigit(c) && c != '+'; });
      masked += MaskAddress("voice", number);
      at += digits;
    } else {
      masked += text[at++];
    }
  }
  return masked;
}

}  // namespace viasync::report
