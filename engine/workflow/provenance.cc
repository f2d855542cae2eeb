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

namespace fs = std::filesystem;

template <std::size_t N>
std::string FirstOf(const std::array<const char*, N>& names) {
  for (const char* name : names) {
    if (const char* value = std::getenv(name); value && *value) return value;
  }
  return {};
}

std::string ReadLine(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return std::string(base::Trim(line));
}

// `path` of a file of Git's, which is relative to the folder that the file is in.
fs::path Follow(const fs::path& folder, const std::string& path) {
  return (folder / path).lexically_normal();
}

// The folder that holds HEAD of the checkout whose top is `folder`: `.git` itself, or what it names
// in a worktree or submodule. Empty: no checkout begins here.
fs::path GitFolder(const fs::path& folder) {
  std::error_code ignored;
  fs::path git = folder / ".git";
  if (fs::is_regular_file(git, ignored)) {
    constexpr std::string_view kLink = "gitdir: ";
    std::string line = ReadLine(git);
    if (!line.starts_with(kLink)) return {};
    git = Follow(folder, line.substr(kLink.size()));
  }
  return fs::exists(git / "HEAD", ignored) ? git : fs::path();
}

// The commit that HEAD names, read from Git's own files: works without git, and where git refuses.
std::string HeadCommit(fs::path folder) {
  // As git does: what lies around a folder that is a link is what lies around its target.
  std::error_code failed;
  folder = fs::canonical(folder, failed);
  if (failed) return {};
  fs::path git;
  while ((git = GitFolder(folder)).empty()) {
    if (folder == folder.parent_path()) return {};
    folder = folder.parent_path();
  }
  std::string head = ReadLine(git / "HEAD");
  constexpr std::string_view kRef = "ref: ";
  if (!head.starts_with(kRef)) return head;
  std::string ref = head.substr(kRef.size());
  // A worktree shares its branches with the repository that it belongs to.
  std::string common = ReadLine(git / "commondir");
  fs::path shared = common.empty() ? git : Follow(git, common);
  for (const auto& place : {git, shared}) {
    if (std::string commit = ReadLine(place / ref); !commit.empty()) return commit;
  }
  std::ifstream packed(shared / "packed-refs");
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
  // The commit of a CI job may be that of another repository, which only runs viasync.
  who.commit = HeadCommit(root);
  if (who.commit.empty()) who.commit = FirstOf(std::array{"GITHUB_SHA", "CI_COMMIT_SHA"});
  who.job = FirstOf(std::array{"CI_JOB_URL"});
  const std::string run = FirstOf(std::array{"GITHUB_RUN_ID"});
  if (who.job.empty() && !run.empty()) {
    who.job = FirstOf(std::array{"GITHUB_SERVER_URL"}) + "/" +
              FirstOf(std::array{"GITHUB_REPOSITORY"}) + "/actions/runs/" + run;
  }
  return who;
}

}  // namespace viasync::workflow
