#include "cli/pipeline_files.h"

#include "cli/embedded.h"
#include "engine/config/secrets.h"

namespace viasync::cli {
namespace {

std::string Replaced(std::string text, std::string_view what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

}  // namespace

std::vector<PipelineFile> PipelineFiles(std::string_view platform, const std::string& environment) {
  std::vector<PipelineFile> files;
  for (const auto& file : platform == "github" ? InitGithubFiles() : InitGitlabFiles()) {
    std::string content = Replaced(std::string(file.content), "@ENV@", environment);
    files.push_back(
        {.path = std::string(file.path),
         .content = Replaced(std::move(content), "@VAR@", config::VariablePrefix(environment))});
  }
  return files;
}

}  // namespace viasync::cli
