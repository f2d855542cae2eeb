#include "engine/config/edit/layers.h"

#include <array>
#include <ios>

#include "engine/config/checks.h"
#include "engine/config/layer_reader.h"
#include "engine/config/overlay.h"

namespace viasync::config {
namespace {

void Append(Layer& to, const Layer& from, bool with_exclusions) {
  to.filters.insert(to.filters.end(), from.filters.begin(), from.filters.end());
  to.lists.insert(to.lists.end(), from.lists.begin(), from.lists.end());
  if (with_exclusions) {
    to.exclusions.insert(to.exclusions.end(), from.exclusions.begin(), from.exclusions.end());
  }
  to.list_filters.insert(from.list_filters.begin(), from.list_filters.end());
}

}  // namespace

FileLayer ReadFileLayer(const std::string& path, bool overlay, const Environment& environment,
                        const Variables& variables, Problems& problems) {
  FileLayer file{.path = path, .overlay = overlay, .layer = {}};
  ReadLayer({path}, environment.name, variables, file.layer, problems);
  return file;
}

std::vector<FileLayer> ReadFileLayers(const Project& project, const Environment& environment,
                                      Problems& problems) {
  auto [config, overlay] = ListLayerFiles(project, environment.name, problems);
  std::vector<FileLayer> layers;
  auto read = [&](const std::vector<std::string>& paths, bool over) {
    for (const auto& path : paths) {
      layers.push_back(ReadFileLayer(path, over, environment, environment.variables, problems));
    }
  };
  read(config, false);
  read(overlay, true);
  return layers;
}

Layer MergeLayers(std::span<const FileLayer> layers, bool with_exclusions,
                  const model::Manage& manage, Problems& problems) {
  Layer base, overlay;
  for (const auto& file : layers) {
    Append(file.overlay ? overlay : base, file.layer, with_exclusions);
  }
  SortLayer(base, problems);
  SortLayer(overlay, problems);
  LayOver(base, std::move(overlay), problems);
  CheckLayer(base, manage, true, problems);
  return base;
}

base::Result<std::string> ReadAll(FileTree& files, const std::string& path) {
  auto bytes = files.Open(path);
  if (!bytes) return base::Fail(std::move(bytes.error()));
  std::string text;
  std::array<char, 1 << 16> chunk;
  try {
    while (auto got = (*bytes)->sgetn(chunk.data(), chunk.size())) {
      if (got < 0) break;
      text.append(chunk.data(), static_cast<std::size_t>(got));
    }
  } catch (const std::ios_base::failure&) {
    return base::Fail(base::ErrorKind::kIo, "cannot read " + Quoted(path) + " to its end",
                      "check the disk and the file's permissions");
  }
  return text;
}

}  // namespace viasync::config
