#include "engine/base/globs.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "engine/base/utf8.h"

namespace viasync::base {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// The first character of `text`, as its bytes; these sort like code points. One byte where it is
// not UTF-8. Requires: not empty.
std::string_view Character(std::string_view text) {
  return text.substr(0, std::max<std::size_t>(1, DecodeUtf8(text).length));
}

using Test = bool (*)(char);
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlpha(char c) { return IsUpper(c) || IsLower(c); }
bool IsAlnum(char c) { return IsAlpha(c) || IsDigit(c); }
bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsGraph(char c) { return c > ' ' && c < '\x7f'; }
bool IsPrint(char c) { return c >= ' ' && c < '\x7f'; }
bool IsPunct(char c) { return IsGraph(c) && !IsAlnum(c); }
bool IsCntrl(char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }
bool IsXdigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

constexpr std::array<std::pair<std::string_view, Test>, 12> kClasses = {{{"alnum", IsAlnum},
                                                                         {"alpha", IsAlpha},
                                                                         {"blank", IsBlank},
                                                                         {"cntrl", IsCntrl},
                                                                         {"digit", IsDigit},
                                                                         {"graph", IsGraph},
                                                                         {"lower", IsLower},
                                                                         {"print", IsPrint},
                                                                         {"punct", IsPunct},
                                                                         {"space", IsSpace},
                                                                         {"upper", IsUpper},
                                                                         {"xdigit", IsXdigit}}};

Test FindClass(std::string_view name) {
  auto found = std::ranges::find(kClasses, name, &std::pair<std::string_view, Test>::first);
  return found == kClasses.end() ? nullptr : found->second;
}

// A set in brackets, read item by item.
class Set {
 public:
  // `pattern` begins with `[`.
  explicit Set(std::string_view pattern) : pattern_(pattern) {
    if (at_ < pattern.size() && (pattern[at_] == '!' || pattern[at_] == '^'))
      negated_ = true, ++at_;
    while (at_ < pattern_.size()) {
      if (pattern_[at_] == ']' && !first_) {
        length_ = at_ + 1;
        return;
      }
      if (!Item()) return;
      first_ = false;
    }
    Fault(0, "`[` is never closed", "close it, as in [0-9], or write \\[ for the character itself");
  }

  std::size_t length() const { return length_; }  // kNone: malformed
  const std::optional<GlobProblem>& problem() const { return problem_; }

  bool Matches(std::string_view character) const {
    bool in = std::ranges::any_of(ranges_, [&](const auto& range) {
      return range.first <= character && character <= range.second;
    });
    in |= character.size() == 1 &&
          std::ranges::any_of(classes_, [&](Test test) { return test(character[0]); });
    return in != negated_;
  }

 private:
  bool Fault(std::size_t offset, std::string what, std::string remedy) {
    problem_ = GlobProblem{offset, std::move(what), std::move(remedy)};
    return false;
  }

  // One character of the set, a backslash in front or not; empty: the pattern ends.
  std::string_view One() {
    if (at_ < pattern_.size() && pattern_[at_] == '\\') ++at_;
    if (at_ >= pattern_.size()) return {};
    auto character = Character(pattern_.substr(at_));
    at_ += character.size();
    return character;
  }

  bool Item() {
    std::size_t begin = at_;
    auto rest = pattern_.substr(at_);
    if (rest.starts_with("[:")) return Class();
    if (rest.starts_with("[.") || rest.starts_with("[=")) {
      return Fault(begin, "collating elements are not known here",
                   "write the characters themselves");
    }
    auto low = One();
    auto high = low;
    bool range = at_ + 1 < pattern_.size() && pattern_[at_] == '-' && pattern_[at_ + 1] != ']';
    if (range) {
      ++at_;
      high = One();
    }
    if (low.empty() || high.empty()) return true;  // never closed, then
    if (high < low) {
      return Fault(begin,
                   "the range `" + std::string(pattern_.substr(begin, at_ - begin)) +
                       "` ends before it begins",
                   "write the lower end first, as in [0-9]");
    }
    ranges_.emplace_back(low, high);
    return true;
  }

  bool Class() {
    auto end = pattern_.find(":]", at_ + 2);
    auto name = pattern_.substr(at_ + 2, end == kNone ? end : end - at_ - 2);
    Test test = end == kNone ? nullptr : FindClass(name);
    if (!test) {
      return Fault(
          at_, "`[:" + std::string(name.substr(0, 20)) + "` begins no known class",
          "use alnum, alpha, blank, cntrl, digit, graph, lower, print, punct, space, upper "
          "or xdigit, as in [[:digit:]]");
    }
    classes_.push_back(test);
    at_ = end + 2;
    return true;
  }

  std::string_view pattern_;
  std::size_t at_ = 1, length_ = kNone;
  bool negated_ = false, first_ = true;
  std::vector<std::pair<std::string_view, std::string_view>> ranges_;
  std::vector<Test> classes_;
  std::optional<GlobProblem> problem_;
};

// How the front of `pattern` meets the front of `text`: bytes of both, or nullopt. Requires: both
// not empty, no `*` in front.
std::optional<std::pair<std::size_t, std::size_t>> Step(std::string_view pattern,
                                                        std::string_view text) {
  if (pattern[0] == '?') return std::pair(std::size_t{1}, Character(text).size());
  if (pattern[0] == '[') {
    Set set(pattern);
    if (set.length() != kNone) {
      auto character = Character(text);
      if (!set.Matches(character)) return std::nullopt;
      return std::pair(set.length(), character.size());
    }
  }
  std::size_t quoted = pattern[0] == '\\' && pattern.size() > 1 ? 1 : 0;
  if (pattern[quoted] != text[0]) return std::nullopt;
  return std::pair(quoted + 1, std::size_t{1});
}

}  // namespace

bool GlobMatch(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = kNone, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
      continue;
    }
    auto step = p < pattern.size() ? Step(pattern.substr(p), text.substr(t)) : std::nullopt;
    if (step) {
      p += step->first;
      t += step->second;
    } else if (star != kNone) {
      p = star + 1;
      star_text += Character(text.substr(star_text)).size();
      t = star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::optional<GlobProblem> GlobFault(std::string_view pattern) {
  if (pattern.starts_with('!')) {
    return GlobProblem{0, "`!` in front does not exclude anything here",
                       "put the pattern under `exclude`, or write \\! for the character itself"};
  }
  for (std::size_t at = 0; at < pattern.size();) {
    char c = pattern[at];
    if (c == '\\') {
      if (at + 1 == pattern.size()) {
        return GlobProblem{at, "`\\` at the end quotes nothing", "write \\\\ for a backslash"};
      }
      at += 2;
    } else if (c == '{' || c == '}') {
      return GlobProblem{
          at, std::string("`") + c + "` does not list alternatives here",
          "write one pattern for each, or \\" + std::string(1, c) + " for the character itself"};
    } else if (c == '[') {
      Set set(pattern.substr(at));
      if (auto problem = set.problem()) {
        return GlobProblem{at + problem->offset, problem->what, problem->remedy};
      }
      at += set.length();
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

}  // namespace viasync::base
