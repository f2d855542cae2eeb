// The three sides of a reconcile in a few words, what it decided in a few words, and the carrying
// out of it: what apply and pull would leave behind when every write succeeds.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/base/times.h"
#include "engine/model/fields.h"
#include "engine/model/resources.h"
#include "engine/reconcile/reconcile.h"

namespace viasync::fakes {

template <class R>
struct World {
  std::vector<model::Agreed<R>> base;
  std::vector<model::Declared<R>> local;
  std::vector<model::Remote<R>> remote;
  int next_id = 100;
};

inline model::Exclusion Excluded(std::string address, std::string list, std::string reason,
                                 const char* start = nullptr, const char* end = nullptr) {
  model::Exclusion exclusion{.type = model::ContactType::kVoice,
                             .address = std::move(address),
                             .list = list,
                             .reason = reason};
  if (start) exclusion.start = base::ParseTime(start);
  if (end) exclusion.end = base::ParseTime(end);
  return exclusion;
}

template <class R>
model::Remote<R> InOrg(R value, std::string id = "1", std::int64_t version = 7) {
  return {.value = std::move(value), .id = std::move(id), .version = version};
}

inline auto Order(const model::Exclusion& e) { return std::tuple(model::KeyOf(e), e.start); }
inline auto Order(const model::Filter& f) { return f.name; }
inline auto Order(const model::List& l) { return l.name; }

template <class R>
void Sort(World<R>& world) {
  auto order = [](const auto& entry) { return Order(entry.value); };
  std::ranges::stable_sort(world.base, {}, order);
  std::ranges::stable_sort(world.local, {}, order);
  std::ranges::stable_sort(world.remote, {}, order);
}

template <class R>
reconcile::Reconciled<R> Run(const World<R>& world, const reconcile::Rules& rules) {
  return reconcile::Reconcile<R>(world.base, world.local, world.remote, rules);
}

// "push update, pull update, conflict, unmanaged, base=, base-", in that order.
template <class R>
std::string Describe(const reconcile::Reconciled<R>& result) {
  std::string text;
  auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  for (const auto& change : result.changes) {
    add(std::string(DirectionName(change.direction)) + " " +
        std::string(ActionName(change.action)));
  }
  for (std::size_t i = 0; i < result.conflicts.size(); ++i) add("conflict");
  for (std::size_t i = 0; i < result.unmanaged.size(); ++i) add("unmanaged");
  for (const auto& edit : result.base_edits) add(edit.agreed ? "base=" : "base-");
  return text.empty() ? "nothing" : text;
}

template <class R>
std::string StoredKey(const model::Agreed<R>& agreed) {
  if constexpr (std::is_same_v<R, model::Exclusion>) {
    if (agreed.keyed_by_start) return model::KeyWithStart(agreed.value);
  }
  return model::KeyOf(agreed.value);
}

// The base as the store would hold it.
template <class R>
class BaseStore {
 public:
  explicit BaseStore(const std::vector<model::Agreed<R>>& base) {
    for (const auto& agreed : base) records_[StoredKey(agreed)] = agreed;
  }
  void Move(const std::string& key, std::optional<model::Agreed<R>> agreed) {
    if (!agreed) {
      records_.erase(key);
      return;
    }
    agreed->keyed_by_start = key != model::KeyOf(agreed->value);
    records_[key] = std::move(*agreed);
  }
  std::vector<model::Agreed<R>> Read() const {
    std::vector<model::Agreed<R>> base;
    for (const auto& [key, agreed] : records_) base.push_back(agreed);
    return base;
  }

 private:
  std::map<std::string, model::Agreed<R>> records_;
};

template <class R>
void ApplyBaseEdits(World<R>& world, const reconcile::Reconciled<R>& result) {
  BaseStore<R> store(world.base);
  for (const auto& edit : result.base_edits) store.Move(edit.key, edit.agreed);
  world.base = store.Read();
  Sort(world);
}

template <class R>
void Push(World<R>& world, const reconcile::Change& change) {
  auto found = std::ranges::find(world.remote, change.id, &model::Remote<R>::id);
  if (change.action == reconcile::Action::kCreate) {
    REQUIRE(change.id.empty());
    auto value = *model::FromValues<R>(change.after);
    if constexpr (std::is_same_v<R, model::Exclusion>) {
      if (!value.start)
        value.start = base::UtcTime{base::Millis{1'600'000'000'000 + world.next_id}};
    }
    world.remote.push_back(InOrg(value, std::to_string(++world.next_id), 1));
  } else {
    REQUIRE(found != world.remote.end());
    REQUIRE(found->version == change.version);
    REQUIRE(model::ValuesOf(found->value) == change.before);
    if (change.action == reconcile::Action::kDelete) {
      world.remote.erase(found);
    } else {
      found->value = *model::FromValues<R>(change.after);
      ++found->version;
    }
  }
  BaseStore<R> store(world.base);
  std::optional<model::Agreed<R>> agreed;
  if (change.action != reconcile::Action::kDelete) {
    agreed = model::Agreed<R>{.value = *model::FromValues<R>(change.agreed)};
    if (change.agreed_seen != change.agreed)
      agreed->seen = model::FromValues<R>(change.agreed_seen);
  }
  store.Move(change.key, agreed);
  world.base = store.Read();
}

template <class R>
void Pull(World<R>& world, const reconcile::Change& change) {
  auto is_meant = [&](const model::Declared<R>& entry) {
    if constexpr (std::is_same_v<R, model::Exclusion>) {
      if (model::KeyWithStart(entry.value) == change.key) return true;
    }
    return model::KeyOf(entry.value) == change.key;
  };
  auto found = std::ranges::find_if(world.local, is_meant);
  if (change.action == reconcile::Action::kCreate) {
    R value;
    for (const auto& field : change.fields) {
      for (const auto& known : model::Fields<R>()) {
        if (known.name == field.name && field.remote) known.parse(value, *field.remote);
      }
    }
    world.local.push_back({.value = std::move(value)});
    return;
  }
  REQUIRE(found != world.local.end());
  if (change.action == reconcile::Action::kDelete) {
    world.local.erase(found);
    return;
  }
  for (const auto& field : change.fields) {
    for (const auto& known : model::Fields<R>()) {
      if (known.name != field.name) continue;
      known.parse(found->value, field.merged ? *field.merged : field.remote.value_or(""));
    }
  }
}

// Everything that was decided, on all three sides.
template <class R>
void ApplyAll(World<R>& world, const reconcile::Reconciled<R>& result) {
  ApplyBaseEdits(world, result);
  for (const auto& change : result.changes) {
    if (change.direction == reconcile::Direction::kPush)
      Push(world, change);
    else
      Pull(world, change);
  }
  Sort(world);
}

}  // namespace viasync::fakes
