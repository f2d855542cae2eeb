// A store that a run may die in front of, that can run full, and that keeps account of what it was
// told: base and open steps as they stand on disk. Everything else goes to the store behind it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/store/store.h"
#include "tests/simulation/fuse.h"

namespace viasync::simulation {

using BaseKey = std::pair<model::Kind, std::string>;

// What is on disk, seen from outside; lives longer than a run.
struct Records {
  struct Opened {
    store::Step step;
    long at;  // the instant of the org
  };
  std::map<BaseKey, store::BaseRecord> base;
  std::map<std::int64_t, Opened> open;
};

class WatchedStore final : public store::Store {
 public:
  // Told of every move before it counts; `since`: the instant its claim must be younger than.
  using OnMove = std::function<void(const store::BaseMove&, long since)>;

  // Requires: all outlive the store. `now`: the org's instant; `writes`: before the disk is full,
  // -1 = never.
  WatchedStore(store::Store& behind, Records& records, Fuse& fuse, std::function<long()> now,
               OnMove on_move, int writes)
      : behind_(behind),
        records_(records),
        fuse_(fuse),
        now_(std::move(now)),
        on_move_(std::move(on_move)),
        writes_left_(writes),
        began_(now_()) {}

  base::Result<void> ReadBase(
      model::Kind kind, const std::function<base::Result<void>(store::BaseRecord)>& each) override {
    return behind_.ReadBase(kind, each);
  }
  base::Result<bool> HasBase() override { return behind_.HasBase(); }
  base::Result<std::optional<base::UtcTime>> BaseMoved() override { return behind_.BaseMoved(); }
  base::Result<void> MoveBase(const std::vector<store::BaseMove>& moves,
                              const std::vector<store::Pulled>& pulled) override;
  base::Result<void> Journal(const std::vector<store::Outcome>& outcomes,
                             std::vector<store::Step>& intents) override;
  base::Result<std::vector<store::Step>> OpenSteps() override { return behind_.OpenSteps(); }
  base::Result<std::vector<store::Step>> UndoneSteps(base::UtcTime since) override {
    return behind_.UndoneSteps(since);
  }
  base::Result<std::vector<store::Event>> Events(std::size_t limit) override {
    return behind_.Events(limit);
  }
  base::Result<std::string> TrailHead() override { return behind_.TrailHead(); }
  const std::string& Org() const override { return behind_.Org(); }

 private:
  base::Result<void> MayWrite();
  void Note(const store::BaseMove& move, long since);

  store::Store& behind_;
  Records& records_;
  Fuse& fuse_;
  std::function<long()> now_;
  OnMove on_move_;
  int writes_left_;
  long began_;
};

}  // namespace viasync::simulation
