#include "engine/config/edit/placement.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/edit/csv_editor.h"
#include "engine/config/yaml_reader.h"

namespace viasync::config {
namespace {

constexpr std::size_t kNameBytesMax = 80;
constexpr std::size_t kMarkBytes = 8;
constexpr const char* kNewCsvPath = "config/exclusions/all.csv";

bool IsCsv(const std::string& path) { return path.ends_with(".csv"); }

// How many entries of a kind each file under config/ holds, CSV files by themselves.
std::map<std::string, std::size_t> CountByFile(std::span<const FileLayer> layers,
                                               model::Kind kind) {
  std::map<std::string, std::size_t> counts;
  for (const auto& file : layers) {
    if (file.overlay) continue;
    WithEntries(file.layer, kind, [&](const auto& entries) {
      for (std::size_t i = 0; i < entries.size();) {
        auto owner = entries[i].source.file;
        std::size_t end = i;
        while (end < entries.size() && entries[end].source.file == owner) ++end;
        counts[owner.str()] += end - i;
        i = end;
      }
    });
  }
  return counts;
}

// The folder in which every resource of the kind has a file of its own; empty: they have not.
std::string FolderOfSingles(const std::map<std::string, std::size_t>& counts,
                            const std::string& plural) {
  std::set<std::string> folders;
  for (const auto& [path, count] : counts) {
    if (count != 1 || IsCsv(path)) return {};
    folders.insert(std::filesystem::path(path).parent_path().generic_string());
  }
  if (folders.size() != 1) return {};
  // Two files of one entry each may be chance.
  bool meant = counts.size() > 2 || folders.begin()->ends_with("/" + plural);
  return meant ? *folders.begin() : std::string();
}

class SectionFinder final : public YamlSink {
 public:
  explicit SectionFinder(const std::string& name) : name_(name) {}
  bool found() const { return found_; }
  void OnSection(const SectionKey& section) override { found_ = found_ || section.name == name_; }
  void OnItem(const SectionKey&, NodeRef) override {}
  void OnOther(const SectionKey&, NodeRef) override {}
  void OnRoot(NodeRef) override {}

 private:
  const std::string& name_;
  bool found_ = false;
};

// The first file under config/ with a section of the name, an empty one; empty: there is none.
std::string FileWithSection(std::span<const FileLayer> layers, FileTree& files,
                            const std::string& name) {
  Problems problems(files);
  for (const auto& file : layers) {
    if (file.overlay) continue;
    SectionFinder finder(name);
    ReadYaml(file.path, finder, problems);
    if (finder.found()) return file.path;
  }
  return {};
}

class Placer {
 public:
  Placer(std::span<const FileLayer> layers, FileTree& files, const Project& project,
         const Layout& layout)
      : layers_(layers), files_(files), project_(project), layout_(layout) {}

  Placement Place(std::vector<NewEntry> entries) {
    std::map<model::Kind, std::vector<NewEntry>> by_kind;
    for (auto& entry : entries) by_kind[entry.kind].push_back(std::move(entry));
    for (auto& [kind, own] : by_kind) PlaceKind(kind, std::move(own));
    return std::move(placement_);
  }

 private:
  void PlaceKind(model::Kind kind, std::vector<NewEntry> entries) {
    auto counts = CountByFile(layers_, kind);
    const std::string& rule = project_.new_entry_files[kind];
    std::string plural(model::KindPlural(kind));
    if (!rule.empty()) return PutAll(rule, counts.contains(rule), std::move(entries));
    bool resources = !model::InfoOf(kind).in_csv;
    auto folder = resources ? FolderOfSingles(counts, plural) : std::string();
    if (folder.empty() && layout_.per_resource && resources) folder = "config/" + plural;
    if (!folder.empty()) return PutSingly(folder, std::move(entries));
    auto most = std::ranges::max_element(counts, {}, [](const auto& c) { return c.second; });
    if (most != counts.end()) return PutAll(most->first, true, std::move(entries));
    bool bulk = !resources && entries.size() > layout_.csv_threshold;
    if (bulk) return PutAll(kNewCsvPath, false, std::move(entries));
    auto waiting = FileWithSection(layers_, files_, plural);
    PutAll(waiting.empty() ? "config/" + plural + ".yaml" : waiting, false, std::move(entries));
  }

  // What a CSV cannot hold goes into a YAML file.
  void PutAll(const std::string& path, bool known, std::vector<NewEntry> entries) {
    if (!IsCsv(path)) return Put(path, std::move(entries));
    std::string yaml = "config/exclusions.yaml";
    auto fits = [](const NewEntry& entry) {
      return std::ranges::all_of(*entry.values,
                                 [](const auto& v) { return FitsCsv(v.first, v.second); });
    };
    auto others = std::ranges::stable_partition(entries, fits);
    std::vector<NewEntry> unfit(std::make_move_iterator(others.begin()),
                                std::make_move_iterator(others.end()));
    entries.erase(others.begin(), others.end());
    if (!unfit.empty()) Put(yaml, std::move(unfit));
    if (entries.empty()) return;
    if (!known) placement_.named_by[path] = yaml;
    Put(path, std::move(entries));
  }

  void PutSingly(const std::string& folder, std::vector<NewEntry> entries) {
    std::set<std::string> taken;  // some file systems do not tell letter case
    for (const auto& file : layers_) taken.insert(base::ToLower(file.path));
    for (auto& entry : entries) {
      std::string path = folder + "/" + SafeFileName(entry.key) + ".yaml";
      if (!taken.insert(base::ToLower(path)).second) {
        path = folder + "/" + SafeFileName(entry.key) + "-" +
               base::Sha256Hex(entry.key).substr(0, kMarkBytes) + ".yaml";
        taken.insert(base::ToLower(path));
      }
      placement_.by_file[path].push_back(std::move(entry));
    }
  }

  void Put(const std::string& path, std::vector<NewEntry> entries) {
    auto& all = placement_.by_file[path];
    std::ranges::move(entries, std::back_inserter(all));
  }

  std::span<const FileLayer> layers_;
  FileTree& files_;
  const Project& project_;
  const Layout& layout_;
  Placement placement_;
};

bool IsDeviceName(std::string_view name) {
  constexpr std::string_view kDevices[] = {"con", "prn", "aux", "nul", "conin$", "conout$"};
  const std::string stem = base::ToLower(name.substr(0, name.find('.')));
  if (std::ranges::find(kDevices, stem) != std::end(kDevices)) return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) &&
         stem[3] >= '0' && stem[3] <= '9';
}

}  // namespace

Placement PlaceNew(std::span<const FileLayer> layers, FileTree& files, const Project& project,
                   const Layout& layout, std::vector<NewEntry> entries) {
  return Placer(layers, files, project, layout).Place(std::move(entries));
}

std::string SafeFileName(std::string_view key) {
  std::string name;
  for (char c : key.substr(0, kNameBytesMax)) {
    bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '_' || c == '-' || c == '.';
    name += safe ? c : '_';
  }
  if (name.starts_with('.') || name.starts_with('-')) name.front() = '_';
  // Windows has devices of these names, with any ending, and drops a dot at the end.
  if (IsDeviceName(name)) name.insert(name.begin(), '_');
  if (name.ends_with('.')) name.back() = '_';
  if (name == key) return name;
  return name + "-" + base::Sha256Hex(key).substr(0, kMarkBytes);
}

}  // namespace viasync::config
