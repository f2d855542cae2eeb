#include "tests/simulation/watched_store.h"

namespace viasync::simulation {

using base::Result;

Result<void> WatchedStore::MayWrite() {
  if (!fuse_.Allows()) return base::Fail(base::ErrorKind::kIo, "the process is dead");
  if (writes_left_ == 0) return base::Fail(base::ErrorKind::kIo, "the disk is full");
  if (writes_left_ > 0) --writes_left_;
  return {};
}

void WatchedStore::Note(const store::BaseMove& move, long since) {
  on_move_(move, since);
  if (move.record)
    records_.base.insert_or_assign({move.kind, move.key}, *move.record);
  else
    records_.base.erase({move.kind, move.key});
}

Result<void> WatchedStore::MoveBase(const std::vector<store::BaseMove>& moves,
                                    const std::vector<store::Pulled>& pulled) {
  if (auto may = MayWrite(); !may) return may;
  auto written = behind_.MoveBase(moves, pulled);
  if (!written) return written;
  for (const auto& move : moves) Note(move, began_);
  return written;
}

Result<void> WatchedStore::Journal(const std::vector<store::Outcome>& outcomes,
                                   std::vector<store::Step>& intents) {
  if (auto may = MayWrite(); !may) return may;
  auto written = behind_.Journal(outcomes, intents);
  if (!written) return written;
  for (const auto& outcome : outcomes) {
    auto open = records_.open.extract(outcome.step);
    if (outcome.state == store::StepState::kDone && outcome.move) {
      Note(*outcome.move, open.empty() ? began_ : open.mapped().at);
    }
  }
  for (const auto& step : intents) records_.open.insert({step.id, {step, now_()}});
  return written;
}

}  // namespace viasync::simulation
