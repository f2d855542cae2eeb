// What answers a name conflict of an import: pure rules.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/api/jobs.h"
#include "engine/model/migration.h"

namespace viasync::migrate {

struct Conflict {
  std::string object;              // as the job reports it
  std::vector<std::string> names;  // as the job reports them

  friend auto operator<=>(const Conflict&, const Conflict&) = default;
};

Conflict ConflictOf(const api::Job& job);

// What becomes of one name.
struct NameAnswer {
  std::string name;
  model::OnConflict what = model::OnConflict::kStop;
  std::string new_name;  // empty = it is ignored, or nothing answers it
  std::string rule;      // what said so: `conflicts: DISPOSITIONS: rename`, `conflicts: default`
};

NameAnswer AnswerFor(std::string_view object, const std::string& name,
                     const model::ConflictRules& rules, const model::ImportOptions& options);

// No rule answers these names.
struct Unanswered {
  std::string object;
  std::vector<std::string> names;
};

struct Answered {
  api::Resolution resolution;
  std::vector<NameAnswer> names;
};

std::variant<Answered, Unanswered> AnswerConflict(const Conflict& conflict,
                                                  const model::ConflictRules& rules,
                                                  const model::ImportOptions& options);

// The lines to put below `migrations: NAME:` (or into the file of --conflicts), ready to be edited:
//
//   conflicts:
//     DISPOSITIONS: {rename: {"ABC": "ABC_new"}}   # or: ignore, salt
std::string RuleToAdd(const Unanswered& unanswered);

}  // namespace viasync::migrate
