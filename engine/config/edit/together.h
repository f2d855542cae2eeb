// Which of many edits go together, where only a trial of several at once can tell.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/result.h"

namespace viasync::config {

// Takes as many of `suspects` as go together with `accepted`, halving where something is wrong.
//  trial(edits)        what is wrong with them all, or nothing; those that it finds at fault
//                      themselves it takes out on the way
//  is_out(edit)        it was taken out
//  refuse(edit, why)   takes it out
// Returns those that are in; the last trial was of them.
template <class Trial, class IsOut, class Refuse>
std::vector<std::size_t> TakeTogether(std::vector<std::size_t> accepted,
                                      std::vector<std::size_t> suspects, const Trial& trial,
                                      const IsOut& is_out, const Refuse& refuse) {
  std::erase_if(suspects, is_out);
  auto both = accepted;
  both.insert(both.end(), suspects.begin(), suspects.end());
  auto wrong = trial(both);
  if (!wrong || suspects.empty()) return both;
  if (suspects.size() == 1) {
    refuse(suspects.front(), std::move(*wrong));
    (void)trial(accepted);
    return accepted;
  }
  auto middle = suspects.begin() + static_cast<std::ptrdiff_t>(suspects.size() / 2);
  std::vector<std::size_t> front(suspects.begin(), middle);
  std::vector<std::size_t> back(middle, suspects.end());
  accepted = TakeTogether(std::move(accepted), std::move(front), trial, is_out, refuse);
  return TakeTogether(std::move(accepted), std::move(back), trial, is_out, refuse);
}

}  // namespace viasync::config
