#include "engine/config/edit/ops.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "engine/base/strings.h"

namespace viasync::config {
namespace {

using Action = ResourceEdit::Action;
using model::StartOf;

// Where a resource stands, by layer.
struct Target {
  std::vector<EntryRef> base;
  std::vector<EntryRef> overlay;
};

template <class R>
class Planner {
 public:
  Planner(std::span<const FileLayer> layers, std::span<const ResourceEdit> edits, Ops& ops)
      : layers_(layers), edits_(edits), ops_(ops) {}

  void Plan() {
    Locate();
    for (std::size_t i = 0; i < edits_.size(); ++i) {
      if (edits_[i].kind != model::kKindOf<R>) continue;
      auto& target = targets_[i];
      switch (edits_[i].action) {
        case Action::kAdd:
          PlanAdd(i, target);
          break;
        case Action::kUpdate:
          if (Choose(i, target)) PlanUpdate(i, target);
          break;
        case Action::kRemove:
          if (!Choose(i, target)) break;
          for (const auto& ref : target.base) ops_.removed.push_back({i, ref});
          for (const auto& ref : target.overlay) ops_.removed.push_back({i, ref});
          break;
      }
    }
  }

 private:
  const Entry<R>& At(const EntryRef& ref) const {
    return layers_[ref.file].layer.template Of<R>()[ref.index];
  }

  void Refuse(std::size_t edit, std::string message, std::string hint,
              std::optional<base::SourcePos> where = {}) {
    if (!where && !edits_[edit].source.file.empty()) where = PlaceOf(edits_[edit].source);
    ops_.refused.push_back(
        {edit,
         {.message = std::move(message), .hint = std::move(hint), .where = std::move(where)}});
  }

  std::string Name(std::size_t edit) const {
    return std::string(model::KindName(model::kKindOf<R>)) + " " + Quoted(edits_[edit].key);
  }

  void Locate() {
    std::unordered_multimap<std::string, std::size_t> by_key;
    for (std::size_t i = 0; i < edits_.size(); ++i) {
      if (edits_[i].kind != model::kKindOf<R>) continue;
      by_key.emplace(edits_[i].key, i);
      if (!model::InfoOf<R>().several_per_key) continue;
      if (auto key = model::WithoutStart(edits_[i].key)) by_key.emplace(*key, i);
    }
    if (by_key.empty()) return;
    for (std::size_t file = 0; file < layers_.size(); ++file) {
      const auto& entries = layers_[file].layer.template Of<R>();
      for (std::size_t index = 0; index < entries.size(); ++index) {
        auto key = model::KeyOf(entries[index].value);
        auto [first, last] = by_key.equal_range(key);
        for (; first != last; ++first) {
          const auto& edit = edits_[first->second];
          if (edit.key != key && edit.key != model::KeyWithStart(entries[index].value)) continue;
          auto& target = targets_[first->second];
          (layers_[file].overlay ? target.overlay : target.base)
              .push_back({model::kKindOf<R>, file, index});
        }
      }
    }
  }

  // Leaves of several entries of one key the one that is meant, by layer. False: refused.
  bool Choose(std::size_t edit, Target& target) {
    if (target.base.empty() && target.overlay.empty()) {
      Refuse(edit, Name(edit) + " stands in no file", "run it again; the files have changed");
      return false;
    }
    if (target.base.size() < 2 && target.overlay.size() < 2) return true;
    const auto& source = edits_[edit].source;
    std::optional<EntryRef> winner;
    for (const auto* side : {&target.base, &target.overlay}) {
      for (const auto& ref : *side) {
        const auto& at = At(ref).source;
        if (at.file == source.file && at.line == source.line) winner = ref;
      }
    }
    if (!winner) {
      Refuse(edit, Name(edit) + " stands for several entries", "edit the intended one by hand");
      return false;
    }
    const auto& start = *StartOf(At(*winner).value);
    for (auto* side : {&target.base, &target.overlay}) {
      std::erase_if(*side, [&](const EntryRef& ref) {
        bool own_layer = layers_[ref.file].overlay == layers_[winner->file].overlay;
        return own_layer ? ref != *winner : *StartOf(At(ref).value) != start;
      });
    }
    return true;
  }

  void PlanAdd(std::size_t i, const Target& target) {
    const auto& edit = edits_[i];
    if (!target.base.empty() || !target.overlay.empty()) {
      const auto& there = target.base.empty() ? target.overlay.front() : target.base.front();
      if (StartOf(R{}) == nullptr) {
        return Refuse(i, Name(i) + " is declared already", "edit it there",
                      PlaceOf(At(there).source));
      }
    }
    model::Values values;
    values.reserve(edit.values.size());
    for (const auto& [name, value] : edit.values) {
      auto text = ForFile(value, name);
      if (!CheckValue(i, name, text)) return;
      if (!text.empty()) values.emplace_back(name, text);
    }
    // A list without its filter is an error to the reader.
    for (const auto& field : model::Fields<R>()) {
      auto given = [&](const auto& value) { return value.first == field.name; };
      if (field.always_written && std::ranges::none_of(values, given)) {
        values.emplace_back(field.name, "");
      }
    }
    ops_.added.push_back({.edit = i,
                          .kind = edit.kind,
                          .key = edit.key,
                          .values = std::make_shared<const model::Values>(std::move(values))});
  }

  // What is no field is reported by CheckValue.
  static std::string_view ForFile(std::string_view value, std::string_view name) {
    auto fields = model::Fields<R>();
    auto field = std::ranges::find(fields, name, &model::Field<R>::name);
    return field == fields.end() ? value : config::ForFile(*field, value);
  }

  bool CheckValue(std::size_t edit, const std::string& name, std::string_view value) {
    R scratch;
    auto fields = model::Fields<R>();
    auto field = std::ranges::find(fields, name, &model::Field<R>::name);
    if (field == fields.end()) {
      Refuse(edit, Quoted(name) + " is not a field of " + Name(edit),
             "this is a mistake in viasync");
      return false;
    }
    if (!base::IsValidUtf8(value)) {
      Refuse(edit, Quoted(name) + " of " + Name(edit) + " is not UTF-8, so no file can hold it",
             "correct the value in the org");
      return false;
    }
    if (field->parse(scratch, value)) return true;
    Refuse(edit, Quoted(value) + " is not a valid value for " + Quoted(name),
           "correct it in the org");
    return false;
  }

  void PlanUpdate(std::size_t i, const Target& target) {
    auto fields = model::Fields<R>();
    const EntryRef* base = target.base.empty() ? nullptr : &target.base.front();
    const EntryRef* overlay = target.overlay.empty() ? nullptr : &target.overlay.front();
    for (const auto& [name, raw] : edits_[i].values) {
      std::string value(ForFile(raw, name));
      if (!CheckValue(i, name, value)) return;
      auto found = std::ranges::find(fields, name, &model::Field<R>::name);
      auto field = static_cast<std::size_t>(found - fields.begin());
      bool base_gives = base && At(*base).Gives(field);
      const EntryRef& at = overlay && (At(*overlay).Gives(field) || !base) ? *overlay : *base;
      bool beneath = overlay && &at == overlay && base_gives;
      PlanField(i, at, field, std::move(value), beneath && !found->text(At(*base).value).empty());
    }
  }

  // `beneath`: without the field in the overlay, `config/` would give it.
  void PlanField(std::size_t i, const EntryRef& at, std::size_t index, std::string value,
                 bool beneath) {
    const auto& field = model::Fields<R>()[index];
    const auto& entry = At(at);
    R wanted = entry.value;
    if (!field.parse(wanted, value)) return;
    bool empty = value.empty();
    if (entry.Gives(index) ? field.same(wanted, entry.value) : empty) return;
    auto where = PlaceOf(entry.source);
    if (field.key) {
      return Refuse(i, Quoted(field.name) + " is part of what names " + Name(i),
                    "a key never changes in place", where);
    }
    if (empty && field.shape == model::Shape::kCriteria) {
      return Refuse(i, Name(i) + " has no `criteria` in the org any more",
                    "a filter needs a condition: write one, or remove the entry", where);
    }
    bool drop = empty && !field.always_written && !beneath && !IsRow(layers_, at);
    ops_.fields.push_back({i, at, index, std::move(value), drop});
  }

  std::span<const FileLayer> layers_;
  std::span<const ResourceEdit> edits_;
  Ops& ops_;
  std::unordered_map<std::size_t, Target> targets_;  // by edit
};

}  // namespace

Ops PlanOps(std::span<const FileLayer> layers, std::span<const ResourceEdit> edits) {
  Ops ops;
  model::ForEachKind([&]<class R> { Planner<R>(layers, edits, ops).Plan(); });
  return ops;
}

const model::Source& SourceOf(std::span<const FileLayer> layers, const EntryRef& entry) {
  return WithEntries(
      layers[entry.file].layer, entry.kind,
      [&](const auto& entries) -> const model::Source& { return entries[entry.index].source; });
}

bool IsRow(std::span<const FileLayer> layers, const EntryRef& entry) {
  return SourceOf(layers, entry).file.str() != layers[entry.file].path;
}

}  // namespace viasync::config
