#include "engine/base/strings.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "engine/base/utf8.h"

namespace viasync::base {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t replaced = diagonal + (Lower(a[i - 1]) == Lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string_view Trim(std::string_view text) {
  auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string Join(std::span<const std::string> parts, std::string_view separator) {
  std::string joined;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i) joined += separator;
    joined += parts[i];
  }
  return joined;
}

std::string ToLower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), Lower);
  return lower;
}

std::string ToUpper(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(), Upper);
  return upper;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, Lower, Lower);
}

std::optional<std::string> Nearest(std::string_view word, std::span<const std::string> candidates) {
  std::optional<std::string> best;
  // At most half of the word may be wrong: any two letters are two edits from any other two.
  std::size_t best_distance =
      std::min(std::max<std::size_t>(2, word.size() / 3), word.size() / 2) + 1;
  for (const auto& candidate : candidates) {
    std::size_t distance = EditDistance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    auto length = DecodeUtf8(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string Printable(std::string_view text, bool keep_newlines) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    auto [value, length] = DecodeUtf8(text);
    if (length == 0) {
      safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
      continue;
    }
    if (keep_newlines && (value == '\n' || value == '\t'))
      safe += text[0];
    else if (value == '\n')
      safe += "\\n";
    else if (value == '\t')
      safe += "\\t";
    else if (value == '\r')
      safe += "\\r";
    else if (!IsUnsafe(value))
      safe += text.substr(0, length);
    else if (value < 0x100)
      safe += fmt::format("\\x{:02x}", static_cast<unsigned>(value));
    else
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(value));
    text.remove_prefix(length);
  }
  return safe;
}

std::string Plural(std::size_t count, std::string_view noun) {
  if (count == 1) return fmt::format("{} {}", Thousands(count), noun);
  constexpr std::string_view kVowels = "aeiou";
  const bool consonant_y = noun.size() > 1 && noun.ends_with('y') &&
                           kVowels.find(noun[noun.size() - 2]) == std::string_view::npos;
  if (consonant_y) {
    return fmt::format("{} {}ies", Thousands(count), noun.substr(0, noun.size() - 1));
  }
  const bool hissing =
      noun.ends_with('s') || noun.ends_with('x') || noun.ends_with("ch") || noun.ends_with("sh");
  return fmt::format("{} {}{}", Thousands(count), noun, hissing ? "es" : "s");
}

std::string Thousands(std::uint64_t number) {
  std::string digits = fmt::format("{}", number);
  for (auto at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

std::string SystemReason(int code) {
  return code == ENOSPC || code == EDQUOT ? "the disk is full" : std::strerror(code);
}

std::string Sha256Hex(std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace viasync::base
