#include "engine/config/layer_files.h"

#include <string_view>
#include <utility>

namespace viasync::config {
namespace {

std::vector<std::string> ListFiles(Problems& problems, std::string_view folder) {
  auto files = problems.files().List(std::string(folder));
  if (files) return std::move(*files);
  problems.Add(std::move(files.error()));
  return {};
}

std::vector<std::string> OverlayFiles(const Project& project, const std::string& environment,
                                      Problems& problems) {
  std::vector<std::string> names;
  for (const auto& [name, other] : project.environments) names.push_back(name);
  std::vector<std::string> chosen;
  for (auto& path : ListFiles(problems, kOverlayFolder)) {
    std::string_view rest = std::string_view(path).substr(kOverlayFolder.size() + 1);
    auto slash = rest.find('/');
    std::string owner(rest.substr(0, slash == std::string_view::npos ? 0 : slash));
    if (owner == environment) {
      chosen.push_back(std::move(path));
    } else if (!project.environments.contains(owner)) {
      problems.Add({path, 0, 0},
                   owner.empty()
                       ? "the file belongs to no environment"
                       : "there is no environment " + Quoted(owner) + DidYouMean(owner, names),
                   "files of an environment are in environments/NAME/, as viasync.yaml names it");
    }
  }
  return chosen;
}

}  // namespace

LayerFiles ListLayerFiles(const Project& project, const std::string& environment,
                          Problems& problems) {
  LayerFiles files;
  files.config = ListFiles(problems, kBaseFolder);
  files.overlay = OverlayFiles(project, environment, problems);
  return files;
}

}  // namespace viasync::config
