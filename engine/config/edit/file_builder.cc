#include "engine/config/edit/file_builder.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/edit/text_lines.h"

namespace viasync::config {
namespace {

using Type = SpanNode::Type;

base::Error Disagreement(const std::string& path, int line) {
  return {.message = "the file is written in a way that cannot be edited safely",
          .hint = "edit this entry by hand",
          .where = base::SourcePos{path, line, 0}};
}

// True when `raw` reads as the field of the entry does: both parsers see the same.
bool ReadsAs(std::span<const FileLayer> layers, const EntryRef& ref, std::size_t field,
             std::string_view raw, bool quoted, const Variables& variables) {
  std::size_t offset = 0;
  std::string text(raw);
  if (HasVariables(raw)) {
    auto expanded = Expand(raw, variables, offset);
    if (!expanded) return false;
    text = std::move(*expanded);
  }
  return WithEntries(layers[ref.file].layer, ref.kind, [&](const auto& entries) {
    auto scratch = entries[ref.index].value;
    auto fields = model::Fields<decltype(scratch)>();
    if (!fields[field].parse(scratch, AsRead(fields[field], text, quoted))) return false;
    return fields[field].text(scratch) == fields[field].text(entries[ref.index].value);
  });
}

std::string KeyAt(const FileLayer& file, model::Kind kind, std::size_t index) {
  return WithEntries(file.layer, kind,
                     [&](const auto& entries) { return model::KeyOf(entries[index].value); });
}

}  // namespace

std::optional<std::size_t> BuiltFiles::WriterOf(const base::SourcePos& place) const {
  auto file = lines.find(place.file);
  if (file == lines.end()) return std::nullopt;
  std::optional<std::size_t> writer;
  for (const auto& [edit, range] : file->second) {
    if (place.line < range.first || place.line > range.last) continue;
    if (writer) return std::nullopt;
    writer = edit;
  }
  return writer;
}

void FileBuilder::Refuse(std::size_t edit, base::Error error, BuiltFiles& out) {
  if (edit != kNoEdit) out.refused.push_back({edit, std::move(error)});
}

std::size_t FileBuilder::LayerOf(const std::string& path) const {
  auto found = layer_of_.find(path);
  return found == layer_of_.end() ? layers_.size() : found->second;
}

// The place of an entry among those of its kind that stand in the same file.
std::size_t FileBuilder::Rank(const EntryRef& ref) {
  auto& ranks = ranks_[{ref.file, ref.kind}];
  if (ranks.empty()) {
    std::map<base::Interned, std::uint32_t> next;
    WithEntries(layers_[ref.file].layer, ref.kind, [&](const auto& entries) {
      for (const auto& entry : entries) ranks.push_back(next[entry.source.file]++);
    });
  }
  return ranks[ref.index];
}

// The indices of the entries of `path` in the layer that reads it.
std::vector<std::size_t> FileBuilder::EntriesIn(std::size_t layer, const std::string& path,
                                                model::Kind kind) const {
  std::vector<std::size_t> own;
  base::Interned file(path);
  WithEntries(layers_[layer].layer, kind, [&](const auto& entries) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].source.file == file) own.push_back(i);
    }
  });
  return own;
}

FileBuilder::Source& FileBuilder::Load(const std::string& path) {
  auto& source = sources_[path];
  if (source) return *source;
  source = std::make_unique<Source>();
  auto text = ReadAll(files_, path);
  if (!text) {
    source->error = std::move(text.error());
  } else {
    source->text = std::move(*text);
    if (LayerOf(path) < layers_.size()) source->error = ScanYamlFile(path, *source);
  }
  return *source;
}

// libfyaml must see the entries that the reader sees.
std::optional<base::Error> FileBuilder::ScanYamlFile(const std::string& path, Source& source) {
  auto yaml = YamlFile::Read(path, source.text);
  if (!yaml) return std::move(yaml.error());
  source.yaml = std::move(*yaml);
  std::size_t layer = LayerOf(path);
  for (auto kind : model::kKinds) {
    auto own = EntriesIn(layer, path, kind);
    const auto& seen = source.yaml->entries(kind);
    if (own.size() != seen.size()) return Disagreement(path, 1);
    for (std::size_t i = 0; i < own.size(); ++i) {
      const auto& node = source.yaml->node(source.yaml->item(seen[i]).node);
      int line = SourceOf(layers_, {kind, layer, own[i]}).line;
      bool plain = node.outer_begin == node.begin;
      if (plain && node.line != line) return Disagreement(path, line);
    }
  }
  return std::nullopt;
}

BuiltFiles FileBuilder::Build(const Ops& ops, std::size_t edits) {
  BuiltFiles out;
  out.places.resize(edits);
  out.variables = environment_.variables;
  variable_splices_.clear();
  std::map<std::string, Work> works;
  for (const auto& op : ops.fields) {
    works[SourceOf(layers_, op.entry).file.str()].fields.push_back(&op);
  }
  for (const auto& op : ops.removed) {
    works[SourceOf(layers_, op.entry).file.str()].removed.push_back(&op);
    is_removal_.insert(op.edit);
    out.places[op.edit].push_back(PlaceOf(SourceOf(layers_, op.entry)));
  }
  auto placement = PlaceNew(layers_, files_, project_, layout_, ops.added);
  for (auto& [path, entries] : placement.by_file) works[path].added = std::move(entries);
  NameCsvFiles(placement, works);
  for (auto& [path, work] : works) {
    std::ranges::sort(work.fields, {},
                      [](const FieldOp* op) { return std::pair(op->entry, op->field); });
    bool csv = path.ends_with(".csv");
    bool known = csv ? !placement.named_by.contains(path) : LayerOf(path) < layers_.size();
    if (!known) {
      BuildNew(path, work, out);
    } else if (csv) {
      BuildCsv(path, work, out);
    } else {
      BuildYaml(path, work, out);
    }
  }
  if (!variable_splices_.empty()) {
    Finish(kProjectFile, Load(kProjectFile).text, false, std::exchange(variable_splices_, {}), out);
  }
  return out;
}

void FileBuilder::NameCsvFiles(const Placement& placement, std::map<std::string, Work>& works) {
  for (const auto& [csv, yaml] : placement.named_by) {
    auto from =
        std::filesystem::path(csv).lexically_relative(std::filesystem::path(yaml).parent_path());
    works[yaml].added.push_back({.edit = kNoEdit,
                                 .kind = model::Kind::kExclusion,
                                 .key = "",
                                 .values = std::make_shared<const model::Values>(
                                     model::Values{{"from", from.generic_string()}})});
  }
}

void FileBuilder::Finish(const std::string& path, std::string_view before, bool is_new,
                         std::vector<Splice> splices, BuiltFiles& out) {
  EditLines lines;
  FileEdit file;
  if (!is_new) file.before = std::string(before);
  file.after = Apply(before, std::move(splices), lines);
  if (file.after == file.before) return;
  std::erase_if(lines, [&](const auto& line) { return is_removal_.contains(line.first); });
  // An entry that leaves is named by its old place.
  for (const auto& [edit, range] : lines) out.places[edit].push_back({path, range.first, 0});
  out.lines[path] = std::move(lines);
  out.files[path] = std::move(file);
}

bool FileBuilder::GoesWithItsFile(const std::string& path, const YamlFile& file, const Work& work,
                                  const BuiltFiles& out) const {
  // Without any file the folder would no longer read as a configuration.
  auto stays = [&](const FileLayer& layer) {
    auto edit = out.files.find(layer.path);
    return layer.path != path && (edit == out.files.end() || edit->second.after);
  };
  if (std::ranges::none_of(layers_, stays)) return false;
  std::size_t items = 0;
  for (const auto& section : file.sections()) items += section.items.size();
  if (items != 1 || work.removed.size() != 1 || !work.added.empty()) return false;
  const auto& ref = work.removed.front()->entry;
  return std::filesystem::path(path).stem() ==
         SafeFileName(KeyAt(layers_[ref.file], ref.kind, ref.index));
}

void FileBuilder::BuildYaml(const std::string& path, const Work& work, BuiltFiles& out) {
  const auto& source = Load(path);
  auto check = [&](std::size_t edit, const base::Result<void>& done) {
    if (!done) Refuse(edit, done.error(), out);
  };
  if (source.error) {
    for (const auto* op : work.fields) Refuse(op->edit, *source.error, out);
    for (const auto* op : work.removed) Refuse(op->edit, *source.error, out);
    for (const auto& entry : work.added) Refuse(entry.edit, *source.error, out);
    return;
  }
  const auto& yaml = *source.yaml;
  if (GoesWithItsFile(path, yaml, work, out)) {
    out.files[path] = {.before = source.text, .after = std::nullopt};
    return;
  }
  YamlEditor editor(yaml);
  for (const auto* op : work.removed) {
    check(op->edit, editor.Remove(yaml.entries(op->entry.kind)[Rank(op->entry)], op->edit));
  }
  // What goes first: what comes then knows which comments it will stand above.
  for (bool drop : {true, false}) {
    for (const auto* op : work.fields) {
      if (op->drop == drop) check(op->edit, EditField(editor, yaml, *op, out));
    }
  }
  std::size_t layer = LayerOf(path);
  for (auto kind : model::kKinds) {
    std::vector<NewEntry> added;
    for (const auto& entry : work.added) {
      if (entry.kind == kind) added.push_back(entry);
    }
    if (added.empty()) continue;
    std::vector<std::string> keys;
    for (auto i : EntriesIn(layer, path, kind)) keys.push_back(KeyAt(layers_[layer], kind, i));
    auto done = editor.Add(added, keys);
    for (const auto& entry : added) check(entry.edit, done);
  }
  Finish(path, source.text, false, editor.Take(), out);
}

base::Result<void> FileBuilder::EditField(YamlEditor& editor, const YamlFile& file,
                                          const FieldOp& op, BuiltFiles& out) {
  auto ref = file.entries(op.entry.kind)[Rank(op.entry)];
  const auto& item = file.node(file.item(ref).node);
  auto field = item.type == Type::kMap ? file.Find(item, model::FieldNames(op.entry.kind)[op.field])
                                       : std::nullopt;
  if (field && file.node(field->value).type == Type::kScalar) {
    const auto& value = file.node(field->value);
    std::string raw = editor.TextOf(*field);
    if (value.style == ScalarStyle::kPlain && IsNullWord(raw)) raw.clear();
    base::SourcePos where{file.path(), value.line,
                          static_cast<int>(ColumnOf(file.text(), value.begin)) + 1};
    bool quoted = value.style == ScalarStyle::kSingle || value.style == ScalarStyle::kDouble;
    if (!ReadsAs(layers_, op.entry, op.field, raw, quoted, environment_.variables)) {
      return base::Fail(Disagreement(where.file, where.line));
    }
    if (RefersToVariable(raw)) {
      bool criteria = IsCriteria(op.entry.kind, op.field);
      if (criteria && !op.drop) {
        auto done = editor.ChangeAround(ref, op.field, op.value, environment_.variables, op.edit);
        if (!done) return base::Fail(std::move(done.error()));
        if (*done) return {};
      }
      return ChangeVariable(op, raw, where, out);
    }
  }
  if (op.drop) return editor.DropField(ref, op.field, op.edit);
  return editor.SetField(ref, op.field, op.value, op.edit);
}

// Where the value is one variable that nothing else uses, the variable changes.
base::Result<void> FileBuilder::ChangeVariable(const FieldOp& op, const std::string& raw,
                                               const base::SourcePos& where, BuiltFiles& out) {
  std::string environment = Quoted(environment_.name);
  base::Error error{.message = "the value comes from " + Quoted(raw),
                    .hint = "edit it there, or the variable under `variables` of environment " +
                            environment + " in viasync.yaml",
                    .where = where};
  auto name = OnlyVariable(raw);
  if (!name || op.drop || op.value.empty()) return base::Fail(std::move(error));
  if (!variable_uses_) variable_uses_ = CountVariables(layers_, files_);
  if ((*variable_uses_)[*name] != 1) {
    error.message += ", which other values use too";
    return base::Fail(std::move(error));
  }
  const auto& project = Load(kProjectFile);
  if (project.error) return base::Fail(*project.error);
  auto splice = EditVariable(project.text, environment_.name, *name, op.value, op.edit);
  if (!splice) return base::Fail(std::move(splice.error()));
  out.variables[*name] = op.value;
  variable_splices_.push_back(std::move(*splice));
  return {};
}

void FileBuilder::BuildCsv(const std::string& path, const Work& work, BuiltFiles& out) {
  const auto& source = Load(path);
  auto refuse_all = [&](const base::Error& error) {
    for (const auto* op : work.fields) Refuse(op->edit, error, out);
    for (const auto* op : work.removed) Refuse(op->edit, error, out);
    for (const auto& entry : work.added) Refuse(entry.edit, error, out);
  };
  if (source.error) return refuse_all(*source.error);
  CsvEditor editor(path, source.text);
  auto row_of = [&](const EntryRef& ref) -> std::optional<std::size_t> {
    std::size_t row = Rank(ref);
    bool same = row < editor.rows() && editor.line(row) == SourceOf(layers_, ref).line;
    return same ? std::optional(row) : std::nullopt;
  };
  for (const auto* op : work.fields) {
    auto row = row_of(op->entry);
    if (!row) return refuse_all(Disagreement(path, SourceOf(layers_, op->entry).line));
    auto done = editor.SetField(*row, op->field, op->value, op->edit);
    if (!done) Refuse(op->edit, std::move(done.error()), out);
  }
  for (const auto* op : work.removed) {
    auto row = row_of(op->entry);
    if (!row) return refuse_all(Disagreement(path, SourceOf(layers_, op->entry).line));
    editor.Remove(*row, op->edit);
  }
  if (!work.added.empty()) {
    std::size_t layer = 0;
    std::vector<std::size_t> rows;
    for (; layer < layers_.size() && rows.empty(); ++layer) {
      rows = EntriesIn(layer, path, model::Kind::kExclusion);
    }
    if (rows.size() != editor.rows() || rows.empty()) return refuse_all(Disagreement(path, 1));
    const auto& entries = layers_[layer - 1].layer.Of<model::Exclusion>();
    auto done = editor.Add(work.added,
                           [&](std::size_t row) { return model::KeyOf(entries[rows[row]].value); });
    if (!done) {
      for (const auto& entry : work.added) Refuse(entry.edit, done.error(), out);
    }
  }
  auto splices = editor.Take();
  if (!splices) {
    for (const auto* op : work.removed) Refuse(op->edit, splices.error(), out);
    return;
  }
  Finish(path, source.text, false, std::move(*splices), out);
}

void FileBuilder::BuildNew(const std::string& path, const Work& work, BuiltFiles& out) {
  if (files_.Open(path)) {
    base::Error error{
        .message = Quoted(path) + " exists, but nothing of the configuration names it",
        .hint = "name it with `from:` in a YAML file, or remove it",
        .where = base::SourcePos{path, 0, 0}};
    for (const auto& entry : work.added) Refuse(entry.edit, error, out);
    return;
  }
  if (path.ends_with(".csv")) {
    EditLines lines;
    out.files[path] = {.before = std::nullopt, .after = NewCsv(work.added, lines)};
    for (const auto& entry : work.added) {
      out.places[entry.edit].push_back({path, lines[entry.edit].first, 0});
    }
    out.lines[path] = std::move(lines);
    return;
  }
  auto empty = YamlFile::Read(path, "");
  if (!empty) {
    for (const auto& entry : work.added) Refuse(entry.edit, empty.error(), out);
    return;
  }
  YamlEditor editor(*empty);
  for (auto kind : model::kKinds) {
    std::vector<NewEntry> added;
    for (const auto& entry : work.added) {
      if (entry.kind == kind) added.push_back(entry);
    }
    if (!added.empty()) (void)editor.Add(std::move(added), {});
  }
  Finish(path, "", true, editor.Take(), out);
}

}  // namespace viasync::config
