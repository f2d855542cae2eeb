#include "engine/migrate/conflict.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "engine/model/object_types.h"

namespace viasync::migrate {
namespace {

using model::OnConflict;

// How `rules` and the file spell a type: as requests do, where it is one of theirs.
std::string TypeName(std::string_view object) {
  return model::FindObjectType(object).value_or(base::Printable(object));
}

// Double quotes take escapes, so that any name survives (YAML 1.2, 7.3.1).
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (char c : base::Printable(text)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

Conflict ConflictOf(const api::Job& job) {
  Conflict conflict{.object = job.conflict_object, .names = job.conflict_names};
  std::ranges::sort(conflict.names);
  const auto repeats = std::ranges::unique(conflict.names);
  conflict.names.erase(repeats.begin(), repeats.end());
  return conflict;
}

NameAnswer AnswerFor(std::string_view object, const std::string& name,
                     const model::ConflictRules& rules, const model::ImportOptions& options) {
  NameAnswer answer{.name = name, .what = rules.fallback, .rule = "conflicts: default"};
  auto type = rules.types.find(model::TypeKey(object));
  if (type != rules.types.end()) {
    auto renamed = type->second.rename.find(name);
    if (renamed != type->second.rename.end()) {
      answer.what = OnConflict::kSalt;
      answer.new_name = renamed->second;
      answer.rule = "conflicts: " + TypeName(object) + ": rename";
      return answer;
    }
    if (type->second.others) {
      answer.what = *type->second.others;
      answer.rule = "conflicts: " + TypeName(object);
    }
  }
  if (answer.what == OnConflict::kSalt) answer.new_name = model::Salted(name, options);
  return answer;
}

std::variant<Answered, Unanswered> AnswerConflict(const Conflict& conflict,
                                                  const model::ConflictRules& rules,
                                                  const model::ImportOptions& options) {
  Answered answered{.resolution = {.object = conflict.object}};
  Unanswered open{.object = conflict.object};
  auto& resolution = answered.resolution;
  auto type = rules.types.find(model::TypeKey(conflict.object));
  for (const std::string& name : conflict.names) {
    NameAnswer answer = AnswerFor(conflict.object, name, rules, options);
    const bool named = type != rules.types.end() && type->second.rename.contains(name);
    if (named) {
      resolution.changes.emplace_back(name, answer.new_name);
    } else if (answer.what == OnConflict::kStop) {
      open.names.push_back(name);
    } else if (answer.what == OnConflict::kIgnore) {
      resolution.ignore_all = true;
    } else {
      resolution.rename_all = true;
    }
    answered.names.push_back(std::move(answer));
  }
  // A conflict that names nothing: only a rule that asks for no names answers it. Nobody could tell
  // whether a salted name is free.
  if (conflict.names.empty()) {
    const bool by_name = type != rules.types.end() && !type->second.rename.empty();
    const NameAnswer answer = AnswerFor(conflict.object, "", rules, options);
    if (by_name || answer.what != OnConflict::kIgnore) return open;
    resolution.ignore_all = true;
  }
  if (!open.names.empty()) return open;
  if (resolution.rename_all) {
    resolution.salt = options.salt;
    resolution.append = options.append_salt;
  }
  return answered;
}

std::string RuleToAdd(const Unanswered& unanswered) {
  std::string renames;
  for (const std::string& name : unanswered.names) {
    if (!renames.empty()) renames += ", ";
    renames += Quoted(name) + ": " + Quoted(name + "_new");
  }
  const std::string type = TypeName(unanswered.object);
  if (renames.empty()) return fmt::format("conflicts:\n  {}: ignore", type);
  return fmt::format("conflicts:\n  {}: {{rename: {{{}}}}}   # or: ignore, salt", type, renames);
}

}  // namespace viasync::migrate
