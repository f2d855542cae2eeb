// The small pieces of a document in text: marks, notes, and rows that stand in columns.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/report/document.h"
#include "engine/report/style.h"

namespace viasync::report {

// A longer cell pushes its own row out of line, no other.
inline constexpr std::size_t kCellMax = 48;

// What stands in front of a change, by what it does.
struct Mark {
  std::string_view sign;
  Colour colour;
};
Mark MarkOf(Act act);

// The spans, each in the colour of its tone.
std::string PaintLine(const Style& style, const Line& line);

// The lines under a change.
void AppendNotes(const Item& item, const Style& style, std::string& out);

// Items laid out alike: a line each where all of them fit into the width, else two.
class TextRows {
 public:
  TextRows(const std::vector<const Item*>& items, const Style& style);

  // The item's lines, each with its newline, and its notes.
  void Append(const Item& item, std::string& out) const;

 private:
  static constexpr std::size_t kPair = 2;  // of cells: who and where, then what and why
  using Pair = std::span<const std::size_t, kPair>;

  std::string OneLine(const Item& item) const;
  std::string TwoLines(const Item& item) const;
  std::string Start(const Item& item) const;
  std::string Who(const Item& item, Pair columns, const std::string& warning) const;
  void PlaceSource(const Item& item, std::string& line, std::vector<std::string>& parts) const;
  static void Cells(std::string& line, std::size_t& gap, const std::vector<std::string>& cells,
                    Pair columns);

  const Style& style_;
  std::array<std::size_t, 2 * kPair> columns_{};
  bool fit_ = true;
};

}  // namespace viasync::report
