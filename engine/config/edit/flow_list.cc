#include "engine/config/edit/flow_list.h"

#include <algorithm>
#include <utility>

#include "engine/config/edit/text_lines.h"

namespace viasync::config {

void FlowList::Put(std::size_t at, std::size_t size, std::string text, std::size_t edit) {
  bool breaks = text.starts_with('\n') || text.starts_with("\r\n");
  splices_.push_back({at, size, std::move(text), edit, breaks});
}

// The last item in front of `before` that stays.
std::size_t FlowList::Neighbour(std::size_t before) const {
  while (before > 0) {
    if (Stays(--before)) return before;
  }
  return kNone;
}

// Of the comma behind the item.
std::size_t FlowList::Comma(std::size_t item) const {
  auto at = SkipSpaceAndComments(text_, items_[item].end);
  return at < text_.size() && text_[at] == ',' ? at : kNone;
}

bool FlowList::OneLine(std::size_t begin, std::size_t end) const {
  return text_.substr(begin, end - begin).find('\n') == std::string_view::npos;
}

bool FlowList::BeginsLine(std::size_t at) const {
  auto line = LineBegin(text_, at);
  return text_.substr(line, at - line).find_first_not_of(" \t") == std::string_view::npos;
}

// Nothing but a comment follows.
bool FlowList::EndsLine(std::size_t at) const {
  auto next = text_.find_first_not_of(" \t\r", at);
  return next == std::string_view::npos || text_[next] == '\n' || text_[next] == '#';
}

std::vector<Splice> FlowList::Take() {
  for (const auto& [before, all] : inserted_) PutIn(Neighbour(before), before, all);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (Stays(i)) continue;
    std::size_t last = i;
    while (last + 1 < items_.size() && !Stays(last + 1) &&
           OneLine(items_[last].end, items_[last + 1].begin)) {
      ++last;
    }
    Cut(i, last);
    i = last;
  }
  DropLastComma();
  return std::move(splices_);
}

void FlowList::PutIn(std::size_t above, std::size_t before, const std::vector<New>& all) {
  if (above == kNone) {
    while (before < items_.size() && !Stays(before)) ++before;
    return PutFirst(before, all);
  }
  std::size_t end = items_[above].end, comma = Comma(above);
  std::size_t behind = comma != kNone ? comma + 1 : end;
  bool comment = text_.substr(end, LineStop(text_, behind) - end).contains('#');
  bool lines = EndsLine(behind) && (BeginsLine(items_[above].begin) || comment);
  if (lines) return PutLines(above, behind, all);
  for (const auto& [text, edit] : all) Put(end, 0, ", " + text, edit);
}

// Each on a line of its own, below that of `above` and its comment.
void FlowList::PutLines(std::size_t above, std::size_t behind, const std::vector<New>& all) {
  std::size_t next = above + 1;
  while (next < items_.size() && !Stays(next)) ++next;
  std::size_t column = items_[above].begin - LineBegin(text_, items_[above].begin);
  if (!BeginsLine(items_[above].begin) && next < items_.size() && BeginsLine(items_[next].begin)) {
    column = items_[next].begin - LineBegin(text_, items_[next].begin);
  }
  const std::string line = std::string(line_break_) + std::string(column, ' ');
  bool has_comma = behind > items_[above].end;
  bool comma_last = next < items_.size() || (has_comma && above + 1 == items_.size());
  if (!has_comma) Put(items_[above].end, 0, ",", kNoEdit);
  if (has_comma) kept_comma_ = above;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool comma = comma_last || i + 1 < all.size();
    Put(LineStop(text_, behind), 0, line + all[i].text + (comma ? "," : ""), all[i].edit);
  }
}

void FlowList::PutFirst(std::size_t below, const std::vector<New>& all) {
  if (below == items_.size()) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      Put(open_, 0, (i > 0 ? ", " : "") + all[i].text, all[i].edit);
    }
    return;
  }
  std::size_t begin = items_[below].begin;
  if (!BeginsLine(begin)) {
    for (const auto& [text, edit] : all) Put(begin, 0, text + ", ", edit);
    return;
  }
  std::size_t line = LineBegin(text_, begin);
  std::size_t at = CommentBegin(text_, line, LineEnd(text_, open_));
  std::string indent(text_.substr(line, begin - line));
  for (const auto& [text, edit] : all) {
    Put(at, 0, indent + text + "," + std::string(line_break_), edit);
  }
}

// Takes neighbours of one line out.
void FlowList::Cut(std::size_t first, std::size_t last) {
  std::size_t begin = items_[first].begin, end = items_[last].end, comma = Comma(last);
  std::size_t behind = comma != kNone && OneLine(end, comma) ? comma + 1 : end;
  std::size_t edit = removed_[first];
  bool keeps_comma = false;
  for (std::size_t i = first + 1; i <= last; ++i) Put(begin, 0, "", removed_[i]);
  if (BeginsLine(begin) && EndsLine(behind)) {
    CutLines(first, LineEnd(text_, behind), edit);
  } else if (last + 1 < items_.size() && OneLine(end, items_[last + 1].begin)) {
    Put(begin, items_[last + 1].begin - begin, "", edit);
  } else if (first > 0 && OneLine(items_[first - 1].end, begin)) {
    keeps_comma = true;  // the one in front goes
    Put(items_[first - 1].end, end - items_[first - 1].end, "", edit);
  } else if (BeginsLine(begin)) {  // the bracket follows
    CutLines(first, LineBegin(text_, begin), edit);
    Put(begin, behind - begin, "", edit);
  } else {
    // Behind the opening bracket; the comment of the line is its own.
    bool comment = EndsLine(behind);
    Put(begin, (comment ? LineStop(text_, behind) : behind) - begin, "", edit);
  }
  bool taken = splices_.back().at <= comma && comma < splices_.back().at + splices_.back().size;
  if (comma == kNone || comma + 1 == behind || taken || keeps_comma) return;
  bool alone = BeginsLine(comma) && EndsLine(comma + 1) && LineStop(text_, comma) == comma + 1;
  Put(alone ? LineBegin(text_, comma) : comma,
      alone ? LineEnd(text_, comma) - LineBegin(text_, comma) : 1, "", kNoEdit);
}

// From the comment above the item to `end`.
void FlowList::CutLines(std::size_t first, std::size_t end, std::size_t edit) {
  std::size_t line = LineBegin(text_, items_[first].begin);
  std::size_t floor = LineEnd(text_, first > 0 ? items_[first - 1].end : open_);
  std::size_t begin = CommentBegin(text_, line, std::min(floor, line));
  Put(begin, end - begin, "", edit);
}

// Where the last ones go, the comma in front of them goes too.
void FlowList::DropLastComma() {
  if (items_.empty() || Stays(items_.size() - 1) || Comma(items_.size() - 1) != kNone) return;
  auto last = Neighbour(items_.size());
  if (last == kNone || last == kept_comma_) return;
  auto comma = Comma(last);
  auto cut = [&](const Splice& splice) {
    return splice.at <= comma && comma < splice.at + splice.size;
  };
  if (comma == kNone || std::ranges::any_of(splices_, cut)) return;
  Put(comma, 1, "", kNoEdit);
}

}  // namespace viasync::config
