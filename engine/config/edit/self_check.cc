#include "engine/config/edit/self_check.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/edit/edited_tree.h"

namespace viasync::config {
namespace {

template <class R>
bool Identical(const R& a, const R& b) {
  return std::ranges::all_of(model::Fields<R>(),
                             [&](const auto& field) { return field.identical(a, b); });
}

// New entries by key, as values.
template <class R>
using Expectations =
    std::unordered_multimap<std::string, std::pair<R, std::size_t>>;  // value, edit

template <class R>
Expectations<R> AddedBy(const Ops& ops) {
  Expectations<R> added;
  for (const auto& entry : ops.added) {
    if (entry.kind != model::kKindOf<R>) continue;
    if (auto value = model::FromValues<R>(*entry.values)) {
      auto key = model::KeyOf(*value);
      added.emplace(std::move(key), std::pair(std::move(*value), entry.edit));
    }
  }
  return added;
}

// The entries of one kind in one file, before and after.
template <class R>
class Comparison {
 public:
  explicit Comparison(CheckResult& result) : result_(result) {}

  void Change(const FieldOp& op) { changes_[op.entry.index].push_back(&op); }
  void Remove(const RemoveOp& op) { removed_.insert(op.entry.index); }

  // `added`: entries that may come anywhere, by key. What came is taken out.
  void Run(const std::vector<Entry<R>>& before, const std::vector<Entry<R>>& after,
           Expectations<R>& added) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (removed_.contains(i)) continue;
      auto changes = changes_.find(i);
      bool changed = changes != changes_.end();
      Entry<R> expected;
      if (changed) expected = Expected(before[i], changes->second);
      auto fits = [&](const Entry<R>& entry) {
        return changed ? Fits(entry, expected) : Untouched(entry, before[i]);
      };
      while (at < after.size() && !fits(after[at]) && TakeAdded(after[at], added)) ++at;
      if (at < after.size() && fits(after[at])) {
        ++at;
        continue;
      }
      if (!changed || at == after.size()) return Unclear(before[i].source);
      for (const auto* op : changes->second) result_.wrong.insert(op->edit);
      ++at;
    }
    while (at < after.size() && TakeAdded(after[at], added)) ++at;
    if (at < after.size()) Unclear(after[at].source);
  }

 private:
  static bool Untouched(const Entry<R>& entry, const Entry<R>& before) {
    return entry.given == before.given && entry.absent == before.absent &&
           Identical(entry.value, before.value);
  }

  static bool Fits(const Entry<R>& entry, const Entry<R>& expected) {
    return entry.given == expected.given && entry.absent == expected.absent &&
           model::SameValue(entry.value, expected.value);
  }

  static Entry<R> Expected(const Entry<R>& before, const std::vector<const FieldOp*>& ops) {
    Entry<R> entry = before;
    auto fields = model::Fields<R>();
    for (const auto* op : ops) {
      fields[op->field].parse(entry.value, op->value);
      bool gone = op->drop || (fields[op->field].org_fills_in && op->value.empty());
      gone ? entry.given.Remove(op->field) : entry.given.Add(op->field);
    }
    return entry;
  }

  static bool TakeAdded(const Entry<R>& entry, Expectations<R>& added) {
    if (added.empty() || entry.absent) return false;
    auto [first, last] = added.equal_range(model::KeyOf(entry.value));
    for (; first != last; ++first) {
      if (!model::SameValue(first->second.first, entry.value)) continue;
      added.erase(first);
      return true;
    }
    return false;
  }

  void Unclear(const model::Source& source) {
    if (result_.unclear) return;
    result_.unclear = base::Error{.message = "the entries around it would not read as before",
                                  .hint = "edit this entry by hand",
                                  .where = PlaceOf(source)};
  }

  CheckResult& result_;
  std::unordered_map<std::size_t, std::vector<const FieldOp*>> changes_;
  std::unordered_set<std::size_t> removed_;
};

template <class R>
void CompareKind(std::span<const FileLayer> before, std::span<const FileLayer> after,
                 const std::vector<bool>& reread, const Ops& ops, CheckResult& result) {
  auto added = AddedBy<R>(ops);
  std::map<std::size_t, Comparison<R>> comparisons;  // by file
  auto of = [&](std::size_t file) -> Comparison<R>& {
    return comparisons.try_emplace(file, result).first->second;
  };
  for (const auto& op : ops.fields) {
    if (op.entry.kind == model::kKindOf<R>) of(op.entry.file).Change(op);
  }
  for (const auto& op : ops.removed) {
    if (op.entry.kind == model::kKindOf<R>) of(op.entry.file).Remove(op);
  }
  const std::vector<Entry<R>> none;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!reread[i]) continue;
    const auto& old = i < before.size() ? before[i].layer.template Of<R>() : none;
    of(i).Run(old, after[i].layer.template Of<R>(), added);
  }
  for (const auto& [key, expected] : added) result.wrong.insert(expected.second);
}

// True when the merged layers hold the resource `probe` with the values of the edit.
template <class R>
bool Holds(const std::vector<Entry<R>>& merged, const ResourceEdit& edit, const R& probe) {
  auto by_key = [](const auto& a, const auto& b) {
    if constexpr (std::is_same_v<std::decay_t<decltype(a)>, R>) {
      return model::CompareKeys(a, b.value) < 0;
    } else {
      return model::CompareKeys(a.value, b) < 0;
    }
  };
  auto first = std::lower_bound(merged.begin(), merged.end(), probe, by_key);
  for (; first != merged.end() && model::CompareKeys(first->value, probe) == 0; ++first) {
    R wanted = first->value;
    bool same = true;
    for (const auto& field : model::Fields<R>()) {
      for (const auto& [name, text] : edit.values) {
        if (name != field.name) continue;
        field.parse(wanted, ForFile(field, text));
        same = same && field.same(wanted, first->value);
      }
    }
    if (same) return true;
  }
  return false;
}

// After the overlay, each changed or new resource has the values that were asked for.
template <class R>
void CheckEffect(const CheckInput& input, const std::vector<Entry<R>>& merged, const Ops& ops,
                 CheckResult& result) {
  auto check = [&](std::size_t edit, const R& probe) {
    if (!Holds(merged, input.edits[edit], probe)) result.wrong.insert(edit);
  };
  for (const auto& op : ops.fields) {
    if (op.entry.kind != model::kKindOf<R>) continue;
    check(op.edit, input.before[op.entry.file].layer.template Of<R>()[op.entry.index].value);
  }
  for (const auto& [key, expected] : AddedBy<R>(ops)) check(expected.second, expected.first);
}

// Nothing in viasync.yaml may change but the variables.
std::optional<base::Error> CheckProject(const CheckInput& input, const BuiltFiles& built,
                                        FileTree& tree) {
  if (!built.files.contains(kProjectFile)) return std::nullopt;
  auto project = LoadProject(input.project.root, tree);
  if (!project) return project.error().front();
  auto same = project->environments.size() == input.project.environments.size();
  for (const auto& [name, environment] : project->environments) {
    auto before = input.project.environments.find(name);
    if (before == input.project.environments.end()) return std::nullopt;
    const auto& variables =
        name == input.environment.name ? built.variables : before->second.variables;
    same = same && environment.variables == variables && environment.org == before->second.org;
  }
  if (same) return std::nullopt;
  return base::Error{.message = "viasync.yaml would not read as before",
                     .hint = "edit the variable by hand",
                     .where = base::SourcePos{kProjectFile, 0, 0}};
}

bool Touches(const BuiltFiles& built, const FileLayer& file) {
  if (built.files.contains(file.path)) return true;
  return std::ranges::any_of(file.layer.csv_files,
                             [&](const auto& csv) { return built.files.contains(csv.first); });
}

}  // namespace

model::ByKind<bool> KindsIn(std::span<const ResourceEdit> edits) {
  model::ByKind<bool> kinds;
  for (const auto& edit : edits) kinds[edit.kind] = true;
  return kinds;
}

CheckResult CheckEdited(const CheckInput& input, const Ops& ops, const BuiltFiles& built) {
  CheckResult result;
  EditedTree tree(input.files, built.files);
  Problems problems(tree);
  result.unclear = CheckProject(input, built, tree);
  bool all = built.files.contains(kProjectFile);  // a variable may stand anywhere
  std::vector<FileLayer> after;
  std::vector<bool> reread;
  std::set<std::string> known;
  for (const auto& file : input.before) {
    known.insert(file.path);
    reread.push_back(all || Touches(built, file));
    auto edit = built.files.find(file.path);
    bool gone = edit != built.files.end() && !edit->second.after;
    if (gone) {
      after.push_back({.path = file.path, .overlay = file.overlay, .layer = {}});
    } else if (reread.back()) {
      after.push_back(
          ReadFileLayer(file.path, file.overlay, input.environment, built.variables, problems));
    } else {
      after.push_back(file);
    }
  }
  for (const auto& [path, edit] : built.files) {
    if (known.contains(path) || path == kProjectFile || path.ends_with(".csv")) continue;
    after.push_back(ReadFileLayer(path, false, input.environment, built.variables, problems));
    reread.push_back(true);
  }
  if (problems.empty()) {
    model::ForEachKind([&]<class R> { CompareKind<R>(input.before, after, reread, ops, result); });
  }
  if (problems.empty() && result.good()) {
    auto merged = MergeLayers(after, KindsIn(input.edits), input.project.manage, problems);
    if (problems.empty()) {
      model::ForEachKind([&]<class R> { CheckEffect<R>(input, merged.Of<R>(), ops, result); });
    }
  }
  if (problems.empty()) return result;
  auto errors = problems.Take();
  for (const auto& error : errors) {
    auto writer = error.where ? built.WriterOf(*error.where) : std::nullopt;
    if (writer) result.faulty.emplace(*writer, error);
  }
  if (result.faulty.empty()) result.unclear = std::move(errors.front());
  return result;
}

}  // namespace viasync::config
