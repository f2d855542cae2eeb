// CSV as in RFC 4180, read row by row in constant memory: quoted fields, doubled quotes, line
// breaks in quotes, LF or CRLF. Empty lines are passed over. Stray quotes are errors, not guesses.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/text_stream.h"

namespace viasync::config {

class CsvReader {
 public:
  // `stream` must outlive this.
  explicit CsvReader(TextStream& stream) : stream_(stream) {}

  // Reads the next row. False: the end, or a problem after which nothing can be read.
  [[nodiscard]] bool Next();

  std::size_t size() const { return fields_.size(); }
  std::string_view field(std::size_t i) const {
    return std::string_view(text_).substr(fields_[i].begin, fields_[i].size);
  }
  bool quoted(std::size_t i) const { return fields_[i].quoted; }
  int line() const { return row_line_; }  // on which the row begins, from 1
  int column(std::size_t i) const { return fields_[i].column; }
  // Also that of the stream, which then comes first: a cut-off file explains everything else.
  const std::optional<TextStream::Problem>& problem() const {
    return stream_.problem() ? stream_.problem() : problem_;
  }

 private:
  struct Field {
    std::size_t begin;
    std::size_t size;
    int column;
    bool quoted;
  };

  int Take();
  bool ReadRow(int first);
  // Reads one field that starts with `c`; returns what ended it: `,`, newline or the end.
  int ReadField(int c);
  int ReadQuoted();
  void Report(int line, int column, std::string message, std::string hint);

  TextStream& stream_;
  std::string text_;
  std::vector<Field> fields_;
  int line_ = 1;
  int column_ = 0;
  int row_line_ = 1;
  std::optional<TextStream::Problem> problem_;
};

}  // namespace viasync::config
