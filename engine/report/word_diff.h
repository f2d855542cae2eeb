// Which words of two lines differ.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace viasync::report {

struct Piece {
  std::string text;
  bool marked = false;  // only on its own side
  friend bool operator==(const Piece&, const Piece&) = default;
};
using Pieces = std::vector<Piece>;

// Both lines in pieces, which put together are the line. Lines of very many words, and lines that
// have little in common, are one piece each: marks all over help nobody.
std::pair<Pieces, Pieces> DiffWords(std::string_view was, std::string_view becomes);

}  // namespace viasync::report
