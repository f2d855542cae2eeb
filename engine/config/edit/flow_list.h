// Items that come into and go out of brackets: a list in [] or the fields of a map in {}. Each
// takes its own comments along, those on its line and those directly above it, and no other's.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/edit/splice.h"

namespace viasync::config {

class FlowList {
 public:
  struct Item {
    std::size_t begin, end;
  };

  // `open`: behind the opening bracket.
  FlowList(std::string_view text, std::string_view line_break, std::size_t open,
           std::vector<Item> items)
      : text_(text),
        line_break_(line_break),
        open_(open),
        items_(std::move(items)),
        removed_(items_.size(), kStays) {}

  void Remove(std::size_t item, std::size_t edit) { removed_[item] = edit; }
  // In front of an item, or, where it is the number of items, behind the last one.
  void Insert(std::size_t before, std::string text, std::size_t edit) {
    inserted_[before].push_back({std::move(text), edit});
  }

  std::vector<Splice> Take();

 private:
  static constexpr std::size_t kStays = static_cast<std::size_t>(-2);
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct New {
    std::string text;
    std::size_t edit;
  };

  bool Stays(std::size_t item) const { return removed_[item] == kStays; }
  std::size_t Neighbour(std::size_t before) const;
  std::size_t Comma(std::size_t item) const;
  bool OneLine(std::size_t begin, std::size_t end) const;
  bool BeginsLine(std::size_t at) const;
  bool EndsLine(std::size_t at) const;
  void PutIn(std::size_t above, std::size_t before, const std::vector<New>& all);
  void PutFirst(std::size_t below, const std::vector<New>& all);
  void PutLines(std::size_t above, std::size_t stop, const std::vector<New>& all);
  void Cut(std::size_t first, std::size_t last);
  void CutLines(std::size_t first, std::size_t end, std::size_t edit);
  void DropLastComma();
  void Put(std::size_t at, std::size_t size, std::string text, std::size_t edit);

  std::string_view text_, line_break_;
  std::size_t open_;
  std::vector<Item> items_;
  std::vector<std::size_t> removed_;  // by item: the edit, or kStays
  std::map<std::size_t, std::vector<New>> inserted_;
  std::vector<Splice> splices_;
  std::size_t kept_comma_ = kNone;  // the item whose comma something new needs
};

}  // namespace viasync::config
