#include "engine/config/unread_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "engine/base/globs.h"
#include "engine/base/strings.h"
#include "engine/config/yaml_reader.h"

namespace viasync::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFrom = "from";
constexpr std::array<std::string_view, 3> kReadFolders = {kBaseFolder, kOverlayFolder,
                                                          "migrations"};

// Texts for people, which nobody expects to be read as configuration.
bool IsForPeople(const std::string& path) {
  auto name = base::ToLower(fs::path(path).filename().string());
  if (IsNamedLikeConfig(path) || name.ends_with(".json")) return false;
  return name.starts_with("readme") || name.ends_with(".md") || name == "license" ||
         name == "codeowners";
}

// The CSV files that a YAML file names.
class CsvNames final : public YamlSink {
 public:
  CsvNames(const std::string& path, std::set<std::string>& names) : path_(path), names_(names) {}
  void OnSection(const SectionKey&) override {}
  void OnItem(const SectionKey&, NodeRef item) override {
    if (item.type() != NodeType::kMap) return;
    for (NodeRef key = item.begin(); key != item.end(); key = key.next().next()) {
      if (key.text() != kFrom) continue;
      auto named = fs::path(path_).parent_path() / std::string(key.next().text());
      names_.insert(named.lexically_normal().generic_string());
    }
  }
  void OnOther(const SectionKey&, NodeRef) override {}
  void OnRoot(NodeRef) override {}

 private:
  const std::string& path_;
  std::set<std::string>& names_;
};

// Whether a YAML file has a section of ours.
class SectionSeeker final : public YamlSink {
 public:
  bool found() const { return found_; }
  void OnSection(const SectionKey& section) override {
    for (auto kind : model::kKinds) found_ = found_ || section.name == model::KindPlural(kind);
  }
  void OnItem(const SectionKey&, NodeRef) override {}
  void OnOther(const SectionKey&, NodeRef) override {}
  void OnRoot(NodeRef) override {}

 private:
  bool found_ = false;
};

class UnreadFiles {
 public:
  UnreadFiles(const Project& project, const std::string& environment, bool complete,
              Problems& problems)
      : project_(project), environment_(environment), complete_(complete), problems_(problems) {}

  std::vector<std::string> Check(const Layer& config, const Layer& overlay) {
    for (const auto* layer : {&config, &overlay}) {
      for (const auto& [path, where] : layer->csv_files) read_.insert(path);
    }
    for (auto folder : {kBaseFolder, kOverlayFolder}) {
      auto others = problems_.files().ListOthers(std::string(folder));
      if (!others) continue;  // List has told of it
      for (const auto& path : *others) CheckFile(path);
    }
    CheckFolders();
    CheckPatterns();
    return std::move(ignored_);
  }

 private:
  // The environment whose folder the file lies in; empty: config/, or none.
  static std::string OwnerOf(const std::string& path) {
    std::string_view rest = path;
    if (!rest.starts_with(std::string(kOverlayFolder) + "/")) return {};
    rest.remove_prefix(kOverlayFolder.size() + 1);
    auto slash = rest.find('/');
    return slash == std::string_view::npos ? std::string() : std::string(rest.substr(0, slash));
  }

  bool IsIgnored(const std::string& path) {
    bool ignored = false;
    auto name = fs::path(path).filename().string();
    for (const auto& pattern : project_.ignored_files) {
      bool whole = pattern.find('/') != std::string::npos;
      if (!base::GlobMatch(pattern, whole ? path : name)) continue;
      used_patterns_.insert(pattern);
      ignored = true;
    }
    return ignored;
  }

  void CheckFile(const std::string& path) {
    if (IsIgnored(path)) {
      ignored_.push_back(path);
      return;
    }
    auto owner = OwnerOf(path);
    bool elsewhere = owner != environment_ && project_.environments.contains(owner);
    if (elsewhere || read_.contains(path) || IsForPeople(path)) return;
    if (path.ends_with(".csv") && (!complete_ || NamedElsewhere(path))) return;
    // Tools keep YAML of their own in hidden files.
    if (IsHidden(path) && IsYamlPath(base::ToLower(path)) && !HasSection(path)) return;
    problems_.Add({path, 0, 0}, "no rule reads this file", HintFor(path));
  }

  // A CSV file of config/ may be named by the overlay of another environment alone.
  bool NamedElsewhere(const std::string& path) {
    if (!named_) {
      named_.emplace();
      Problems unheard(problems_.files());
      auto files = problems_.files().List(std::string(kOverlayFolder));
      for (const auto& file : files ? *files : std::vector<std::string>{}) {
        CsvNames names(file, *named_);
        ReadYaml(file, names, unheard);
      }
    }
    return named_->contains(path);
  }

  bool HasSection(const std::string& path) {
    Problems unheard(problems_.files());
    SectionSeeker seeker;
    ReadYaml(path, seeker, unheard);
    return seeker.found();
  }

  static std::string HintFor(const std::string& path) {
    const std::string name = fs::path(path).filename().string();
    const std::string lower = base::ToLower(name);
    const std::string ignore =
        "; if that is intended, add `files: {ignore: [\"" + name + "\"]}` to viasync.yaml";
    if (IsHidden(path)) {
      return "names that begin with a dot are not read: rename it, or move it out of the folder" +
             ignore;
    }
    if (path.ends_with(".csv")) {
      return "add `- from: " + name + "` under `exclusions:` in a YAML file of its folder" + ignore;
    }
    if (IsYamlPath(lower)) {
      return "rename it to " + Quoted(fs::path(name).stem().string() + ".yaml") +
             ": names of files end in small letters" + ignore;
    }
    if (lower.ends_with(".csv")) {
      return "rename it to " + Quoted(fs::path(name).stem().string() + ".csv") +
             ", and name it with `from:`" + ignore;
    }
    if (lower.ends_with(".json")) {
      return "viasync reads YAML, which JSON is, too: rename it to " +
             Quoted(fs::path(name).stem().string() + ".yaml") + ignore;
    }
    return "viasync reads .yaml and .yml files, and .csv files that a `from:` names: rename it, or "
           "remove it" +
           ignore;
  }

  // A pattern that finds nothing was misspelt, or has done its work.
  void CheckPatterns() {
    auto read = problems_.files().List(std::string(kBaseFolder));
    for (const auto& pattern : project_.ignored_files) {
      if (used_patterns_.contains(pattern)) continue;
      auto matches = [&](const std::string& path) {
        bool whole = pattern.find('/') != std::string::npos;
        return base::GlobMatch(pattern, whole ? path : fs::path(path).filename().string());
      };
      bool is_read = read && std::ranges::any_of(*read, matches);
      problems_.Warn({kProjectFile, 0, 0},
                     "`files: ignore` names " + Quoted(pattern) +
                         (is_read ? ", which is read all the same" : ", and there is no such file"),
                     is_read ? "move a YAML file out of config/ where it is not to be read"
                             : "correct the pattern, or remove it");
    }
  }

  // `enviroments/`, `Config/`: another word may be meant, so what lies in it decides.
  void CheckFolders() {
    for (const auto& folder : problems_.files().Folders()) {
      if (std::ranges::find(kReadFolders, folder) != kReadFolders.end()) continue;
      std::vector<std::string> names(kReadFolders.begin(), kReadFolders.end());
      auto nearest = base::Nearest(base::ToLower(folder), names);
      if (!nearest) continue;
      auto files = problems_.files().List(folder);
      for (const auto& path : files ? *files : std::vector<std::string>{}) {
        if (!HasSection(path)) continue;
        if (IsIgnored(path)) {
          ignored_.push_back(path);
          continue;
        }
        problems_.Add({path, 0, 0},
                      "viasync does not read the folder " + Quoted(folder) + " (did you mean " +
                          Quoted(*nearest) + "?)",
                      "rename the folder; if that is intended, add `files: {ignore: [\"" + folder +
                          "/*\"]}` to viasync.yaml");
      }
    }
  }

  const Project& project_;
  const std::string& environment_;
  bool complete_;
  Problems& problems_;
  std::set<std::string> read_;
  std::optional<std::set<std::string>> named_;
  std::set<std::string> used_patterns_;
  std::vector<std::string> ignored_;
};

}  // namespace

std::vector<std::string> CheckUnreadFiles(const Project& project, const std::string& environment,
                                          const Layer& config, const Layer& overlay, bool complete,
                                          Problems& problems) {
  return UnreadFiles(project, environment, complete, problems).Check(config, overlay);
}

}  // namespace viasync::config
