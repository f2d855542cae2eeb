#include "engine/config/csv.h"

#include <utility>

namespace viasync::config {
namespace {

constexpr int kEnd = TextStream::traits_type::eof();
// A row this long is a quote that was never closed.
constexpr std::size_t kRowBytesMax = 1 << 20;

}  // namespace

// The next character; CRLF comes as one newline.
int CsvReader::Take() {
  int c = stream_.sbumpc();
  if (c == '\r' && stream_.sgetc() == '\n') c = stream_.sbumpc();
  ++column_;
  return c;
}

bool CsvReader::Next() {
  if (problem_) return false;
  for (;;) {
    row_line_ = line_;
    column_ = 0;
    int first = Take();
    if (first == kEnd) return false;
    if (first == '\n') {
      ++line_;
      continue;
    }
    return ReadRow(first);
  }
}

bool CsvReader::ReadRow(int first) {
  text_.clear();
  fields_.clear();
  for (int c = first;; c = Take()) {
    int ended = ReadField(c);
    // Half a row, where the stream broke off.
    bool cut = ended == kEnd && stream_.problem();
    if (problem_ || cut) return false;
    if (ended == '\n') ++line_;
    if (ended != ',') return true;
  }
}

int CsvReader::ReadField(int c) {
  std::size_t begin = text_.size();
  int column = column_;
  bool quoted = c == '"';
  if (quoted) c = ReadQuoted();
  while (c != ',' && c != '\n' && c != kEnd && !problem_) {
    if (quoted) {
      Report(line_, column_, "text follows the closing quote of a field",
             "a quote inside a quoted field is written twice: \"\"");
    } else if (c == '"') {
      Report(line_, column_, "a quote stands inside a field that is not quoted",
             "put the whole field into quotes, and write the quote twice: \"\"");
    } else if (text_.size() >= kRowBytesMax) {
      Report(row_line_, 1, "the row is longer than 1 MB", "check its quotes and line breaks");
    }
    text_ += static_cast<char>(c);
    c = Take();
  }
  fields_.push_back({begin, text_.size() - begin, column, quoted});
  return c;
}

// Behind the opening quote; returns the character behind the closing one.
int CsvReader::ReadQuoted() {
  int line = line_;
  int column = column_;
  for (;;) {
    int c = Take();
    if (c == '"') {
      c = Take();
      if (c != '"') return c;
    } else if (c == '\n') {
      ++line_;
      column_ = 0;
    }
    if (c == kEnd || text_.size() >= kRowBytesMax) {
      Report(line, column, "this quote is never closed",
             "close it; a quote inside a quoted field is written twice: \"\"");
      return kEnd;
    }
    text_ += static_cast<char>(c);
  }
}

void CsvReader::Report(int line, int column, std::string message, std::string hint) {
  problem_ = TextStream::Problem{line, column, std::move(message), std::move(hint)};
}

}  // namespace viasync::config
