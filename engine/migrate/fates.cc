#include "engine/migrate/fates.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/model/object_types.h"

namespace viasync::migrate {
namespace {

using Names = std::set<std::pair<std::string, std::string>>;  // type key, name

// Follows an object through the answers to its conflicts. `had`: the target had one of that name.
void ApplyRounds(const std::vector<Round>& rounds, bool had, ObjectFate& fate) {
  std::string name = fate.name;
  for (const Round& round : rounds) {
    if (!model::SameType(round.conflict.object, fate.type)) continue;
    // It named nothing, and was answered with `ignore` for all.
    if (round.conflict.names.empty() && had) fate.fate = Fate::kIgnored;
    for (const NameAnswer& answer : round.answers) {
      if (answer.name != name) continue;
      fate.fate = answer.new_name.empty() ? Fate::kIgnored : Fate::kRenamed;
      if (!answer.new_name.empty()) name = answer.new_name;
      break;
    }
  }
  if (fate.fate == Fate::kRenamed) fate.new_name = name;
}

// `copy` is `name` with a salt in front or behind.
bool IsSalted(std::string_view copy, std::string_view name) {
  constexpr std::size_t kSaltMax = 4;
  if (copy.size() <= name.size() || copy.size() > name.size() + kSaltMax) return false;
  const bool behind = copy.starts_with(name);
  if (!behind && !copy.ends_with(name)) return false;
  std::string_view salt = copy;
  behind ? salt.remove_prefix(name.size()) : salt.remove_suffix(name.size());
  return model::SaltProblem(salt).empty();
}

// What is new in the target, and neither asked for nor the name that an answer gave.
Names Unexplained(const std::vector<Chosen>& objects, const std::vector<Chosen>& before,
                  const std::vector<Round>& rounds, const Names& after) {
  Names fresh = after;
  for (const Chosen& object : before) fresh.erase({model::TypeKey(object.type), object.name});
  for (const Chosen& object : objects) fresh.erase({model::TypeKey(object.type), object.name});
  for (const Round& round : rounds) {
    for (const NameAnswer& answer : round.answers) {
      fresh.erase({model::TypeKey(round.conflict.object), answer.new_name});
    }
  }
  return fresh;
}

// A copy that nobody's answer explains: the org salted by itself.
void FindCopy(Names& fresh, ObjectFate& fate) {
  const std::string type = model::TypeKey(fate.type);
  auto copy = std::ranges::find_if(fresh, [&](const auto& entry) {
    return entry.first == type && IsSalted(entry.second, fate.name);
  });
  if (copy == fresh.end()) return;
  fate.fate = Fate::kRenamed;
  fate.new_name = copy->second;
  fresh.erase(copy);
}

}  // namespace

std::vector<ObjectFate> FatesOf(const std::vector<Chosen>& objects,
                                const std::vector<Chosen>& before, const Answers& answers,
                                const std::vector<api::BulkItem>& after) {
  Names there;
  for (const api::BulkItem& item : after) there.emplace(model::TypeKey(item.group), item.name);
  Names fresh = Unexplained(objects, before, answers.rounds, there);
  std::vector<ObjectFate> fates;
  for (const Chosen& object : objects) {
    ObjectFate fate{.type = object.type, .name = object.name};
    const bool had = std::ranges::any_of(before, [&](const Chosen& other) {
      return other.type == object.type && other.name == object.name;
    });
    ApplyRounds(answers.rounds, had, fate);
    const std::string& name = fate.new_name.empty() ? fate.name : fate.new_name;
    const bool has = there.contains({model::TypeKey(object.type), name});
    const auto& options = answers.options;
    if (fate.fate != Fate::kIgnored && fate.fate != Fate::kRenamed) {
      const bool left_out = had ? options.insert_only : options.update_all;
      fate.fate = left_out ? Fate::kLeftOut : had ? Fate::kUpdated : Fate::kCreated;
    }
    if (!has && fate.fate != Fate::kIgnored && fate.fate != Fate::kLeftOut) {
      fate.fate = Fate::kMissing;
    }
    if (fate.fate == Fate::kUpdated || fate.fate == Fate::kMissing) FindCopy(fresh, fate);
    fates.push_back(std::move(fate));
  }
  return fates;
}

std::vector<ObjectFate> UnknownFates(const std::vector<Chosen>& objects) {
  std::vector<ObjectFate> fates;
  for (const Chosen& object : objects) fates.push_back({.type = object.type, .name = object.name});
  return fates;
}

}  // namespace viasync::migrate
