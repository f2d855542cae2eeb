#include "engine/config/desired.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/config/checks.h"
#include "engine/config/form_checks.h"
#include "engine/config/layer_files.h"
#include "engine/config/layer_reader.h"
#include "engine/config/overlay.h"
#include "engine/config/problems.h"
#include "engine/config/same_numbers.h"
#include "engine/config/unread_files.h"

namespace viasync::config {
namespace {

template <class R>
std::vector<model::Declared<R>> Finish(std::vector<Entry<R>> entries) {
  std::vector<model::Declared<R>> declared;
  declared.reserve(entries.size());
  for (auto& entry : entries) declared.push_back(std::move(entry));
  return declared;
}

// Of both layers, in the order of the files, with the lines they stand in.
std::vector<CriteriaFault> TakeFaults(Layer& layer, Layer& overlay, FileTree& files) {
  auto faults = std::move(layer.criteria_faults);
  std::ranges::move(overlay.criteria_faults, std::back_inserter(faults));
  std::ranges::stable_sort(faults, {}, [](const auto& fault) { return fault.error.where; });
  for (std::size_t i = 0; i < std::min(faults.size(), Problems::kShown); ++i) {
    Problems one(files);
    one.Add(std::move(faults[i].error));
    faults[i].error = std::move(one.Take().front());
  }
  return faults;
}

}  // namespace

std::expected<Desired, base::Errors> LoadDesired(const Project& project,
                                                 const Environment& environment, FileTree& files,
                                                 bool may_be_empty) {
  Problems problems(files);
  auto [base_files, overlay_files] = ListLayerFiles(project, environment.name, problems);
  if (!may_be_empty && problems.empty() && base_files.empty() && overlay_files.empty()) {
    problems.Add({.kind = base::ErrorKind::kNotFound,
                  .message = "there is no YAML file under config/",
                  .hint = "declare " + AnyOf(model::kKindPlurals) + " in config/NAME.yaml"});
  }
  Layer layer, overlay;
  ReadLayer(base_files, environment.name, environment.variables, layer, problems);
  ReadLayer(overlay_files, environment.name, environment.variables, overlay, problems);
  bool complete = problems.empty();
  auto ignored = CheckUnreadFiles(project, environment.name, layer, overlay, complete, problems);
  auto faults = TakeFaults(layer, overlay, files);
  if (project.checks.criteria == CheckLevel::kOff) faults.clear();
  SortLayer(layer, problems);
  SortLayer(overlay, problems);
  LayOver(layer, std::move(overlay), problems);
  CheckLayer(layer, project.manage, complete, problems);
  if (!problems.empty()) return std::unexpected(problems.Take());
  WarnOfForm(layer, problems);
  WarnOfSameNumbers(layer.Of<model::Exclusion>(), environment.default_region, problems);
  Desired desired{.files = base_files.size() + overlay_files.size(),
                  .ignored_files = std::move(ignored),
                  .warnings = problems.TakeWarnings(),
                  .criteria_faults = std::move(faults)};
  model::ForEachKind([&]<class R> { desired.Of<R>() = Finish(std::move(layer.template Of<R>())); });
  return desired;
}

std::expected<Desired, base::Errors> LoadDesired(const Project& project,
                                                 const Environment& environment,
                                                 bool may_be_empty) {
  return LoadDesired(project, environment, *MakeDiskTree(project.root), may_be_empty);
}

}  // namespace viasync::config
