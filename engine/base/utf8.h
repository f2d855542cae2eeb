// Code points of UTF-8, and which of them a person would not see for what they are.
#pragma once

#include <cstddef>
#include <string_view>

namespace viasync::base {

// One code point off the front of a text; length 0 = the bytes are not UTF-8.
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;
};

// `text` must not be empty.
CodePoint DecodeUtf8(std::string_view text);

// Characters that move the cursor, reorder the line, or cannot be seen: control characters (C0, C1,
// DEL), bidirectional marks, zero-width and filler letters, variation selectors, tags.
bool IsUnsafe(char32_t c);

}  // namespace viasync::base
