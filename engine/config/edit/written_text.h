// A scalar of a file as a text of which every byte knows where it is written, so that a change of
// the text becomes a change of those bytes alone. Knows the ways of YAML to write a text (quotes,
// escapes, folded lines, block scalars) and the variables in it; it is pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/edit/yaml_spans.h"
#include "engine/config/variables.h"

namespace viasync::config {

// A stretch of a text that changes.
struct TextEdit {
  // What comes in its place: a text of its own, or a stretch of the old one as it is written there.
  struct Piece {
    std::string text;
    std::size_t begin = 0, end = 0;  // where `text` is empty
  };
  std::size_t begin = 0, end = 0;
  std::vector<Piece> pieces;
};

// How a scalar is written.
struct Writing {
  ScalarStyle style = ScalarStyle::kPlain;
  std::size_t indent = 0;  // of block scalars: the blanks that every line starts with
  std::string_view line_break = "\n";
};

class WrittenText {
 public:
  // `raw`: of quoted scalars what is between the quotes; of block scalars the lines from the first
  // that is not blank to the last, without the final line break. nullopt: an escape that YAML does
  // not know, a line that is not indented.
  static std::optional<WrittenText> Read(std::string_view raw, const Writing& writing);

  // With the variables in place of their names. nullopt: one that is not defined.
  std::optional<WrittenText> Expanded(const Variables& variables) const;

  const std::string& text() const { return text_; }
  // The names of the variables that stand in the text before it is expanded, in their order.
  const std::vector<std::string>& variables() const { return variables_; }

  // `raw` with the edits, which are in the order of the text and do not meet. Not every style can
  // hold every piece: what it then reads as is for the caller to see, by reading it again.
  std::string Edited(std::string_view raw, const Writing& writing,
                     const std::vector<TextEdit>& edits) const;

  // True when the byte is written together with the one in front of it: one escape, one fold, one
  // variable.
  bool Joined(std::size_t at) const;

 private:
  friend class TextReader;
  void Put(std::string_view bytes, std::size_t begin, std::size_t end);
  std::size_t PlaceOf(std::size_t at) const;

  std::string text_;
  std::vector<std::size_t> begin_, end_;  // by byte of the text: where it is written
  std::size_t raw_size_ = 0;
  std::vector<std::string> variables_;
};

// The least change that makes `to` of `from`: what both begin and end with stays. In whole
// characters; none where they are alike.
std::vector<TextEdit> LeastEdit(const WrittenText& from, std::string_view to);

}  // namespace viasync::config
