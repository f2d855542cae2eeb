// The CI pipelines that `init --ci` writes into the user's repository.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace viasync::cli {

struct PipelineFile {
  std::string path;  // in the repository
  std::string content;
};

// `platform`: github or gitlab. `environment`: the one that the pipeline plans and applies.
std::vector<PipelineFile> PipelineFiles(std::string_view platform, const std::string& environment);

}  // namespace viasync::cli
