// Takes one layer of escapes off a text, whatever kind they are, and remembers where each byte came
// from. For finding a text in another, not for reading a format: wrong escapes stay as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace viasync::base {

struct Unescaped {
  std::string bytes;                 // white space and what cannot be seen left out
  bool placed = false;               // whether `first` and `last` are filled
  std::vector<std::uint32_t> first;  // of each byte, in the text it began with
  std::vector<std::uint32_t> last;   // behind it
  bool changed = false;              // an escape came off
};

// The text itself, without white space. `placed`: with the places of the bytes, which takes longer.
// Requires: text.size() < 4 GiB.
Unescaped Squeezed(std::string_view text, bool placed);

// Quoted-printable (`=3D`) is an escape only where it is asked for: `token=3D…` looks like it.
enum class QuotedPrintable { kNo, kYes };

// One layer less: backslash escapes (`\/`, `\u003d`, `\x3d`, `\75`), percent-encoding, entities of
// HTML (`&#61;`, `&#x3d;`, `&amp;`).
Unescaped WithoutOneLayer(const Unescaped& text, QuotedPrintable quoted_printable);

// Whether there is `=3D` or its like.
bool HasQuotedPrintable(std::string_view text);

}  // namespace viasync::base
