// A repository in memory, and one line per problem to compare with.
#pragma once

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/file_tree.h"

namespace viasync::config {

using Files = std::map<std::string, std::string>;  // by path

class MemoryTree final : public FileTree {
 public:
  explicit MemoryTree(Files files) : files_(std::move(files)) {}

  base::Result<std::vector<std::string>> List(const std::string& dir) override {
    std::vector<std::string> paths;
    for (const auto& [path, text] : files_) {
      bool yaml = IsYamlPath(path) && !IsHidden(path);
      if (path.starts_with(dir + "/") && yaml) paths.push_back(path);
    }
    return paths;
  }

  base::Result<std::vector<std::string>> ListOthers(const std::string& dir) override {
    std::vector<std::string> paths;
    for (const auto& [path, text] : files_) {
      bool other = IsHidden(path) ? IsNamedLikeConfig(path) : !IsYamlPath(path);
      if (path.starts_with(dir + "/") && other) paths.push_back(path);
    }
    return paths;
  }

  std::vector<std::string> Folders() override {
    std::set<std::string> names;
    for (const auto& [path, text] : files_) {
      if (path.contains('/')) names.insert(path.substr(0, path.find('/')));
    }
    return {names.begin(), names.end()};
  }

  base::Result<std::unique_ptr<std::streambuf>> Open(const std::string& path) override {
    auto found = files_.find(path);
    if (found == files_.end()) return base::Fail(base::ErrorKind::kNotFound, "no file " + path);
    return std::make_unique<std::stringbuf>(found->second, std::ios::in);
  }

 private:
  Files files_;
};

// "config/a.yaml:3:5: message", joined with newlines.
inline std::string Lines(const base::Errors& errors) {
  std::string lines;
  for (const auto& error : errors) {
    if (!lines.empty()) lines += '\n';
    if (error.where) {
      lines += error.where->file + ":" + std::to_string(error.where->line) + ":" +
               std::to_string(error.where->column) + ": ";
    }
    lines += error.message;
  }
  return lines;
}

}  // namespace viasync::config
