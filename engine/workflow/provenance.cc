#include "engine/workflow/provenance.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "engine/base/strings.h"

namespace viasync::workflow {
namespace {

template <std::size_t N>
std::string FirstOf(const std::array<const char*, N>& names) {
  for (const char* name : names) {
    if (const char* value = std::getenv(name); value && *value) return value;
  }
  return {};
}

std::string ReadLine(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return std::string(base::Trim(line));
}

// The commit that HEAD names, read from .git itself: works without git and without a shell.
std::string HeadCommit(std::filesystem::path folder) {
  std::error_code ignored;
  folder = std::filesystem::absolute(folder, ignored).lexically_normal();
  while (!std::filesystem::is_directory(folder / ".git", ignored)) {
    if (folder == folder.parent_path()) return {};
    folder = folder.parent_path();
  }
  auto git = folder / ".git";
  std::string head = ReadLine(git / "HEAD");
  constexpr std::string_view kRef = "ref: ";
  if (!head.starts_with(kRef)) return head;
  std::string ref = head.substr(kRef.size());
  if (std::string commit = ReadLine(git / ref); !commit.empty()) return commit;
  std::ifstream packed(git / "packed-refs");
  for (std::string line; std::getline(packed, line);) {
    if (line.ends_with(" " + ref)) return line.substr(0, line.find(' '));
  }
  return {};
}

}  // namespace

Provenance WhoRuns(const std::string& root) {
  Provenance who;
  who.user = FirstOf(std::array{"VIASYNC_USER", "GITHUB_ACTOR", "GITLAB_USER_LOGIN"});
  if (who.user.empty()) {
    if (const passwd* entry = getpwuid(getuid())) who.user = entry->pw_name;
  }
  who.commit = FirstOf(std::array{"GITHUB_SHA", "CI_COMMIT_SHA"});
  if (who.commit.empty()) who.commit = HeadCommit(root);
  return who;
}

}  // namespace viasync::workflow
