// Git as viasync asks it: always about the repository of a folder, whatever GIT_DIR and its like
// say (a hook sets them), in English, and without the credentials of any org in its environment. No
// hook of the repository runs.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/child_process.h"

namespace viasync::config {

// The variables that git is run with: ours without those that choose a repository, an index, a
// work tree or a configuration, and without VIASYNC_*. `inherited`: NAME=value each.
std::vector<std::string> GitEnvironment(const std::vector<std::string>& inherited);

// Runs `git -C root …`. That git fails is an outcome, not an error.
// Errors: kIo, git cannot be run.
base::Result<ChildOutput> RunGit(const std::string& root, std::vector<std::string> args,
                                 std::string input = {});
// The same for what talks to a server, which may never answer: ends after two minutes.
base::Result<ChildOutput> RunGitOverNetwork(const std::string& root, std::vector<std::string> args);

// What git wrote to stderr, for a message: printable, on one line, without "fatal:" and its like.
std::string WhatGitSaid(const ChildOutput& output);

// `git cat-file --batch`: one process that reads any number of objects.
class GitObjects {
 public:
  virtual ~GitObjects() = default;
  // Errors: kNotFound (a clone that does not have the object), kIo.
  virtual base::Result<std::string> Read(const std::string& id) = 0;
};
base::Result<std::unique_ptr<GitObjects>> OpenGitObjects(const std::string& root);

}  // namespace viasync::config
