// When a process dies: before its n-th effect on the world (a request that leaves, a transaction of
// the store). What it does afterwards happens nowhere.
#pragma once

#include <functional>

namespace viasync::simulation {

struct Crash {};  // thrown where the dead process would wait for the next event

class Fuse {
 public:
  // Dies before effect `effects` + 1; -1 = never.
  explicit Fuse(long effects = -1) : left_(effects) {}

  // Asked before each effect. False: the process is dead, there is no such effect.
  bool Allows() {
    if (!dead_ && left_ == 0) {
      dead_ = true;
      if (at_death) at_death();
    }
    if (left_ > 0) --left_;
    return !dead_;
  }
  bool dead() const { return dead_; }

  std::function<void()> at_death;

 private:
  long left_;
  bool dead_ = false;
};

}  // namespace viasync::simulation
