#include "engine/config/git_tree.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/config/git.h"

namespace viasync::config {
namespace {

constexpr std::string_view kLink = "120000";
constexpr std::string_view kSubmodule = "160000";
constexpr int kLinksMax = 40;  // as Linux does

struct Entry {
  std::string mode, id;
  std::size_t source = 0;  // which repository holds the object
  std::string path;        // in that repository, as seen from its folder
};

std::string Short(const std::string& commit) { return commit.substr(0, 12); }

bool IsHidden(std::string_view path) {
  return path.starts_with('.') || path.find("/.") != std::string_view::npos;
}

// The root's files as of the commit, by their path from the root.
class CommitTree final : public FileTree {
 public:
  explicit CommitTree(std::string commit) : commit_(std::move(commit)) {}

  // Takes in what the commit holds below `folder`; `prefix`: where that lies in our root.
  base::Result<void> Add(const std::string& folder, const std::string& prefix,
                         const std::string& commit) {
    auto listed = RunGit(folder, {"ls-tree", "-r", "-z", commit});
    if (!listed) return base::Fail(listed.error());
    if (!listed->Succeeded()) {
      missing_[prefix] = WhatGitSaid(*listed);  // of a submodule; said where somebody needs it
      return {};
    }
    auto objects = OpenGitObjects(folder);
    if (!objects) return base::Fail(objects.error());
    const std::size_t source = sources_.size();
    sources_.push_back({folder, std::move(*objects)});
    std::vector<std::pair<std::string, std::string>> submodules;
    for (auto line : base::Split(listed->out, '\0')) {  // MODE TYPE ID<tab>PATH
      auto tab = line.find('\t');
      if (tab == std::string_view::npos) continue;
      auto words = base::Split(line.substr(0, tab), ' ');
      if (words.size() != 3) continue;
      std::string path(line.substr(tab + 1));
      if (words[0] == kSubmodule) {
        submodules.emplace_back(path, words[2]);
      } else {
        entries_[prefix + path] = {std::string(words[0]), std::string(words[2]), source, path};
      }
    }
    for (const auto& [path, id] : submodules) {
      auto added = Add(folder + "/" + path, prefix + path + "/", id);
      if (!added) return added;
    }
    return {};
  }

  base::Result<std::vector<std::string>> List(const std::string& dir) override {
    auto real = Resolve(dir);
    if (!real) return base::Fail(real.error());
    std::vector<std::string> paths;
    const std::string below = *real + "/";
    if (auto gone = MissingBelow(below)) return base::Fail(std::move(*gone));
    for (auto it = entries_.lower_bound(below); it != entries_.end(); ++it) {
      const auto& [path, entry] = *it;
      if (!path.starts_with(below)) break;
      std::string rest = path.substr(below.size());
      if (IsHidden(rest)) continue;
      std::string name = dir + "/" + rest;
      if (entry.mode == kLink) {
        auto target = Resolve(path);
        if (target && IsFolder(*target)) {
          return base::Fail(base::ErrorKind::kInvalid,
                            "commit " + Short(commit_) + ": `" + base::Printable(name) +
                                "` is a link to a folder",
                            "links to folders are not followed; put the folder itself there");
        }
      }
      if (IsYamlPath(rest)) paths.push_back(name);
    }
    std::ranges::sort(paths);
    return paths;
  }

  base::Result<std::unique_ptr<std::streambuf>> Open(const std::string& path) override {
    if (!StaysInside(path)) return Outside(path);
    auto real = Resolve(path);
    if (!real) return base::Fail(real.error());
    auto found = entries_.find(*real);
    if (found == entries_.end()) {
      if (auto gone = MissingBelow(*real)) return base::Fail(std::move(*gone));
      return base::Fail(base::ErrorKind::kNotFound, "commit " + Short(commit_) + " has no file `" +
                                                        base::Printable(path) + "`");
    }
    auto content = Read(found->second);
    if (!content) return base::Fail(content.error());
    return std::make_unique<std::stringbuf>(std::move(*content), std::ios::in);
  }

 private:
  struct Source {
    std::string folder;
    std::unique_ptr<GitObjects> objects;
    std::optional<std::set<std::string>> filtered{};  // paths that a checkout rewrites; when needed
  };

  std::unexpected<base::Error> Outside(const std::string& path) const {
    return base::Fail(
        base::ErrorKind::kInvalid,
        "commit " + Short(commit_) + ": `" + base::Printable(path) +
            "` leads out of the repository",
        "viasync reads only files inside the repository, so that Git knows all it does");
  }

  bool IsFolder(const std::string& path) const {
    auto next = entries_.lower_bound(path + "/");
    return next != entries_.end() && next->first.starts_with(path + "/");
  }

  // A submodule at, above or below `path` whose commit is not there.
  std::optional<base::Error> MissingBelow(const std::string& path) const {
    for (const auto& [prefix, said] : missing_) {
      if (!path.starts_with(prefix) && !prefix.starts_with(path)) continue;
      return base::Error{.kind = base::ErrorKind::kNotFound,
                         .message = "commit " + Short(commit_) + ": the submodule `" +
                                    base::Printable(prefix.substr(0, prefix.size() - 1)) +
                                    "` cannot be read: " + said,
                         .hint = "fetch it: git submodule update --init"};
    }
    return std::nullopt;
  }

  // The path without links, as on disk; of a path that leads nowhere as far as it goes.
  base::Result<std::string> Resolve(const std::string& path) {
    std::vector<std::string> done, rest;  // the next part of `rest` is its last one
    auto push = [&](std::string_view parts) {
      auto split = base::Split(parts, '/');
      for (auto it = split.rbegin(); it != split.rend(); ++it) rest.emplace_back(*it);
    };
    push(path);
    for (int links = 0; !rest.empty();) {
      std::string part = std::move(rest.back());
      rest.pop_back();
      if (part == "." || part.empty()) continue;
      if (part == "..") {
        if (done.empty()) return Outside(path);
        done.pop_back();
        continue;
      }
      done.push_back(std::move(part));
      auto found = entries_.find(base::Join(done, "/"));
      if (found == entries_.end() || found->second.mode != kLink) continue;
      if (++links > kLinksMax) return GoesRound(path);
      auto target = sources_[found->second.source].objects->Read(found->second.id);
      if (!target) return target;
      if (target->starts_with('/')) return Outside(path);
      done.pop_back();
      push(*target);
    }
    return base::Join(done, "/");
  }

  std::unexpected<base::Error> GoesRound(const std::string& path) const {
    return base::Fail(base::ErrorKind::kInvalid,
                      "commit " + Short(commit_) + ": `" + base::Printable(path) +
                          "` is a link that leads back to itself",
                      "let the link name a file");
  }

  // What the file would be after a checkout.
  base::Result<std::string> Read(const Entry& entry) {
    Source& source = sources_[entry.source];
    if (!source.filtered) {
      auto filtered = FilteredPaths(entry.source);
      if (!filtered) return base::Fail(filtered.error());
      source.filtered = std::move(*filtered);
    }
    if (!source.filtered->contains(entry.path)) return source.objects->Read(entry.id);
    auto read = RunGit(source.folder, {"cat-file", "--filters",
                                       "--path=" + Above(source.folder) + entry.path, entry.id});
    if (!read) return base::Fail(read.error());
    if (read->Succeeded()) return std::move(read->out);
    return base::Fail(base::ErrorKind::kIo,
                      "commit " + Short(commit_) + ": `" + base::Printable(entry.path) +
                          "` cannot be read through its filter: " + WhatGitSaid(*read),
                      "fetch what the filter needs, such as `git lfs fetch`");
  }

  // From the top of the work tree to `folder`.
  std::string Above(const std::string& folder) {
    auto prefix = RunGit(folder, {"rev-parse", "--show-prefix"});
    return prefix ? std::string(base::Trim(prefix->out)) : std::string();
  }

  base::Result<std::set<std::string>> FilteredPaths(std::size_t source) const {
    std::string paths;
    for (const auto& [path, entry] : entries_) {
      if (entry.source == source && entry.mode != kLink) paths += entry.path + '\0';
    }
    // Line breaks (`eol`) mean nothing in YAML and CSV: those need no rewriting.
    auto asked = RunGit(sources_[source].folder,
                        {"check-attr", "-z", "--stdin", "filter", "ident", "working-tree-encoding"},
                        std::move(paths));
    if (!asked) return base::Fail(asked.error());
    std::set<std::string> filtered;
    auto parts = base::Split(asked->out, '\0');  // PATH, "filter", VALUE
    for (std::size_t i = 0; i + 2 < parts.size(); i += 3) {
      if (parts[i + 2] != "unspecified" && parts[i + 2] != "unset") filtered.emplace(parts[i]);
    }
    return filtered;
  }

  std::string commit_;
  std::map<std::string, Entry> entries_;
  std::map<std::string, std::string> missing_;  // a submodule's path with `/` -> why
  std::vector<Source> sources_;
};

}  // namespace

base::Result<GitCommit> FindCommit(const std::string& root, const std::string& ref) {
  auto repository = RunGit(root, {"rev-parse", "--is-shallow-repository"});
  if (!repository) return base::Fail(repository.error());
  if (!repository->Succeeded()) {
    return base::Fail(base::ErrorKind::kIo,
                      "git cannot read a repository here: " + WhatGitSaid(*repository),
                      "run viasync in a Git checkout that git itself can read");
  }
  bool shallow = base::Trim(repository->out) == "true";
  auto parsed = RunGit(root, {"rev-parse", "--verify", "--end-of-options", ref + "^{commit}"});
  if (!parsed) return base::Fail(parsed.error());
  GitCommit commit{.id = std::string(base::Trim(parsed->out)), .warning = WhatGitSaid(*parsed)};
  if (!parsed->Succeeded() || commit.id.empty()) {
    std::string said = std::move(commit.warning);
    constexpr std::string_view kNothing = "Needed a single revision";
    if (said == kNothing) said.clear();
    return base::Fail(base::ErrorKind::kNotFound,
                      "`" + base::Printable(ref) + "` is not a commit of this repository" +
                          (said.empty() ? "" : ": " + said),
                      shallow ? "this is a shallow clone, which has few commits: fetch the rest "
                                "with `git fetch --unshallow` (in CI: fetch-depth 0)"
                              : "check the spelling, or fetch it first");
  }
  auto shown = RunGit(root, {"show", "-s", "--no-show-signature", "--format=%ct", commit.id});
  if (!shown) return base::Fail(shown.error());
  auto text = base::Trim(shown->out);
  std::int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  commit.committed = base::UtcTime(std::chrono::seconds(seconds));
  return commit;
}

base::Result<std::unique_ptr<FileTree>> OpenGitTree(const std::string& root,
                                                    const GitCommit& commit) {
  auto tree = std::make_unique<CommitTree>(commit.id);
  auto added = tree->Add(root.empty() ? "." : root, "", commit.id);
  if (!added) return base::Fail(added.error());
  return tree;
}

}  // namespace viasync::config
