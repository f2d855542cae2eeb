// Code points of UTF-8, which of them a person would not see for what they are, and how much room
// the others take.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace viasync::base {

// One code point off the front of a text; length 0 = the bytes are not UTF-8.
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;
};

// `text` must not be empty.
CodePoint DecodeUtf8(std::string_view text);

// `c` must be a code point: not above U+10FFFF, no surrogate.
void AppendUtf8(std::string& out, char32_t c);

// The last place up to `at` where a character begins, or the end of `text`: where it may be cut.
// In what is not UTF-8, `at` itself.
std::size_t CharacterStart(std::string_view text, std::size_t at);

// One character as people see it (a letter with its accents, an emoji with its skin) off the front
// of a text: its bytes, and the columns that it takes on a terminal, 1 or 2. A byte that is not
// UTF-8 is one character of one column. `text` must not be empty.
struct Glyph {
  std::size_t bytes = 1, code_points = 1, columns = 1;
};
Glyph FirstGlyph(std::string_view text);

// Characters that move the cursor, reorder the line, or cannot be seen: control characters (C0, C1,
// DEL), bidirectional marks, zero-width and filler letters, variation selectors, tags.
bool IsUnsafe(char32_t c);

}  // namespace viasync::base
