// Operations on entries -> new contents of files. Where an entry is written in a way that cannot be
// edited safely, the operation is refused and the rest goes on.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/config/edit/csv_editor.h"
#include "engine/config/edit/edit.h"
#include "engine/config/edit/layers.h"
#include "engine/config/edit/ops.h"
#include "engine/config/edit/placement.h"
#include "engine/config/edit/variable_edit.h"
#include "engine/config/edit/yaml_editor.h"

namespace viasync::config {

struct BuiltFiles {
  std::map<std::string, FileEdit> files;
  std::vector<Refusal> refused;
  std::vector<std::vector<base::SourcePos>> places;  // by edit
  Variables variables;                               // of the environment, afterwards
  std::map<std::string, EditLines> lines;            // by file: what each edit wrote there

  // Whose text stands at the place; nullopt: nobody's alone.
  std::optional<std::size_t> WriterOf(const base::SourcePos& place) const;
};

class FileBuilder {
 public:
  // All must outlive this.
  FileBuilder(FileTree& files, const Project& project, const Environment& environment,
              std::span<const FileLayer> layers, const Layout& layout)
      : files_(files),
        project_(project),
        environment_(environment),
        layers_(layers),
        layout_(layout) {
    for (std::size_t i = 0; i < layers.size(); ++i) layer_of_[layers[i].path] = i;
  }

  // Operations of the same files may be built again; each file is read and scanned once.
  BuiltFiles Build(const Ops& ops, std::size_t edits);

 private:
  struct Source {
    std::string text;
    std::optional<YamlFile> yaml;
    std::optional<base::Error> error;
  };
  // What happens to one file.
  struct Work {
    std::vector<const FieldOp*> fields;
    std::vector<const RemoveOp*> removed;
    std::vector<NewEntry> added;
  };

  Source& Load(const std::string& path);
  std::optional<base::Error> ScanYamlFile(const std::string& path, Source& source);
  std::size_t LayerOf(const std::string& path) const;
  std::size_t Rank(const EntryRef& entry);
  std::vector<std::size_t> EntriesIn(std::size_t layer, const std::string& path,
                                     model::Kind kind) const;

  void BuildYaml(const std::string& path, const Work& work, BuiltFiles& out);
  void BuildCsv(const std::string& path, const Work& work, BuiltFiles& out);
  void BuildNew(const std::string& path, const Work& work, BuiltFiles& out);
  base::Result<void> EditField(YamlEditor& editor, const YamlFile& file, const FieldOp& op,
                               BuiltFiles& out);
  base::Result<void> ChangeVariable(const FieldOp& op, const std::string& raw,
                                    const base::SourcePos& where, BuiltFiles& out);
  bool GoesWithItsFile(const std::string& path, const YamlFile& file, const Work& work,
                       const BuiltFiles& out) const;
  void NameCsvFiles(const Placement& placement, std::map<std::string, Work>& works);
  void Finish(const std::string& path, std::string_view before, bool is_new,
              std::vector<Splice> splices, BuiltFiles& out);
  void Refuse(std::size_t edit, base::Error error, BuiltFiles& out);

  FileTree& files_;
  const Project& project_;
  const Environment& environment_;
  std::span<const FileLayer> layers_;
  const Layout& layout_;
  std::unordered_map<std::string, std::size_t> layer_of_;  // by path
  std::map<std::string, std::unique_ptr<Source>> sources_;
  std::map<std::pair<std::size_t, model::Kind>, std::vector<std::uint32_t>> ranks_;
  std::optional<std::map<std::string, std::size_t>> variable_uses_;
  std::vector<Splice> variable_splices_;
  std::set<std::size_t> is_removal_;  // edits
};

}  // namespace viasync::config
