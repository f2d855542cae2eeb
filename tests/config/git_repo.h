// Git repositories for tests, apart from whatever the machine has configured.
#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdio>
#include <string>

namespace viasync {

// Runs `git ARGS` in `folder` by a shell; the test fails where git does. Returns what it printed.
inline std::string Git(const std::string& folder, const std::string& args) {
  std::string command =
      "unset $(git rev-parse --local-env-vars); export GIT_CONFIG_GLOBAL=/dev/null; git -C '" +
      folder +
      "' -c init.defaultBranch=main -c user.name=t -c user.email=t@example.org -c "
      "protocol.file.allow=always " +
      args + " 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  for (int c; (c = std::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
  int status = pclose(pipe);
  REQUIRE_MESSAGE(status == 0, (args + ": " + text));
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

inline void CommitAll(const std::string& folder) {
  Git(folder, "add -A");
  Git(folder, "commit -q --allow-empty -m x");
}

}  // namespace viasync
