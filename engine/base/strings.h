// Small text helpers, all byte-wise and without locale.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace viasync::base {

std::string_view Trim(std::string_view text);  // ASCII white space on both ends
std::vector<std::string_view> Split(std::string_view text, char separator);  // keeps empty parts
std::string Join(std::span<const std::string> parts, std::string_view separator);
std::string ToLower(std::string_view text);                     // ASCII only
std::string ToUpper(std::string_view text);                     // ASCII only
bool EqualsIgnoreCase(std::string_view a, std::string_view b);  // ASCII only

// The candidate nearest to `word` by edit distance, if it is near enough to be worth a "did you
// mean"; ties go to the first.
std::optional<std::string> Nearest(std::string_view word, std::span<const std::string> candidates);

bool IsValidUtf8(std::string_view text);

// Makes a string from the org or a file safe for a terminal: control characters (C0, C1, DEL,
// what reorders a line or hides in it) and broken UTF-8 become visible escapes such as `\x1b` and
// `\u202e`. Newline and tab are escaped too unless `keep_newlines`.
std::string Printable(std::string_view text, bool keep_newlines = false);

// `1` -> "1 filter", `2` -> "2 filters".
std::string Plural(std::size_t count, std::string_view noun);

// 5250 -> "5,250".
std::string Thousands(std::uint64_t number);

// What an errno means, for people: that of a full disk in the words every message uses.
std::string SystemReason(int code);

// Lower-case hex SHA-256 of `data`.
std::string Sha256Hex(std::string_view data);

}  // namespace viasync::base
