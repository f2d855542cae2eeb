// Writes changes that were made in the org into the user's files, as the user would have: only the
// bytes of what changes move. Computes the new contents; write_files.h puts them on disk. What
// cannot be written without guessing is refused with the place where a person does it.
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/file_tree.h"
#include "engine/config/project.h"
#include "engine/model/resources.h"

namespace viasync::config {

// What one resource is to become in the files.
struct ResourceEdit {
  enum class Action { kAdd, kUpdate, kRemove };
  Action action = Action::kUpdate;
  model::Kind kind = model::Kind::kFilter;
  std::string key;       // model::KeyOf, or model::KeyWithStart where several entries share it
  model::Source source;  // where the entry stands, as LoadDesired says; none for kAdd
  // kAdd: the whole resource (model::ValuesOf). kUpdate: the fields that change, under their names
  // in the field table; "" takes one out. kRemove: nothing.
  model::Values values;
};

// How files that do not exist yet are laid out.
struct Layout {
  bool per_resource = false;        // config/filters/NAME.yaml instead of config/filters.yaml
  std::size_t csv_threshold = 200;  // more new exclusions than these go into a CSV file
};

struct Refusal {
  std::size_t edit;   // index into the edits
  base::Error error;  // why; where to edit by hand; what to do there
};

struct FileEdit {
  std::optional<std::string> before;  // the bytes that were read; nullopt: a new file
  std::optional<std::string> after;   // nullopt: the file goes, with its only entry
};

struct EditedFiles {
  std::map<std::string, FileEdit> files;  // by path; only those that change
  std::vector<Refusal> refused;           // by edit
  // By edit: the places it went to, in the new files; empty where it was refused, or changes
  // nothing. An entry that leaves is named by its old place.
  std::vector<std::vector<base::SourcePos>> places;
};

// Reads `config/` and the overlay of `environment` and edits them. A value is changed where it
// comes from: in the overlay if that gives the field, else in `config/`; a variable in
// viasync.yaml, if it is all of the value and used nowhere else. New resources go where `files:` of
// viasync.yaml says, else where most of their kind stand. An update that changes nothing touches
// no byte. The result is checked by reading it: every entry is as before, but for what was asked.
// Errors: the files as they are cannot be read; single edits that cannot be done are `refused`.
std::expected<EditedFiles, base::Errors> EditRepository(FileTree& files, const Project& project,
                                                        const Environment& environment,
                                                        std::span<const ResourceEdit> edits,
                                                        const Layout& layout);

}  // namespace viasync::config
