// Tasks among each other: Group runs them side by side, Signal lets them wait for one another.
#pragma once

#include <coroutine>
#include <cstddef>
#include <utility>
#include <vector>

#include "engine/http/task.h"

namespace viasync::http {

// Runs tasks side by side; Wait() resumes when all that were added have ended.
// Requires: the group outlives its tasks (so: co_await Wait() before it goes).
class Group {
 public:
  Group() = default;
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  // Starts `task` now; it runs until its first suspension before Add returns.
  void Add(Task<void> task) {
    ++running_;
    Start(this, std::move(task));
  }

  auto Wait() {
    struct Awaiter {
      Group* group;
      bool await_ready() const noexcept { return group->running_ == 0; }
      void await_suspend(std::coroutine_handle<> waiting) { group->waiting_ = waiting; }
      void await_resume() noexcept {}
    };
    return Awaiter{this};
  }

 private:
  static internal::Detached Start(Group* group, Task<void> task) {
    co_await std::move(task);
    if (--group->running_ == 0 && group->waiting_) std::exchange(group->waiting_, nullptr).resume();
  }

  std::size_t running_ = 0;
  std::coroutine_handle<> waiting_;
};

// A one-shot or repeated wake-up between tasks: every Wait() in progress resumes at Notify().
class Signal {
 public:
  auto Wait() {
    struct Awaiter {
      Signal* signal;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> waiting) { signal->waiting_.push_back(waiting); }
      void await_resume() noexcept {}
    };
    return Awaiter{this};
  }
  void Notify() {
    auto waiting = std::exchange(waiting_, {});
    for (auto handle : waiting) handle.resume();
  }

 private:
  std::vector<std::coroutine_handle<>> waiting_;
};

}  // namespace viasync::http
