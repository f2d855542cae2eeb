#include "tests/model/sql_lexers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

#include "engine/base/strings.h"

namespace viasync::model {
namespace {

using Words = std::set<std::string>;

// What the lexer of a dialect knows.
struct Dialect {
  const char* name;
  std::string strings;     // quotes around literals
  std::string names;       // quotes around names
  bool backslash;          // quotes the next character of a literal
  bool triple;             // '''…''' is a literal
  bool hash;               // starts a comment
  bool dash_wants_blank;   // `--` starts one only before a blank
  bool nested;             // comments nest
  bool dollar;             // $tag$…$tag$
  bool long_operators;     // PostgreSQL: whatever operator characters touch
  bool split_operators;    // T-SQL: `< =` is `<=`
  bool name_behind_dot;    // any word is a name there
  bool word_before_paren;  // `f(` is another thing than `f (`
  bool one_line;           // a literal ends on its line
  bool digit_names;        // names may start with a digit
  enum Joined { kNever, kOverLines, kAlways } joined;  // literals side by side
  Words prefixes;                                      // right before a literal, in capitals
  Words not_reserved;  // words that are names where their place says so
};

const std::vector<Dialect>& Dialects() {
  static const std::vector<Dialect> kAll = {
      {"ANSI",
       "'",
       "\"",
       false,
       false,
       false,
       false,
       false,
       false,
       false,
       false,
       false,
       false,
       false,
       false,
       Dialect::kOverLines,
       {"N", "B", "X", "U&"},
       {}},
      {"MySQL",
       "'\"",
       "`",
       true,
       false,
       true,
       true,
       false,
       false,
       false,
       false,
       true,
       true,
       false,
       true,
       Dialect::kAlways,
       {"N", "B", "X", "_UTF8", "_LATIN1"},
       {"END", "ESCAPE"}},
      {"PostgreSQL",
       "'",
       "\"",
       false,
       false,
       false,
       false,
       true,
       true,
       true,
       false,
       false,
       false,
       false,
       false,
       Dialect::kOverLines,
       {"N", "B", "X", "E", "U&"},
       {"BY", "ESCAPE", "BETWEEN", "EXISTS"}},
      {"T-SQL",
       "'",
       "\"[",
       false,
       false,
       false,
       false,
       true,
       false,
       false,
       true,
       false,
       false,
       false,
       false,
       Dialect::kNever,
       {"N"},
       {}},
      {"BigQuery",
       "'\"",
       "`",
       true,
       true,
       true,
       false,
       false,
       false,
       false,
       false,
       true,
       false,
       true,
       false,
       Dialect::kNever,
       {"R", "B", "RB", "BR"},
       {}},
  };
  return kAll;
}

struct Lexed {
  char kind;  // w word, k key word, s literal, q quoted name, n number, o operator, f function
  std::string text;
  std::string gap;  // blanks in front
  bool operator==(const Lexed& other) const { return kind == other.kind && text == other.text; }
};

class Lexer {
 public:
  Lexer(const Dialect& dialect, std::string_view text) : d_(dialect), text_(text) {}

  // nullopt: the dialect cannot read it.
  std::optional<std::vector<Lexed>> Read() {
    while (SkipBlanks(), at_ < text_.size() && good_) One();
    if (!good_) return std::nullopt;
    JoinLiterals();
    FindKeyWords();
    return std::move(out_);
  }

 private:
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool Starts(std::string_view with) const { return text_.substr(at_).starts_with(with); }
  static bool Blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  static bool Digit(char c) { return c >= '0' && c <= '9'; }
  bool NameStart(char c) const {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80 || (d_.split_operators && (c == '@' || c == '#'));
  }
  bool NameChar(char c) const {
    return NameStart(c) || Digit(c) || (c == '$' && std::string(d_.name) != "BigQuery");
  }
  void Push(char kind, std::string text) {
    out_.push_back({kind, std::move(text), gap_}), gap_ = "";
  }

  void SkipBlanks() {
    for (;;) {
      if (Blank(Peek()) && at_ < text_.size()) {
        gap_ += text_[at_++];
      } else if ((d_.hash && Peek() == '#') ||
                 (Starts("--") && (!d_.dash_wants_blank || Peek(2) == '\0' || Blank(Peek(2))))) {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
        gap_ += ' ';
      } else if (Starts("/*")) {
        int depth = 0;
        do {
          if (Starts("/*") && (depth == 0 || d_.nested))
            ++depth, at_ += 2;
          else if (Starts("*/"))
            --depth, at_ += 2;
          else
            ++at_;
          if (at_ > text_.size() || (at_ == text_.size() && depth > 0)) {
            good_ = false, at_ = text_.size();
            return;
          }
        } while (depth > 0);
        gap_ += ' ';
      } else {
        return;
      }
    }
  }

  void One() {
    char c = Peek();
    if (d_.dollar && c == '$' && Dollar()) return;
    if (d_.strings.find(c) != std::string::npos) return Literal("");
    if (d_.names.find(c) != std::string::npos) return QuotedName();
    if (Digit(c) || (c == '.' && Digit(Peek(1)) && !BehindName())) return Number();
    if (NameStart(c)) return Word();
    Operator();
  }

  bool BehindName() const {
    return d_.name_behind_dot && gap_.empty() && !out_.empty() &&
           (out_.back().kind == 'w' || out_.back().kind == 'q');
  }

  bool Dollar() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && NameChar(text_[end]) && text_[end] != '$') ++end;
    if (end >= text_.size() || text_[end] != '$' || Digit(Peek(1))) return false;
    auto tag = text_.substr(at_, end + 1 - at_);
    auto close = text_.find(tag, end + 1);
    if (close == std::string_view::npos) return good_ = false, true;
    Push('s', std::string(text_.substr(at_, close + tag.size() - at_)));
    at_ = close + tag.size();
    return true;
  }

  void Literal(const std::string& prefix) {
    std::size_t begin = at_;
    char quote = Peek();
    bool three = d_.triple && Starts(std::string(3, quote));
    bool backslash = d_.backslash || prefix == "E";
    at_ += three ? 3 : 1;
    for (;; ++at_) {
      if (at_ >= text_.size() || (d_.one_line && !three && Peek() == '\n')) {
        good_ = false;
        return;
      }
      if (backslash && Peek() == '\\') {
        ++at_;
      } else if (three ? Starts(std::string(3, quote)) : Peek() == quote) {
        if (three || d_.triple || Peek(1) != quote) break;
        ++at_;
      }
    }
    at_ += three ? 3 : 1;
    Push('s', prefix + std::string(text_.substr(begin, at_ - begin)));
  }

  void QuotedName() {
    std::size_t begin = at_;
    char close = Peek() == '[' ? ']' : Peek();
    for (++at_;; ++at_) {
      if (at_ >= text_.size()) {
        good_ = false;
        return;
      }
      if (Peek() != close) continue;
      if (Peek(1) != close) break;
      ++at_;
    }
    ++at_;
    Push('q', std::string(text_.substr(begin, at_ - begin)));
  }

  void Number() {
    std::size_t begin = at_;
    while (Digit(Peek())) ++at_;
    if (Peek() == '.' && !(d_.digit_names && NameStart(Peek(1)))) {
      ++at_;
      while (Digit(Peek())) ++at_;
    }
    if ((Peek() == 'e' || Peek() == 'E') &&
        (Digit(Peek(1)) || ((Peek(1) == '-' || Peek(1) == '+') && Digit(Peek(2))))) {
      at_ += 2;
      while (Digit(Peek())) ++at_;
    }
    char kind = 'n';
    while (NameChar(Peek()) && at_ < text_.size()) ++at_, kind = 'w';
    if (kind == 'w' && !d_.digit_names)
      kind = '?';  // where the number ends differs: never the same
    Push(kind, std::string(text_.substr(begin, at_ - begin)));
  }

  void Word() {
    std::size_t begin = at_;
    while (at_ < text_.size() && NameChar(Peek())) ++at_;
    std::string word(text_.substr(begin, at_ - begin));
    std::string upper = base::ToUpper(word);
    if (upper == "U" && Peek() == '&' && (Peek(1) == '\'' || Peek(1) == '"')) upper += '&';
    std::size_t skip = upper.ends_with('&') ? 1 : 0;
    if (d_.prefixes.contains(upper) && d_.strings.find(Peek(skip)) != std::string::npos &&
        Peek(skip) != '\0') {
      at_ += skip;
      return Literal(upper);
    }
    bool behind_dot = d_.name_behind_dot && !out_.empty() && out_.back().text == ".";
    if (behind_dot) return Push('w', std::move(word));
    static const Words kReserved = {"ALL",    "AND",  "AS",       "ASC",    "BETWEEN", "BY",
                                    "CASE",   "DESC", "DISTINCT", "ELSE",   "END",     "ESCAPE",
                                    "EXISTS", "FROM", "GROUP",    "HAVING", "IN",      "IS",
                                    "LIKE",   "NOT",  "NULL",     "ON",     "OR",      "ORDER",
                                    "SELECT", "THEN", "UNION",    "WHEN",   "WHERE"};
    if (kReserved.contains(upper)) return Push(d_.not_reserved.contains(upper) ? 'w' : 'k', word);
    Push(d_.word_before_paren && Peek() == '(' ? 'f' : 'w', std::move(word));
  }

  void Operator() {
    static const std::string kLong = "+-*/<>=~!@#%^&|`?";
    std::size_t begin = at_;
    if (d_.long_operators && kLong.find(Peek()) != std::string::npos) {
      while (at_ < text_.size() && kLong.find(Peek()) != std::string::npos && !Starts("--") &&
             !Starts("/*")) {
        ++at_;
      }
      auto run = text_.substr(begin, at_ - begin);
      while (run.size() > 1 && (run.back() == '-' || run.back() == '+') &&
             run.find_first_of("~!@#%^&|`?") == std::string_view::npos) {
        run.remove_suffix(1), --at_;
      }
      return Push('o', std::string(run));
    }
    for (std::string_view known :
         {"<=>", "->>", "<=", ">=", "<>", "!=", "||", "&&", ":=", "::", "->",
          "=>",  "<<",  ">>", "!<", "!>", "+=", "-=", "*=", "/=", "%="}) {
      if (!Starts(known)) continue;
      at_ += known.size();
      return Push('o', std::string(known));
    }
    ++at_;
    std::string one(1, text_[begin]);
    std::string joined = out_.empty() || out_.back().kind != 'o' ? "" : out_.back().text + one;
    if (d_.split_operators &&
        (joined == "<=" || joined == ">=" || joined == "<>" || joined == "!=")) {
      out_.back().text = joined;
      return;
    }
    Push('o', std::move(one));
  }

  void JoinLiterals() {
    std::vector<Lexed> joined;
    for (auto& token : out_) {
      bool beside = token.kind == 's' && !joined.empty() && joined.back().kind == 's' &&
                    (d_.joined == Dialect::kAlways || (d_.joined == Dialect::kOverLines &&
                                                       token.gap.find('\n') != std::string::npos));
      if (beside)
        joined.back().text += token.text;
      else
        joined.push_back(std::move(token));
    }
    out_ = std::move(joined);
  }

  // A word that is not reserved is a key word where its place says so; key words have no case.
  void FindKeyWords() {
    int cases = 0;
    for (std::size_t i = 0; i < out_.size(); ++i) {
      auto& token = out_[i];
      auto upper = base::ToUpper(token.text);
      std::string before = i > 0 ? out_[i - 1].text : "",
                  after = i + 1 < out_.size() ? out_[i + 1].text : "";
      if (token.kind == 'k' && upper == "CASE") ++cases;
      if (token.kind == 'w' && d_.not_reserved.contains(upper) && before != ".") {
        bool here = (upper == "BY" && (before == "ORDER" || before == "GROUP")) ||
                    (upper == "END" && cases > 0) ||
                    (upper == "ESCAPE" && i + 1 < out_.size() && out_[i + 1].kind == 's') ||
                    (upper == "BETWEEN" && i > 0 && (out_[i - 1].kind != 'o' || before == ")") &&
                     (after.empty() || std::string("=<>!.").find(after[0]) == std::string::npos)) ||
                    (upper == "EXISTS" && after == "(");
        if (here) token.kind = 'k';
      }
      if (token.kind == 'k') token.text = upper;
      if (token.kind == 'k' && upper == "END") --cases;
    }
  }

  const Dialect& d_;
  std::string_view text_;
  std::size_t at_ = 0;
  bool good_ = true;
  std::string gap_;
  std::vector<Lexed> out_;
};

}  // namespace

std::string Dissenter(std::string_view a, std::string_view b) {
  for (const auto& dialect : Dialects()) {
    if (Lexer(dialect, a).Read() != Lexer(dialect, b).Read()) return dialect.name;
  }
  return {};
}

}  // namespace viasync::model
