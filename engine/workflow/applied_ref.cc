#include "engine/workflow/applied_ref.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/config/git.h"
#include "engine/workflow/same_desired.h"

namespace viasync::workflow {
namespace {

using base::ErrorKind;

// The commit that a ref of this repository names; empty: there is no such ref.
std::string CommitOfRef(const std::string& root, const std::string& ref) {
  auto parsed = config::RunGit(
      root, {"rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}"});
  if (!parsed || !parsed->Succeeded()) return {};
  return std::string(base::Trim(parsed->out));
}

// The remote to ask: `origin`, or the only one. Empty: none.
std::string RemoteOf(const std::string& root) {
  auto listed = config::RunGit(root, {"remote"});
  if (!listed || !listed->Succeeded()) return {};
  std::vector<std::string> names;
  for (auto line : base::Split(base::Trim(listed->out), '\n')) {
    if (!line.empty()) names.emplace_back(line);
  }
  if (std::ranges::find(names, "origin") != names.end()) return "origin";
  return names.size() == 1 ? names.front() : std::string();
}

// What the remote has recorded, kept apart from our own record. `said`: why it is not known.
std::string Fetch(const std::string& root, const std::string& ref, const std::string& remote,
                  std::string& said) {
  const std::string kept = "refs/viasync-remotes/" + remote + ref.substr(ref.rfind('/'));
  auto fetched =
      config::RunGitOverNetwork(root, {"fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
                                       "--no-recurse-submodules", remote, "+" + ref + ":" + kept});
  if (!fetched) {
    said = fetched.error().message;
    return {};
  }
  if (fetched->Succeeded()) return CommitOfRef(root, kept);
  said = config::WhatGitSaid(*fetched);
  if (said.starts_with("couldn't find remote ref")) said.clear();
  return {};
}

bool IsAncestor(const std::string& root, const std::string& older, const std::string& newer) {
  auto asked = config::RunGit(root, {"merge-base", "--is-ancestor", older, newer});
  return asked && asked->Succeeded();
}

}  // namespace

std::string AppliedRef(const std::string& environment) {
  // Names of environments may have dots where Git's rules for refs forbid them.
  constexpr std::string_view kLock = ".lock";
  std::string ref = "refs/viasync/";
  for (std::size_t i = 0; i < environment.size(); ++i) {
    const bool forbidden = i == 0 || i + 1 == environment.size() || environment[i - 1] == '.' ||
                           environment.substr(i) == kLock;
    ref += environment[i] == '.' && forbidden ? "%2E" : environment.substr(i, 1);
  }
  return ref;
}

base::Result<config::GitCommit> FindApplied(const std::string& root, const std::string& environment,
                                            const std::function<void(std::string)>& notice) {
  if (auto head = config::FindCommit(root, "HEAD"); !head) return head;
  const std::string ref = AppliedRef(environment);
  std::string here = CommitOfRef(root, ref), there, said;
  const std::string remote = RemoteOf(root);
  if (!remote.empty()) there = Fetch(root, ref, remote, said);
  if (here.empty() && there.empty()) {
    std::string message = "--base-ref auto: no commit is recorded as applied to `" + environment +
                          "`: there is no " + ref + " here";
    if (!remote.empty()) {
      message += said.empty() ? ", nor at " + base::Printable(remote)
                              : ", and " + base::Printable(remote) + " could not be asked: " + said;
    }
    return base::Fail(ErrorKind::kNotFound, std::move(message),
                      "name the commit that was applied last with --base-ref COMMIT, or apply once "
                      "with --no-base: that records it, and --push-ref shares it");
  }
  if (!said.empty()) {
    notice(ref + " could not be fetched from " + base::Printable(remote) +
           ", so the one of this repository counts: " + said);
  }
  // What is here is newer only where this repository has applied and not pushed.
  bool ours = there.empty() || (!here.empty() && IsAncestor(root, there, here));
  if (!ours && !here.empty() && !IsAncestor(root, here, there)) {
    notice(ref + " is commit " + there.substr(0, 12) + " at " + base::Printable(remote) + " and " +
           here.substr(0, 12) +
           " here, and neither follows from the other. The one at the remote counts; if what was "
           "applied here is newer, give --base-ref " +
           here.substr(0, 12));
  }
  return config::FindCommit(root, ours ? here : there);
}

bool IsApplied(const std::string& root, const std::string& environment, const std::string& commit) {
  return CommitOfRef(root, AppliedRef(environment)) == commit;
}

std::optional<config::GitCommit> RecordedCommit(const std::string& root,
                                                const std::string& environment) {
  const std::string commit = CommitOfRef(root, AppliedRef(environment));
  if (commit.empty()) return std::nullopt;
  auto found = config::FindCommit(root, commit);
  return found ? std::optional(std::move(*found)) : std::nullopt;
}

FilesCommit CommitOfFiles(const Repository& repository) {
  const std::string& root = repository.project.root;
  FilesCommit files;
  auto head = config::FindCommit(root, "HEAD");
  if (!head) return files;
  files.in_git = true;
  const std::string name = head->id.substr(0, 12);
  auto differ = [&](const std::string& what) {
    files.why_not = what + " commit " + name;
    return files;
  };
  auto tree = config::OpenGitTree(root, *head);
  if (!tree) {
    files.why_not = tree.error().message;
    return files;
  }
  auto project = config::LoadProject(root, **tree);
  if (!project) return differ("the files cannot be compared with those of");
  auto environment = project->environments.find(repository.environment.name);
  if (environment == project->environments.end() ||
      environment->second.org != repository.environment.org) {
    return differ("the environment is a different one in");
  }
  auto desired = config::LoadDesired(*project, environment->second, **tree, /*may_be_empty=*/true);
  if (!desired) return differ("the files cannot be compared with those of");
  if (!SameDesired(*desired, repository.desired)) return differ("the files differ from those of");
  files.commit = head->id;
  return files;
}

base::Result<void> MoveAppliedRef(const std::string& root, const std::string& environment,
                                  const std::string& commit, const std::string& run) {
  auto moved = config::RunGit(root, {"update-ref", "--create-reflog", "-m",
                                     "viasync apply, run " + run, AppliedRef(environment), commit});
  if (!moved) return base::Fail(moved.error());
  if (moved->Succeeded()) return {};
  return base::Fail(ErrorKind::kIo, AppliedRef(environment) + " could not be moved to commit " +
                                        commit.substr(0, 12) + ": " + config::WhatGitSaid(*moved));
}

base::Result<void> PushAppliedRef(const std::string& root, const std::string& environment,
                                  const std::string& remote) {
  const std::string ref = AppliedRef(environment);
  // What was applied last counts, whichever commit is the newer one.
  auto pushed = config::RunGitOverNetwork(
      root, {"push", "--quiet", "--no-verify", "--no-follow-tags", "--recurse-submodules=no", "--",
             remote, "+" + ref + ":" + ref});
  if (!pushed) return base::Fail(pushed.error());
  if (pushed->Succeeded()) return {};
  return base::Fail(ErrorKind::kIo,
                    ref + " could not be pushed to " + base::Printable(remote) + ": " +
                        config::WhatGitSaid(*pushed),
                    "run the same command again: it changes nothing in the org and pushes the ref");
}

base::Result<void> CheckRemote(const std::string& root, const std::string& remote) {
  if (auto head = config::FindCommit(root, "HEAD"); !head) {
    head.error().message.insert(0, "--push-ref: ");
    return base::Fail(head.error());
  }
  auto names = config::RunGit(root, {"remote"});
  if (!names) return base::Fail(names.error());
  auto lines = base::Split(names->out, '\n');
  bool named = std::ranges::find(lines, std::string_view(remote)) != lines.end();
  bool address = remote.find_first_of("/:") != std::string::npos;
  if (!remote.empty() && (named || address)) return {};
  return base::Fail(ErrorKind::kInvalid,
                    "--push-ref: the repository has no remote `" + base::Printable(remote) + "`",
                    "name one of those that `git remote` lists");
}

}  // namespace viasync::workflow
