// Strings from org and files inside Markdown: always as code, where neither HTML, Markdown,
// @mentions, #references nor links work.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace viasync::report {

// How much of one name, and of one value, a comment shows: characters.
inline constexpr std::size_t kNameMax = 200;
inline constexpr std::size_t kValueMax = 500;

// `text` as inline code, on one line, safe in a table too: `|` becomes `\x7c`, since no escape of
// it means the same everywhere. Empty text: a dash.
std::string CodeSpan(std::string_view text);

// A fenced block, its fence longer than any run of backticks inside.
std::string CodeFence(std::string_view language, const std::vector<std::string>& lines);

}  // namespace viasync::report
