// The real binary, run by a shell as a person would.
#pragma once

#include <string>

namespace viasync::cli {

struct Ran {
  int exit_code = -1;  // 128 + signal where it was killed
  std::string text;    // stdout and stderr together
};

// Runs a bash command in `folder` with `viasync` on the PATH.
Ran Shell(const std::string& folder, const std::string& command);

// A new empty folder below the test's temporary one.
std::string NewFolder();

std::string Read(const std::string& path);
void Write(const std::string& path, const std::string& content);

}  // namespace viasync::cli
