// Other programs, run without a shell: `git`, and the user's `credential_command`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/ports.h"
#include "engine/base/result.h"

namespace viasync::config {

struct ChildOptions {
  std::vector<std::string> args;             // the first one names the program, found through PATH
  std::vector<std::string> environment;      // NAME=value, all of it
  std::string input{};                       // on its stdin
  bool keep_stderr = false;                  // false: its stderr is ours
  std::optional<base::Millis> time_limit{};  // then it is killed, with all that it started
  std::size_t output_max = ~std::size_t{0};  // what comes after is read and dropped
};

struct ChildOutput {
  int status = 0;  // of waitpid
  bool timed_out = false;
  std::string out;  // of stdout
  std::string err;  // of stderr, where it was kept

  bool Succeeded() const { return status == 0 && !timed_out; }
  std::string HowItEnded() const;  // "ended with exit code 3"
};

// Runs a program to its end. Errors: kIo, it cannot be started.
base::Result<ChildOutput> RunChild(ChildOptions options);

}  // namespace viasync::config
