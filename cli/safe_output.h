// Standard output and standard error on their way out: what a CI runner would take for a command of
// its own is broken up (engine/base/ci_commands.h), whoever printed it.
#pragma once

#include <iosfwd>
#include <memory>

namespace viasync::cli {

// While it lives, std::cout and std::cerr go through it. Lines are held until they are whole or
// flushed. That a write failed shows in the stream's state, as ever.
class SafeOutput {
 public:
  SafeOutput();
  ~SafeOutput();
  SafeOutput(const SafeOutput&) = delete;
  SafeOutput& operator=(const SafeOutput&) = delete;

 private:
  class Filter;
  std::unique_ptr<Filter> out_, err_;
};

}  // namespace viasync::cli
