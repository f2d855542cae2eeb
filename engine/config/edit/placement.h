// Where new entries go.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/config/edit/edit.h"
#include "engine/config/edit/layers.h"
#include "engine/config/edit/yaml_editor.h"

namespace viasync::config {

struct Placement {
  std::map<std::string, std::vector<NewEntry>> by_file;
  // CSV files that are new: the YAML file that is to name each.
  std::map<std::string, std::string> named_by;
};

// By `files:` of the project, else by where most of the kind stand, else by `layout`.
Placement PlaceNew(std::span<const FileLayer> layers, FileTree& files, const Project& project,
                   const Layout& layout, std::vector<NewEntry> entries);

// A file name made of a key: letters, digits, `.`, `_` and `-`; other keys get a mark of their own.
std::string SafeFileName(std::string_view key);

}  // namespace viasync::config
