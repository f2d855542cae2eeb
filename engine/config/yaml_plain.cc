#include "engine/config/yaml_plain.h"

#include <algorithm>
#include <cstddef>

#include "engine/base/strings.h"

namespace viasync::config {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool IsWordChar(char c) {
  return IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("_./+@()=<>$%-").find(c) != kNone;
}

// Reads one line, token by token, from the left.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }
  std::size_t SkipSpaces() {
    auto count = std::min(rest_.find_first_not_of(' '), rest_.size());
    rest_.remove_prefix(count);
    return count;
  }
  bool Take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  // `key:`, with a blank or nothing behind it.
  bool Key() {
    auto end = std::min(
        rest_.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"),
        rest_.size());
    if (end == 0) return false;
    rest_.remove_prefix(end);
    return Take(":") && (rest_.empty() || rest_.front() == ' ');
  }

  bool Value(bool flow) {
    if (rest_.empty()) return false;
    return rest_.front() == '"' || rest_.front() == '\'' ? QuotedText() : Words(flow);
  }

  // Blanks, and a comment.
  bool Ended() {
    auto blanks = SkipSpaces();
    return rest_.empty() || (blanks > 0 && rest_.front() == '#');
  }

 private:
  bool QuotedText() {
    char quote = rest_.front();
    auto end = rest_.find(quote, 1);
    if (end == kNone || rest_.substr(0, end).find_first_of("\\\t") != kNone) return false;
    rest_.remove_prefix(end + 1);
    return rest_.empty() || rest_.front() == ' ' || rest_.front() == ',' || rest_.front() == '}';
  }

  bool Words(bool flow) {
    if (!IsAlnum(rest_.front()) && rest_.front() != '+') return false;
    std::size_t end = 0, last = 0;  // behind the last that is not a blank
    for (; end < rest_.size(); ++end) {
      char c = rest_[end];
      bool colon = c == ':' && IsAlnum(rest_[end - 1]) && end + 1 < rest_.size() &&
                   IsAlnum(rest_[end + 1]);
      bool comma = c == ',' && !flow;
      if (c != ' ' && !IsWordChar(c) && !colon && !comma) break;
      if (c != ' ') last = end + 1;
    }
    if (base::EqualsIgnoreCase(rest_.substr(0, last), "null")) return false;
    rest_.remove_prefix(last);
    return true;
  }

  std::string_view rest_;
};

class Reader {
 public:
  bool Read(std::string_view text) {
    for (std::size_t begin = 0; begin < text.size();) {
      auto end = std::min(text.find('\n', begin), text.size());
      auto line = text.substr(begin, end - begin);
      begin = end + 1;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.find('\t') != kNone || !Add(line)) return false;
    }
    return !in_block_ || block_indent_ > 0;
  }

 private:
  bool Add(std::string_view line) {
    auto indent = line.find_first_not_of(' ');
    // Blanks alone may be a part of a block, or not.
    if (indent == kNone) return !in_block_ || (block_indent_ > 0 && line.size() <= block_indent_);
    if (in_block_ && indent > key_indent_) {
      if (block_indent_ == 0) block_indent_ = indent;
      return indent >= block_indent_;
    }
    if (in_block_ && block_indent_ == 0) return false;  // an empty block
    in_block_ = false;
    if (line[indent] == '#') return true;
    return Content(line, indent);
  }

  bool Content(std::string_view text, std::size_t indent) {
    Line line(text);
    line.SkipSpaces();
    if (line.Take("- ")) return section_ && Item(line, indent);
    if (indent == 0) return Section(line);
    return dash_ != kNone && !flow_item_ && indent == dash_ + 2 && Field(line, indent);
  }

  bool Section(Line& line) {
    if (!line.Key()) return false;
    section_ = line.Ended();
    dash_ = kNone;
    if (section_) return line.AtEnd();
    return (line.Take("[]") || line.Value(false)) && line.Ended();
  }

  bool Item(Line& line, std::size_t indent) {
    if (dash_ != kNone && dash_ != indent) return false;
    dash_ = indent;
    flow_item_ = line.Take("{");
    return flow_item_ ? FlowFields(line) : Field(line, indent + 2);
  }

  bool FlowFields(Line& line) {
    do {
      line.SkipSpaces();
      if (!line.Key() || line.SkipSpaces() == 0 || !line.Value(true)) return false;
      line.SkipSpaces();
    } while (line.Take(","));
    return line.Take("}") && line.Ended();
  }

  bool Field(Line& line, std::size_t indent) {
    if (!line.Key()) return false;
    if (line.Ended()) return line.AtEnd();  // no value; a comment there is read in two ways
    if (line.Take("|-") || line.Take("|")) {
      in_block_ = true;
      block_indent_ = 0;
      key_indent_ = indent;
      return line.AtEnd();
    }
    return line.Value(false) && line.Ended();
  }

  bool section_ = false;
  std::size_t dash_ = kNone;  // of the entries of the section
  bool flow_item_ = false;
  bool in_block_ = false;
  std::size_t key_indent_ = 0;
  std::size_t block_indent_ = 0;  // 0: not known yet
};

}  // namespace

bool IsPlainYaml(std::string_view text) { return Reader().Read(text); }

}  // namespace viasync::config
