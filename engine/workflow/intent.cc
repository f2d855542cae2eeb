#include "engine/workflow/intent.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace viasync::workflow {
namespace {

using reconcile::Action;
using reconcile::Change;
using reconcile::FieldChange;

// What an environment declares, by the keys that changes have: an exclusion by its key where that
// names one entry, and by its key with the start.
template <class R>
class Declarations {
 public:
  explicit Declarations(std::span<const model::Declared<R>> declared) {
    for (const auto& entry : declared) {
      if (entry.absent) continue;
      auto [known, added] = by_key_.emplace(model::KeyOf(entry.value), &entry.value);
      if (!added) known->second = nullptr;  // several: only the key with the start tells them apart
      const auto* start = model::StartOf(entry.value);
      if (start && *start) by_key_.emplace(model::KeyWithStart(entry.value), &entry.value);
    }
  }

  bool Declares(const std::string& key) const { return by_key_.contains(key); }
  // nullptr: nothing, or more than one.
  const R* Find(const std::string& key) const {
    auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : found->second;
  }

 private:
  std::map<std::string, const R*> by_key_;
};

template <class R>
bool Holds(const model::Field<R>& field, const base::OptionalText& held, const R& meant) {
  // The org's own to fill in, unless it is declared: an exclusion's start.
  if (field.org_fills_in && field.text(meant).empty()) return true;
  R value;
  if (held && !held->empty() && !field.parse(value, *held)) return false;
  return field.same(value, meant);
}

template <class R>
bool IsIntended(const FieldChange& change, const R* first, const R* second) {
  if (first == nullptr || second == nullptr) return false;
  for (const auto& field : model::Fields<R>()) {
    if (field.name == change.name) {
      return Holds(field, change.local, *first) && Holds(field, change.remote, *second);
    }
  }
  return false;
}

}  // namespace

template <class R>
SplitChanges SplitByIntent(std::vector<Change> changes, std::span<const model::Declared<R>> first,
                           std::span<const model::Declared<R>> second) {
  const Declarations<R> one(first), two(second);
  SplitChanges split;
  for (auto& change : changes) {
    if (change.action != Action::kUpdate) {
      const bool made = change.action == Action::kCreate;  // the first org alone holds it
      const bool asked = made ? one.Declares(change.key) && !two.Declares(change.key)
                              : two.Declares(change.key) && !one.Declares(change.key);
      (asked ? split.intended : split.unasked).push_back(std::move(change));
      continue;
    }
    const R *from = one.Find(change.key), *to = two.Find(change.key);
    Change intended = change;
    std::erase_if(intended.fields, [&](const auto& f) { return !IsIntended(f, from, to); });
    std::erase_if(change.fields, [&](const auto& f) { return IsIntended(f, from, to); });
    if (!intended.fields.empty()) split.intended.push_back(std::move(intended));
    if (!change.fields.empty()) split.unasked.push_back(std::move(change));
  }
  return split;
}

namespace {

// Makes the function for each kind, since its template stands here alone.
template <class... R>
constexpr auto ForKinds(model::TypeList<R...>) {
  return std::tuple(&SplitByIntent<R>...);
}
[[gnu::used]] constexpr auto kForKinds = ForKinds(model::Kinds());

}  // namespace

}  // namespace viasync::workflow
