// Task<T>: a coroutine that starts when it is awaited, so that concurrent exchanges read like
// straight-line code. Everything runs on the one thread that drives the Transport.
//
// Not here: cancellation (a task runs to its end; loops ask a StopFlag between steps) and
// exceptions (a task returns Result; one that throws ends the program).
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <utility>

namespace viasync::http {

template <class T>
class [[nodiscard]] Task;

namespace internal {

// Resumes whoever waits. A task that ended before it ever suspended has nobody to resume: its
// awaiter sees that it is done and goes on. So a loop over such tasks needs no stack, also in
// builds without tail calls, where symmetric transfer would grow it with every round.
struct FinalAwaiter {
  bool await_ready() noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> self) noexcept {
    if (auto next = self.promise().continuation) next.resume();
  }
  void await_resume() noexcept {}
};

struct PromiseBase {
  std::coroutine_handle<> continuation;
  std::suspend_always initial_suspend() noexcept { return {}; }
  FinalAwaiter final_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { std::abort(); }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T Take() { return std::move(*value); }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() {}
  void Take() {}
};

}  // namespace internal

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = internal::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle_.resume();
    if (handle_.done()) return false;
    handle_.promise().continuation = awaiting;
    return true;
  }
  T await_resume() { return handle_.promise().Take(); }

 private:
  Handle handle_;
};

namespace internal {

template <class T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

// A coroutine that starts at once and frees itself.
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() noexcept { std::abort(); }
  };
};

}  // namespace internal

// Awaits a callback-style operation: `start(done)` must arrange that done(value) is called once,
// and only after `start` has returned.
template <class T, class Start>
auto Callback(Start start) {
  struct Awaiter {
    Start start;
    std::optional<T> value{};
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) {
      start([this, waiting](T result) {
        value.emplace(std::move(result));
        waiting.resume();
      });
    }
    T await_resume() { return std::move(*value); }
  };
  return Awaiter{std::move(start)};
}

}  // namespace viasync::http
