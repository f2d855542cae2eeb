#include "engine/config/edit/written_text.h"

#include <algorithm>
#include <utility>

#include "engine/base/utf8.h"
#include "engine/config/edit/scalar_text.h"
#include "engine/config/edit/text_lines.h"

namespace viasync::config {
namespace {

bool IsWhite(char c) { return c == ' ' || c == '\t'; }

bool IsInsideCharacter(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

// Bytes of the line break at `at`; 0: there is none.
std::size_t BreakAt(std::string_view text, std::size_t at) {
  std::string_view rest = text.substr(std::min(at, text.size()));
  return rest.starts_with('\n') ? 1 : rest.starts_with("\r\n") ? 2 : 0;
}

std::size_t SkipWhite(std::string_view text, std::size_t at) {
  while (at < text.size() && IsWhite(text[at])) ++at;
  return at;
}

struct Escape {
  std::string bytes;
  std::size_t size;  // as written, with the backslash
};

// YAML 1.2.2, 5.7; without that of a line break.
std::optional<Escape> EscapeAt(std::string_view rest) {
  if (rest.size() < 2) return std::nullopt;
  static constexpr std::string_view kNames = "0abtnvfre \"/\\NL_P\t";
  static constexpr std::string_view kValues[] = {
      {"\0", 1}, "\a", "\b", "\t", "\n",       "\v",           "\f",       "\r",           "\x1b",
      " ",       "\"", "/",  "\\", "\xC2\x85", "\xE2\x80\xA8", "\xC2\xA0", "\xE2\x80\xA9", "\t"};
  if (auto at = kNames.find(rest[1]); at != std::string_view::npos) {
    return Escape{std::string(kValues[at]), 2};
  }
  std::size_t digits = rest[1] == 'x' ? 2 : rest[1] == 'u' ? 4 : rest[1] == 'U' ? 8 : 0;
  if (digits == 0 || rest.size() < 2 + digits) return std::nullopt;
  std::uint32_t code = 0;
  for (char c : rest.substr(2, digits)) {
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<std::uint32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
    code = code << 4 | digit;
  }
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return std::nullopt;
  Escape escape{{}, 2 + digits};
  base::AppendUtf8(escape.bytes, code);
  return escape;
}

}  // namespace

void WrittenText::Put(std::string_view bytes, std::size_t begin, std::size_t end) {
  text_ += bytes;
  begin_.insert(begin_.end(), bytes.size(), begin);
  end_.insert(end_.end(), bytes.size(), end);
}

class TextReader {
 public:
  TextReader(std::string_view raw, const Writing& writing) : raw_(raw), writing_(writing) {
    out_.raw_size_ = raw.size();
  }

  bool Read() { return IsBlock(writing_.style) ? ReadBlock() : ReadFlow(); }
  WrittenText Take() { return std::move(out_); }

 private:
  bool ReadFlow() {
    while (at_ < raw_.size()) {
      char c = raw_[at_];
      if (IsWhite(c) || BreakAt(raw_, at_) > 0) {
        ReadBlanks();
      } else if (writing_.style == ScalarStyle::kSingle && c == '\'') {
        out_.Put("'", at_, at_ + 2);
        at_ += 2;
      } else if (writing_.style == ScalarStyle::kDouble && c == '\\') {
        if (!ReadEscape()) return false;
      } else {
        out_.Put(raw_.substr(at_, 1), at_, at_ + 1);
        ++at_;
      }
    }
    return true;
  }

  // A line break is a blank; each further one is a line break.
  void ReadBlanks() {
    std::size_t begin = at_;
    at_ = SkipWhite(raw_, at_);
    if (BreakAt(raw_, at_) == 0) {
      for (; begin < at_; ++begin) out_.Put(raw_.substr(begin, 1), begin, begin + 1);
      return;
    }
    std::size_t breaks = SkipLines();
    out_.Put(breaks == 1 ? " " : std::string(breaks - 1, '\n'), begin, at_);
  }

  // Passes over line breaks and the blanks around them.
  std::size_t SkipLines() {
    std::size_t breaks = 0;
    while (auto size = BreakAt(raw_, at_)) {
      ++breaks;
      at_ = SkipWhite(raw_, at_ + size);
    }
    return breaks;
  }

  bool ReadEscape() {
    std::size_t begin = at_;
    if (BreakAt(raw_, at_ + 1) > 0) {
      ++at_;
      std::size_t breaks = SkipLines();
      out_.Put(std::string(breaks - 1, '\n'), begin, at_);
      return true;
    }
    auto escape = EscapeAt(raw_.substr(at_));
    if (!escape) return false;
    at_ += escape->size;
    out_.Put(escape->bytes, begin, at_);
    return true;
  }

  bool ReadBlock() {
    bool folds = writing_.style == ScalarStyle::kFolded;
    bool above_is_text = false;  // folding is for lines that start with no blank
    std::size_t breaks = 0, gap = 0;
    while (true) {
      std::size_t stop = std::min(LineStop(raw_, at_), raw_.size());
      std::size_t own = std::min(IndentAt(raw_, at_), stop - at_);
      std::size_t begin = at_ + std::min(own, writing_.indent);
      if (begin < stop) {
        if (own < writing_.indent) return false;
        bool is_text = !IsWhite(raw_[begin]);
        bool fold = folds && is_text && above_is_text;
        if (breaks > 0) PutBreaks(breaks, fold, gap, begin);
        for (auto i = begin; i < stop; ++i) out_.Put(raw_.substr(i, 1), i, i + 1);
        above_is_text = is_text;
        breaks = 0;
        gap = stop;
      }
      if (stop == raw_.size()) return true;
      ++breaks;
      at_ = LineEnd(raw_, at_);
    }
  }

  void PutBreaks(std::size_t breaks, bool fold, std::size_t begin, std::size_t end) {
    if (!fold) return out_.Put(std::string(breaks, '\n'), begin, end);
    out_.Put(breaks == 1 ? " " : std::string(breaks - 1, '\n'), begin, end);
  }

  std::string_view raw_;
  const Writing& writing_;
  WrittenText out_;
  std::size_t at_ = 0;
};

std::optional<WrittenText> WrittenText::Read(std::string_view raw, const Writing& writing) {
  TextReader reader(raw, writing);
  if (!reader.Read()) return std::nullopt;
  return reader.Take();
}

std::optional<WrittenText> WrittenText::Expanded(const Variables& variables) const {
  WrittenText out;
  out.raw_size_ = raw_size_;
  std::string_view text = text_;
  for (std::size_t at = 0; at < text.size();) {
    std::string_view rest = text.substr(at);
    if (rest.starts_with("$${")) {
      out.Put("${", begin_[at], end_[at + 2]);
      at += 3;
    } else if (rest.starts_with("${")) {
      auto close = rest.find('}');
      if (close == std::string_view::npos) return std::nullopt;
      std::string name(rest.substr(2, close - 2));
      auto known = variables.find(name);
      if (known == variables.end()) return std::nullopt;
      out.Put(known->second, begin_[at], end_[at + close]);
      out.variables_.push_back(std::move(name));
      at += close + 1;
    } else {
      out.Put(rest.substr(0, 1), begin_[at], end_[at]);
      ++at;
    }
  }
  return out;
}

bool WrittenText::Joined(std::size_t at) const {
  if (at == 0 || at >= text_.size()) return false;
  return begin_[at] == begin_[at - 1] || IsInsideCharacter(text_, at);
}

// Where something is put in front of the byte: close behind what is in front of it.
std::size_t WrittenText::PlaceOf(std::size_t at) const {
  if (at > 0) return end_[at - 1];
  return begin_.empty() ? 0 : begin_.front();
}

std::string WrittenText::Edited(std::string_view raw, const Writing& writing,
                                const std::vector<TextEdit>& edits) const {
  std::string out;
  std::size_t taken = 0;
  const std::string line = std::string(writing.line_break) + std::string(writing.indent, ' ');
  for (const auto& edit : edits) {
    bool replaces = edit.end > edit.begin;
    std::size_t begin = replaces ? begin_[edit.begin] : PlaceOf(edit.begin);
    out += raw.substr(taken, begin - taken);
    for (const auto& piece : edit.pieces) {
      if (piece.text.empty()) {
        if (piece.begin >= piece.end) continue;
        out += raw.substr(begin_[piece.begin], end_[piece.end - 1] - begin_[piece.begin]);
        continue;
      }
      if (!IsBlock(writing.style)) {
        auto written = ScalarLine(piece.text, writing.style);
        std::size_t quote = writing.style == ScalarStyle::kPlain ? 0 : 1;
        out += std::string_view(written).substr(quote, written.size() - 2 * quote);
        continue;
      }
      for (char c : piece.text) {
        if (c == '\n') {
          out += line;
        } else {
          out += c;
        }
      }
    }
    taken = replaces ? end_[edit.end - 1] : begin;
  }
  return out.append(raw.substr(taken));
}

std::vector<TextEdit> LeastEdit(const WrittenText& from, std::string_view to) {
  std::string_view text = from.text();
  std::size_t most = std::min(text.size(), to.size());
  std::size_t front = 0, back = 0;
  while (front < most && text[front] == to[front]) ++front;
  auto splits = [&](std::size_t at) {
    return from.Joined(at) || IsInsideCharacter(text, at) || at > text.size();
  };
  while (front > 0 && (splits(front) || IsInsideCharacter(to, front))) --front;
  most -= front;
  while (back < most && text[text.size() - 1 - back] == to[to.size() - 1 - back]) ++back;
  while (back > 0 && splits(text.size() - back)) --back;
  if (front + back == text.size() && text.size() == to.size()) return {};
  TextEdit edit{.begin = front, .end = text.size() - back, .pieces = {}};
  std::string middle(to.substr(front, to.size() - front - back));
  if (!middle.empty()) edit.pieces.push_back({.text = std::move(middle)});
  return {std::move(edit)};
}

}  // namespace viasync::config
