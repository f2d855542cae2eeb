// Edits of a repository in memory, told briefly.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/config/desired.h"
#include "engine/config/edit/edit.h"
#include "tests/config/memory_tree.h"

namespace viasync::config {

inline const char* const kTestProject =
    "version: 1\n"
    "environments:\n"
    "  dev: {org: acme-dev, region: us, variables: {min_days: 30, state: AK}}\n"
    "  prod: {org: acme-prod, region: us}\n";

using Action = ResourceEdit::Action;

inline ResourceEdit Update(model::Kind kind, std::string key, model::Values values) {
  return {.action = Action::kUpdate,
          .kind = kind,
          .key = std::move(key),
          .source = {},
          .values = std::move(values)};
}
inline ResourceEdit UpdateFilter(std::string key, model::Values values) {
  return Update(model::Kind::kFilter, std::move(key), std::move(values));
}
inline ResourceEdit RemoveFilter(std::string key) {
  return {.action = Action::kRemove,
          .kind = model::Kind::kFilter,
          .key = std::move(key),
          .source = {},
          .values = {}};
}
inline ResourceEdit Add(model::Kind kind, std::string key, model::Values values) {
  return {.action = Action::kAdd,
          .kind = kind,
          .key = std::move(key),
          .source = {},
          .values = std::move(values)};
}
inline ResourceEdit AddFilter(std::string name, std::string criteria) {
  std::string key = name;
  return Add(model::Kind::kFilter, key,
             {{"name", std::move(name)}, {"criteria", std::move(criteria)}});
}

struct EditRun {
  Files files;  // afterwards
  EditedFiles edited;
  std::string problems;  // of the whole run; empty = none

  std::string refused() const {
    base::Errors errors;
    for (const auto& refusal : edited.refused) errors.push_back(refusal.error);
    return Lines(errors);
  }
};

inline EditRun RunEdits(Files files, const std::vector<ResourceEdit>& edits, Layout layout = {}) {
  files.try_emplace("viasync.yaml", kTestProject);
  MemoryTree tree(files);
  EditRun run{.files = files, .edited = {}, .problems = {}};
  auto project = LoadProject("/repo", tree);
  if (!project) {
    run.problems = Lines(project.error());
    return run;
  }
  auto edited = EditRepository(tree, *project, project->environments.at("dev"), edits, layout);
  if (!edited) {
    run.problems = Lines(edited.error());
    return run;
  }
  run.edited = std::move(*edited);
  for (const auto& [path, edit] : run.edited.files) {
    if (edit.after) {
      run.files[path] = *edit.after;
    } else {
      run.files.erase(path);
    }
  }
  return run;
}

// Of one file, config/a.yaml.
inline EditRun RunEdit(const std::string& text, const std::vector<ResourceEdit>& edits) {
  return RunEdits({{"config/a.yaml", text}}, edits);
}

}  // namespace viasync::config
