#include "engine/config/edit/layers.h"

#include <array>
#include <ios>

#include "engine/config/checks.h"
#include "engine/config/layer_reader.h"
#include "engine/config/overlay.h"

namespace viasync::config {
namespace {

void Append(Layer& to, const Layer& from, const model::ByKind<bool>& wanted) {
  model::ForEachKind([&]<class R> {
    if (model::InfoOf<R>().in_csv && !wanted.Of<R>()) return;
    const auto& more = from.Of<R>();
    to.Of<R>().insert(to.Of<R>().end(), more.begin(), more.end());
  });
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

Layer MergeLayers(std::span<const FileLayer> layers, const model::ByKind<bool>& wanted,
                  const model::Manage& manage, Problems& problems) {
  Layer base, overlay;
  for (const auto& file : layers) {
    Append(file.overlay ? overlay : base, file.layer, wanted);
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
