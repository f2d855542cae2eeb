// What every single file of an environment declares, before the layers are put together.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/config/entries.h"
#include "engine/config/file_tree.h"
#include "engine/config/layer_files.h"
#include "engine/config/problems.h"
#include "engine/config/project.h"

namespace viasync::config {

// One YAML file, with the rows of the CSV files it names, in the order of the file.
struct FileLayer {
  std::string path;
  bool overlay = false;
  Layer layer;
};

// An entry: its file, and its place among the entries of its kind there.
struct EntryRef {
  model::Kind kind;
  std::size_t file;
  std::size_t index;
  friend auto operator<=>(const EntryRef&, const EntryRef&) = default;
};

// Calls `visit` with the vector of entries of the kind.
template <class Visit>
decltype(auto) WithEntries(const Layer& layer, model::Kind kind, Visit visit) {
  return model::WithKind(
      kind, [&]<class R>() -> decltype(auto) { return visit(layer.template Of<R>()); });
}

FileLayer ReadFileLayer(const std::string& path, bool overlay, const Environment& environment,
                        const Variables& variables, Problems& problems);

std::vector<FileLayer> ReadFileLayers(const Project& project, const Environment& environment,
                                      Problems& problems);

// The layers laid over each other and checked, as for a plan. Kinds of which there may be a million
// are left out unless they are `wanted`.
Layer MergeLayers(std::span<const FileLayer> layers, const model::ByKind<bool>& wanted,
                  const model::Manage& manage, Problems& problems);

// The bytes of a file. Errors: as of FileTree::Open; kIo.
base::Result<std::string> ReadAll(FileTree& files, const std::string& path);

}  // namespace viasync::config
