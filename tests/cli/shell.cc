#include "tests/cli/shell.h"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace viasync::cli {

Ran Shell(const std::string& folder, const std::string& command) {
  std::string binary = std::filesystem::absolute("cli/viasync").parent_path().string();
  std::string line = "exec 2>&1; PATH=" + binary + ":$PATH; cd '" + folder + "' && " + command;
  setenv("VIASYNC_TEST_LINE", line.c_str(), 1);
  FILE* pipe = popen("exec bash -c \"$VIASYNC_TEST_LINE\"", "r");
  REQUIRE(pipe != nullptr);
  Ran ran;
  char buffer[4096];
  while (auto size = fread(buffer, 1, sizeof buffer, pipe)) ran.text.append(buffer, size);
  int status = pclose(pipe);
  ran.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return ran;
}

std::string NewFolder() {
  const char* base = std::getenv("TEST_TMPDIR");
  std::string path = std::string(base ? base : "/tmp") + "/cli-XXXXXX";
  REQUIRE(mkdtemp(path.data()) != nullptr);
  return path;
}

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Write(const std::string& path, const std::string& content) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

}  // namespace viasync::cli
