#include "engine/config/yaml_bounds.h"

#include <algorithm>
#include <cstddef>

#include "engine/base/strings.h"

namespace viasync::config {
namespace {

constexpr std::size_t kLineBytesMax = 1 << 20;
constexpr std::size_t kLineMarksMax = 100'000;  // brackets and commas of one line
constexpr std::size_t kOpenMax = 20'000;        // brackets that are not closed, of the whole text
constexpr std::size_t kPropertyLinesMax = 20'000;
constexpr std::size_t kDocumentsMax = 1'000;  // a file is one; parsing more takes their square

// Counts what keeps a parser looking. Quotes and comments are not understood: a bracket in a text
// counts where it might open a list, which is why the bounds are far above what a file needs.
class Bounds {
 public:
  std::optional<YamlStop> Check(std::string_view text) {
    for (std::size_t begin = 0; begin < text.size(); ++line_) {
      auto end = std::min(text.find('\n', begin), text.size());
      if (auto stop = CheckLine(text.substr(begin, end - begin))) return stop;
      begin = end + 1;
    }
    return std::nullopt;
  }

 private:
  std::optional<YamlStop> CheckLine(std::string_view line) {
    if (line.size() > kLineBytesMax) {
      return Stop(1, "the line is longer than 1 MB", "break it into several lines");
    }
    const bool marker = line.starts_with("---") || line.starts_with("...");
    if (marker && ++documents_ > kDocumentsMax) {
      return Stop(1, "the file holds more documents than viasync reads",
                  "a file is one document: leave out `---`");
    }
    std::size_t marks = 0;
    bool empty = true;
    for (std::size_t i = 0; i < line.size(); ++i) {
      char c = line[i];
      if (c == ' ' || c == '\t' || c == '\r') continue;
      bool opens = c == '[' || c == '{';
      bool closes = c == ']' || c == '}';
      if (opens || closes || c == ',' || c == '&' || c == '!' || c == '*') ++marks;
      if (empty && (c == '&' || c == '!')) ++property_lines_;
      // Behind a word it is part of a text.
      if (opens && may_open_ && ++open_ > kOpenMax) {
        return Stop(i + 1, "nested more than viasync reads", "check the brackets and the quotes");
      }
      if (closes && open_ > 0) --open_;
      may_open_ = opens || c == ',' || c == ':' || c == '-' || c == '?';
      // A property: what follows it may open something.
      if (c == '&' || c == '!') {
        i = std::min(line.find_first_of(" \t\r[]{},", i), line.size()) - 1;
        may_open_ = true;
      }
      empty = false;
    }
    if (marks > kLineMarksMax) {
      return Stop(1, "the line holds more entries than viasync reads in one",
                  "write the entries below each other, each with a `-` in front, or use a CSV file "
                  "(`from:`)");
    }
    if (property_lines_ > kPropertyLinesMax) {
      return Stop(1, "too many lines start with `&` or `!`", "check its anchors and tags");
    }
    return std::nullopt;
  }

  YamlStop Stop(std::size_t column, std::string message, std::string hint) const {
    return {{line_, static_cast<int>(column)}, std::move(message), std::move(hint)};
  }

  int line_ = 1;
  std::size_t open_ = 0;
  std::size_t property_lines_ = 0;
  std::size_t documents_ = 0;
  bool may_open_ = true;
};

}  // namespace

std::optional<YamlStop> CheckYamlBounds(std::string_view text) { return Bounds().Check(text); }

}  // namespace viasync::config
