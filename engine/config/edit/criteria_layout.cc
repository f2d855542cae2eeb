#include "engine/config/edit/criteria_layout.h"

#include <algorithm>
#include <dtl/dtl.hpp>
#include <utility>

#include "engine/base/strings.h"
#include "engine/model/criteria.h"

namespace viasync::config {
namespace {

using model::Role;
using model::Token;
using Piece = TextEdit::Piece;

bool IsClause(Role role) { return role == Role::kAnd || role == Role::kOr || role == Role::kOrder; }

std::size_t EndOf(const Token& token) { return token.offset + token.text.size(); }

// What is between two neighbours.
std::string_view GapBehind(std::string_view text, const std::vector<Token>& tokens, std::size_t i) {
  std::size_t begin = EndOf(tokens[i]);
  return text.substr(begin, tokens[i + 1].offset - begin);
}

// Tokens [begin, end) of the old text become [from, to) of the new one.
struct Hunk {
  std::size_t begin, end, from, to;
};

std::vector<Hunk> HunksOf(const std::vector<Token>& old, const std::vector<Token>& changed) {
  auto names = [](const std::vector<Token>& tokens) {
    std::vector<std::string> all;
    for (const auto& token : tokens) {
      bool keyword = token.kind == model::TokenKind::kKeyword;
      all.push_back(keyword ? base::ToUpper(token.text) : std::string(token.text));
    }
    return all;
  };
  dtl::Diff<std::string, std::vector<std::string>> diff(names(old), names(changed));
  diff.compose();
  std::vector<Hunk> hunks;
  std::size_t at_old = 0, at_new = 0;
  bool open = false;
  for (const auto& [text, info] : diff.getSes().getSequence()) {
    if (info.type == dtl::SES_COMMON) {
      ++at_old, ++at_new;
      open = false;
      continue;
    }
    if (!open) hunks.push_back({at_old, at_old, at_new, at_new});
    open = true;
    ++(info.type == dtl::SES_DELETE ? at_old : at_new);
    hunks.back().end = at_old;
    hunks.back().to = at_new;
  }
  return hunks;
}

// Puts the tokens of `changed` that differ in place of those of `old` that do.
class Weaver {
 public:
  Weaver(std::string_view old, std::string_view changed, bool lines)
      : old_(old),
        changed_(changed),
        lines_(lines),
        before_(model::Tokenize(old)),
        after_(model::Tokenize(changed)) {}

  bool readable() const {
    return !before_.problem && !after_.problem && !before_.list.empty() && !after_.list.empty();
  }

  std::vector<TextEdit> Weave() {
    FindClauseBreak();
    auto hunks = HunksOf(before_.list, after_.list);
    std::vector<TextEdit> edits;
    for (std::size_t i = 0; i < hunks.size(); ++i) {
      std::size_t floor = i == 0 ? 0 : hunks[i - 1].end;
      edits.push_back(EditOf(Slid(hunks[i], floor)));
    }
    return edits;
  }

 private:
  // Which of the ways to tell what came or went starts with its AND: `a [AND b] AND c`, not
  // `a AND [b AND] c`.
  Hunk Slid(Hunk hunk, std::size_t floor) const {
    bool comes = hunk.begin == hunk.end, goes = hunk.from == hunk.to;
    if (comes == goes) return hunk;
    const auto& tokens = comes ? after_.list : before_.list;
    const auto& roles = comes ? roles_after_ : roles_before_;
    std::size_t first = comes ? hunk.from : hunk.begin, last = comes ? hunk.to : hunk.end;
    std::size_t room = hunk.begin - floor;
    for (std::size_t back = 0; back <= room; ++back) {
      if (roles[first - back] != Role::kInside) {
        return {hunk.begin - back, hunk.end - back, hunk.from - back, hunk.to - back};
      }
      bool more =
          back < room && first > back && tokens[first - back - 1] == tokens[last - back - 1];
      if (!more) break;
    }
    return hunk;
  }

  void FindClauseBreak() {
    for (std::size_t i = 1; i < roles_before_.size(); ++i) {
      if (!IsClause(roles_before_[i])) continue;
      clause_break_ = {
          .text = "", .begin = EndOf(before_.list[i - 1]), .end = before_.list[i].offset};
      if (clause_break_.begin < clause_break_.end) return;
    }
    clause_break_ = {.text = lines_ ? "\n" : " "};
  }

  // The gap of the new text behind its token `i`, as the old one would have it.
  Piece Gap(std::size_t i) const {
    if (IsClause(roles_after_[i + 1])) return clause_break_;
    if (model::IsSymbol(after_.list[i], ",")) {
      for (std::size_t k = 0; k + 1 < before_.list.size(); ++k) {
        if (!model::IsSymbol(before_.list[k], ",")) continue;
        auto gap = GapBehind(old_, before_.list, k);
        if (gap.find_first_of("\r\n") == std::string_view::npos) return {.text = std::string(gap)};
        break;
      }
    }
    auto gap = GapBehind(changed_, after_.list, i);
    bool breaks = gap.find_first_of("\r\n") != std::string_view::npos;
    if (!breaks) return {.text = std::string(gap)};
    return {.text = lines_ ? "\n" : " "};
  }

  TextEdit EditOf(const Hunk& hunk) const {
    const auto& a = before_.list;
    bool comes = hunk.begin == hunk.end, goes = hunk.from == hunk.to;
    bool at_front = hunk.begin == 0;
    if (goes) {  // with the gap in front; the first with that behind
      if (at_front) return {.begin = a[0].offset, .end = a[hunk.end].offset, .pieces = {}};
      return {.begin = EndOf(a[hunk.begin - 1]), .end = EndOf(a[hunk.end - 1]), .pieces = {}};
    }
    TextEdit edit{.begin = a[hunk.begin == a.size() ? 0 : hunk.begin].offset};
    edit.end = comes ? edit.begin : EndOf(a[hunk.end - 1]);
    if (comes && !at_front) edit.begin = edit.end = EndOf(a[hunk.begin - 1]);
    // What stood close together may need a blank now.
    bool gap_in_front = !at_front && (comes || IsTight(hunk.begin));
    bool gap_behind = comes ? at_front || IsTight(hunk.begin) : IsTight(hunk.end);
    if (gap_in_front && hunk.from > 0) AddGap(edit, hunk.from - 1);
    for (std::size_t i = hunk.from; i < hunk.to; ++i) {
      if (i > hunk.from) AddGap(edit, i - 1);
      edit.pieces.push_back({.text = std::string(after_.list[i].text)});
    }
    if (gap_behind && hunk.to < after_.list.size()) AddGap(edit, hunk.to - 1);
    return edit;
  }

  // No gap in front of the old token `i`, which has a neighbour there.
  bool IsTight(std::size_t i) const {
    const auto& a = before_.list;
    return i > 0 && i < a.size() && EndOf(a[i - 1]) == a[i].offset;
  }

  void AddGap(TextEdit& edit, std::size_t i) const {
    auto gap = Gap(i);
    if (!gap.text.empty() || gap.begin < gap.end) edit.pieces.push_back(std::move(gap));
  }

  std::string_view old_, changed_;
  bool lines_;
  model::Tokens before_, after_;
  std::vector<Role> roles_before_ = model::RolesOf(before_.list);
  std::vector<Role> roles_after_ = model::RolesOf(after_.list);
  Piece clause_break_;
};

std::string Woven(std::string_view old, const std::vector<TextEdit>& edits) {
  std::string out;
  std::size_t taken = 0;
  for (const auto& edit : edits) {
    out += old.substr(taken, edit.begin - taken);
    for (const auto& piece : edit.pieces) {
      out += piece.text.empty() ? old.substr(piece.begin, piece.end - piece.begin)
                                : std::string_view(piece.text);
    }
    taken = edit.end;
  }
  return out.append(old.substr(taken));
}

// Line breaks between tokens as LF: what a browser sends has CRLF.
std::string WithPlainBreaks(std::string_view text) {
  auto tokens = model::Tokenize(text);
  if (tokens.problem) return std::string(text);
  std::string out;
  std::size_t taken = 0;
  auto gap = [&](std::size_t end) {
    for (; taken < end; ++taken) {
      bool crlf = text.substr(taken).starts_with("\r\n");
      if (!crlf) out += text[taken] == '\r' ? '\n' : text[taken];
    }
  };
  for (const auto& token : tokens.list) {
    gap(token.offset);
    out += token.text;
    taken = EndOf(token);
  }
  gap(text.size());
  return out;
}

}  // namespace

std::optional<std::vector<TextEdit>> WeaveCriteria(std::string_view old, std::string_view changed,
                                                   bool lines) {
  Weaver weaver(old, changed, lines);
  if (!weaver.readable()) return std::nullopt;
  return weaver.Weave();
}

std::string LayOutLike(std::string_view old, std::string_view changed) {
  if (auto edits = WeaveCriteria(old, changed, old.find('\n') != std::string_view::npos)) {
    auto woven = Woven(old, *edits);
    if (model::SameCriteria(woven, changed)) return woven;
  }
  return LayOutNew(changed);
}

std::string LayOutNew(std::string_view text) {
  if (text.find_first_of("\r\n") != std::string_view::npos) {
    auto plain = WithPlainBreaks(text);
    return model::SameCriteria(plain, text) ? plain : std::string(text);
  }
  auto wrapped = model::WrapCriteria(text);
  return model::SameCriteria(wrapped, text) ? wrapped : std::string(text);
}

}  // namespace viasync::config
