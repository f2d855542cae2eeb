#include "engine/config/edit/criteria_layout.h"

#include <algorithm>

#include "engine/model/criteria.h"

namespace viasync::config {
namespace {

using model::Role;
using model::Token;

bool IsClause(Role role) { return role == Role::kAnd || role == Role::kOr || role == Role::kOrder; }

std::size_t EndOf(const Token& token) { return token.offset + token.text.size(); }

// What separates a clause from the one in front: as it is between the first two in `old`.
std::string ClauseBreak(std::string_view old, const model::Tokens& tokens) {
  auto roles = model::RolesOf(tokens.list);
  for (std::size_t i = 1; i < roles.size(); ++i) {
    if (!IsClause(roles[i])) continue;
    std::size_t begin = EndOf(tokens.list[i - 1]);
    return std::string(old.substr(begin, tokens.list[i].offset - begin));
  }
  return "\n";
}

// Puts the tokens of `changed` that differ in place of those of `old` that do.
class Weaver {
 public:
  Weaver(std::string_view old, std::string_view changed)
      : old_(old),
        changed_(changed),
        before_(model::Tokenize(old)),
        after_(model::Tokenize(changed)) {}

  bool readable() const {
    return !before_.problem && !after_.problem && !before_.list.empty() && !after_.list.empty();
  }

  std::string Weave() {
    const auto& a = before_.list;
    const auto& b = after_.list;
    std::size_t most = std::min(a.size(), b.size());
    while (head_ < most && a[head_] == b[head_]) ++head_;
    while (tail_ < most - head_ && a[a.size() - 1 - tail_] == b[b.size() - 1 - tail_]) ++tail_;
    clause_break_ = ClauseBreak(old_, before_);
    std::string woven;
    if (head_ > 0) woven = old_.substr(0, EndOf(a[head_ - 1]));
    if (head_ + tail_ < b.size()) {
      if (head_ > 0) woven += GapInFront();
      AppendMiddle(woven);
    }
    if (tail_ > 0) {
      std::size_t first = a.size() - tail_;
      bool anything = head_ > 0 || head_ + tail_ < b.size();
      std::size_t gap = first > 0 ? EndOf(a[first - 1]) : a[first].offset;
      woven += old_.substr(anything ? gap : a[first].offset);
    }
    return woven;
  }

 private:
  std::string GapInFront() const {
    const auto& a = before_.list;
    const auto& b = after_.list;
    bool replaced = head_ + tail_ < a.size();
    if (replaced) {
      std::size_t begin = EndOf(a[head_ - 1]);
      return std::string(old_.substr(begin, a[head_].offset - begin));
    }
    if (IsClause(roles_[head_])) return clause_break_;
    std::size_t begin = EndOf(b[head_ - 1]);
    return std::string(changed_.substr(begin, b[head_].offset - begin));
  }

  void AppendMiddle(std::string& woven) const {
    const auto& b = after_.list;
    for (std::size_t i = head_; i < b.size() - tail_; ++i) {
      if (i > head_) {
        std::size_t begin = EndOf(b[i - 1]);
        woven += IsClause(roles_[i]) ? clause_break_
                                     : std::string(changed_.substr(begin, b[i].offset - begin));
      }
      woven += b[i].text;
    }
  }

  std::string_view old_, changed_;
  model::Tokens before_, after_;
  std::vector<Role> roles_ = model::RolesOf(after_.list);
  std::string clause_break_;
  std::size_t head_ = 0;  // tokens that are the same in front
  std::size_t tail_ = 0;  // and at the end
};

}  // namespace

std::string LayOutLike(std::string_view old, std::string_view changed) {
  if (changed.find('\n') != std::string_view::npos) return std::string(changed);
  Weaver weaver(old, changed);
  if (weaver.readable()) {
    auto woven = weaver.Weave();
    if (model::SameCriteria(woven, changed)) return woven;
  }
  return LayOutNew(changed);
}

std::string LayOutNew(std::string_view text) {
  if (text.find('\n') != std::string_view::npos) return std::string(text);
  auto wrapped = model::WrapCriteria(text);
  return model::SameCriteria(wrapped, text) ? wrapped : std::string(text);
}

}  // namespace viasync::config
