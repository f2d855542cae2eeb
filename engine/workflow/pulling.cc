#include "engine/workflow/pulling.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/edit/edited_tree.h"
#include "engine/config/edit/write_files.h"
#include "engine/model/fields.h"
#include "engine/workflow/same_desired.h"

namespace viasync::workflow {
namespace {

using config::ResourceEdit;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

std::string ValueAfter(const reconcile::FieldChange& field) {
  return field.merged ? *field.merged : field.remote.value_or("");
}

ResourceEdit EditFor(const Change& change, const model::ManageRule& manage) {
  ResourceEdit edit{.kind = change.kind, .key = change.key, .source = change.source};
  if (change.action == Action::kDelete) {
    edit.action = ResourceEdit::Action::kRemove;
    return edit;
  }
  bool adds = change.action == Action::kCreate;
  edit.action = adds ? ResourceEdit::Action::kAdd : ResourceEdit::Action::kUpdate;
  for (const auto& field : change.fields) {
    std::string value = ValueAfter(field);
    // What is left to the UI has no place in the files.
    if (adds && (value.empty() || manage.Ignores(field.name))) continue;
    edit.values.emplace_back(field.name, std::move(value));
  }
  return edit;
}

// What reading the edited files says against writing them.
base::Errors Unreadable(base::Errors errors, const std::string& environment) {
  base::Errors told;
  told.push_back(
      {.kind = base::ErrorKind::kInvalid,
       .message = "nothing was written: with what the org has, the files would be wrong" +
                  (environment.empty() ? "" : " for environment " + environment),
       .hint = "settle what follows in the org or in the files, or leave it out with "
               "`manage`"});
  std::ranges::move(errors, std::back_inserter(told));
  return told;
}

// Loads every other environment before and after: whose desired state changes, and whether one
// would break.
base::Errors CheckOthers(const Repository& repository, config::FileTree& before,
                         config::FileTree& after, std::vector<std::string>& shared) {
  auto project = config::LoadProject(repository.project.root, after);
  if (!project) return project.error();
  for (const auto& [name, environment] : repository.project.environments) {
    if (name == repository.environment.name) continue;
    auto was = config::LoadDesired(repository.project, environment, before);
    if (!was) continue;  // broken already, and not by us
    auto is = config::LoadDesired(*project, project->environments.at(name), after);
    if (!is) return Unreadable(is.error(), name);
    if (!SameDesired(*was, *is)) shared.push_back(name);
  }
  return {};
}

std::expected<Repository, base::Errors> ReadEdited(const Repository& repository,
                                                   config::FileTree& files) {
  auto project = config::LoadProject(repository.project.root, files);
  if (!project) return std::unexpected(Unreadable(project.error(), ""));
  Repository edited{.environment = project->environments.at(repository.environment.name)};
  edited.project = std::move(*project);
  auto desired = config::LoadDesired(edited.project, edited.environment, files, true);
  if (!desired) return std::unexpected(Unreadable(desired.error(), ""));
  edited.desired = std::move(*desired);
  return edited;
}

std::vector<store::Pulled> AuditOf(const PreparedPull& pull) {
  std::vector<store::Pulled> audit;
  for (const auto& [change, places] : pull.items) {
    store::Pulled pulled{.kind = change.kind,
                         .key = change.key,
                         .action = std::string(reconcile::ActionName(change.action)),
                         .org = {std::string(change.modified_by.str()), change.modified_at}};
    for (const auto& field : change.fields) {
      if (field.local && !field.local->empty()) {
        pulled.before.emplace_back(field.name, *field.local);
      }
      std::string after = change.action == Action::kDelete ? "" : ValueAfter(field);
      if (!after.empty()) pulled.after.emplace_back(field.name, std::move(after));
    }
    audit.push_back(std::move(pulled));
  }
  return audit;
}

}  // namespace

std::vector<Change> PullsOf(const plan::Plan& plan, bool also_pushed) {
  std::set<std::pair<model::Kind, std::string>> pushed;
  for (const auto& change : plan.changes) {
    if (change.direction == Direction::kPush && !also_pushed)
      pushed.emplace(change.kind, change.key);
  }
  std::vector<Change> pulls;
  for (const auto& change : plan.changes) {
    if (change.direction != Direction::kPull) continue;
    if (!pushed.contains({change.kind, change.key})) pulls.push_back(change);
  }
  return pulls;
}

std::expected<PreparedPull, base::Errors> PreparePull(const Repository& repository,
                                                      const View& view, const PlanInputs& inputs,
                                                      std::vector<Change> pulls,
                                                      const config::Layout& layout,
                                                      base::UtcTime now) {
  std::vector<ResourceEdit> edits;
  for (const auto& change : pulls) {
    edits.push_back(EditFor(change, repository.project.manage.For(change.kind)));
  }
  auto disk = config::MakeDiskTree(repository.project.root);
  auto edited =
      config::EditRepository(*disk, repository.project, repository.environment, edits, layout);
  if (!edited) return std::unexpected(edited.error());

  PreparedPull pull{.files = std::move(edited->files)};
  config::EditedTree after(*disk, pull.files);
  auto read = ReadEdited(repository, after);
  if (!read) return std::unexpected(read.error());
  if (auto errors = CheckOthers(repository, *disk, after, pull.shared); !errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  auto decided = Decide(*read, view, inputs, now);
  if (!decided) return std::unexpected(decided.error());
  pull.moves = std::move(decided->moves);

  auto refused = edited->refused.begin();
  for (std::size_t i = 0; i < pulls.size(); ++i) {
    if (refused != edited->refused.end() && refused->edit == i) {
      pull.by_hand.push_back({std::move(pulls[i]), std::move(refused->error)});
      ++refused;
    } else {
      pull.items.push_back({std::move(pulls[i]), std::move(edited->places[i])});
    }
  }
  return pull;
}

std::expected<PreparedPull, base::Errors> PreparePullAfterPush(
    const Repository& repository, Org& org, store::Store& store, const PlanInputs& inputs,
    bool had_base, const std::vector<Change>& agreed, const config::Layout& layout) {
  PlanInputs anew = inputs;
  // The push has made a base; what was a first pull is one still.
  if (!had_base) anew.base = BaseSide{};
  auto view = ReadOrg(repository, org, store, anew);
  if (!view) return std::unexpected(view.error());
  const auto now = org.transport->clock().Now();
  auto planned = Decide(repository, *view, anew, now);
  if (!planned) return std::unexpected(planned.error());
  std::set<std::pair<model::Kind, std::string>> wanted;
  for (const auto& change : agreed) wanted.emplace(change.kind, change.key);
  auto pulls = PullsOf(planned->plan, /*also_pushed=*/false);
  std::erase_if(pulls, [&](const Change& change) {
    return !wanted.contains({change.kind, change.key});
  });
  return PreparePull(repository, *view, anew, std::move(pulls), layout, now);
}

base::Result<void> WritePull(const Repository& repository, const PreparedPull& pull,
                             store::Store& store) {
  if (auto written = config::WriteFiles(repository.project.root, pull.files); !written) {
    return written;
  }
  return store.MoveBase(pull.moves, AuditOf(pull));
}

}  // namespace viasync::workflow
