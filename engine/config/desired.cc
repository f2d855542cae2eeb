#include "engine/config/desired.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "engine/config/checks.h"
#include "engine/config/layer_reader.h"
#include "engine/config/overlay.h"
#include "engine/config/problems.h"

namespace viasync::config {
namespace {

constexpr std::string_view kBaseFolder = "config";
constexpr std::string_view kOverlayFolder = "environments";

std::vector<std::string> ListFiles(Problems& problems, std::string_view folder) {
  auto files = problems.files().List(std::string(folder));
  if (files) return std::move(*files);
  problems.Add(std::move(files.error()));
  return {};
}

// The files of one environment. A file that belongs to none would be passed over silently, and what
// it declares would be missing.
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
                   "files of an environment lie in environments/NAME/, as viasync.yaml names it");
    }
  }
  return chosen;
}

template <class R>
std::vector<model::Declared<R>> Finish(std::vector<Entry<R>> entries) {
  std::vector<model::Declared<R>> declared;
  declared.reserve(entries.size());
  for (auto& entry : entries) declared.push_back(std::move(entry));
  return declared;
}

}  // namespace

std::expected<Desired, base::Errors> LoadDesired(const Project& project,
                                                 const Environment& environment, FileTree& files) {
  Problems problems(files);
  auto base_files = ListFiles(problems, kBaseFolder);
  auto overlay_files = OverlayFiles(project, environment.name, problems);
  if (problems.empty() && base_files.empty() && overlay_files.empty()) {
    problems.Add({.kind = base::ErrorKind::kNotFound,
                  .message = "there is no YAML file under config/",
                  .hint = "declare filters, exclusions or lists in config/NAME.yaml"});
  }
  Layer layer, overlay;
  ReadLayer(base_files, environment.name, environment.variables, layer, problems);
  ReadLayer(overlay_files, environment.name, environment.variables, overlay, problems);
  bool complete = problems.empty();
  SortLayer(layer, problems);
  SortLayer(overlay, problems);
  LayOver(layer, std::move(overlay), problems);
  CheckLayer(layer, project.manage, complete, problems);
  if (!problems.empty()) return std::unexpected(problems.Take());
  return Desired{.filters = Finish(std::move(layer.filters)),
                 .exclusions = Finish(std::move(layer.exclusions)),
                 .lists = Finish(std::move(layer.lists)),
                 .files = base_files.size() + overlay_files.size()};
}

std::expected<Desired, base::Errors> LoadDesired(const Project& project,
                                                 const Environment& environment) {
  return LoadDesired(project, environment, *MakeDiskTree(project.root));
}

}  // namespace viasync::config
