#include "engine/workflow/pulling.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/edit/edited_tree.h"
#include "engine/config/edit/together.h"
#include "engine/config/edit/write_files.h"
#include "engine/config/entries.h"
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

ResourceEdit EditFor(const Change& change) {
  ResourceEdit edit{.kind = change.kind, .key = change.key, .source = change.source};
  if (change.action == Action::kDelete) {
    edit.action = ResourceEdit::Action::kRemove;
    return edit;
  }
  bool adds = change.action == Action::kCreate;
  edit.values.reserve(change.fields.size());
  edit.action = adds ? ResourceEdit::Action::kAdd : ResourceEdit::Action::kUpdate;
  for (const auto& field : change.fields) {
    std::string value = ValueAfter(field);
    if (adds && value.empty()) continue;
    edit.values.emplace_back(field.name, std::move(value));
  }
  return edit;
}

// What the edited files would do wrong, said of the change that does it.
base::Error WouldBreak(base::Error error, const std::string& environment) {
  error.kind = base::ErrorKind::kInvalid;
  error.message = "with this change the files would be wrong" +
                  (environment.empty() ? "" : " for environment " + environment) + ": " +
                  error.message;
  error.hint = "settle it in the org or in the files, or leave it out with `manage`";
  return error;
}

// Without the start that tells entries of one key apart.
std::string_view Stem(const Change& change) {
  return model::WithoutStart(change.key).value_or(change.key);
}

// Two changes of one resource, of plans over the same files. Its key may read differently once
// another entry of the same key has come or gone.
bool SameResource(const Change& a, const Change& b) {
  if (a.kind != b.kind) return false;
  if (a.key == b.key) return true;
  if (!a.id.empty() && !b.id.empty()) return a.id == b.id;
  return Stem(a) == Stem(b) && !a.source.file.empty() && a.source.file == b.source.file &&
         a.source.line == b.source.line;
}

// Puts pulls into the files, and proves that afterwards nothing of them is left to do. What cannot
// be written, or does not read back as the org has it, is left to a person; the rest goes on.
class Puller {
 public:
  Puller(const Repository& repository, const View& view, const PlanInputs& inputs,
         std::vector<Change> pulls, const config::Layout& layout, base::UtcTime now)
      : repository_(repository),
        view_(view),
        inputs_(inputs),
        pulls_(std::move(pulls)),
        layout_(layout),
        now_(now),
        disk_(config::MakeDiskTree(repository.project.root)),
        why_(pulls_.size()) {}

  std::expected<PreparedPull, base::Errors> Prepare() {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < pulls_.size(); ++i) all.push_back(i);
    if (Try(all)) {
      // What is wrong without any pull, too, is no single entry's fault.
      if (Try({})) return std::unexpected(std::move(errors_));
      config::TakeTogether(
          {}, std::move(all), [&](const auto& edits) { return Try(edits); },
          [&](std::size_t pull) { return why_[pull].has_value(); },
          [&](std::size_t pull, base::Error why) { why_[pull] = std::move(why); });
      if (!errors_.empty()) return std::unexpected(std::move(errors_));
    }
    for (std::size_t i = 0; i < pulls_.size(); ++i) {
      if (why_[i]) {
        result_.by_hand.push_back({std::move(pulls_[i]), std::move(*why_[i])});
      } else {
        result_.items.push_back({std::move(pulls_[i]), std::move(places_[i])});
      }
    }
    return std::move(result_);
  }

 private:
  // Writes `edits` in memory and looks at what would then be planned.
  std::optional<base::Error> Try(const std::vector<std::size_t>& edits) {
    for (;;) {
      errors_.clear();
      result_ = {};
      std::vector<std::size_t> written;
      if (!Edit(edits, written)) return errors_.front();
      config::EditedTree after(*disk_, result_.files);
      if (auto wrong = CheckEnvironments(after)) return wrong;
      auto decided = Decide(*edited_, view_, inputs_, now_);
      if (!decided) {
        errors_ = std::move(decided.error());
        return WouldBreak(errors_.front(), "");
      }
      if (RefuseUnfinished(decided->plan, written)) continue;
      result_.moves = std::move(decided->moves);
      return std::nullopt;
    }
  }

  // False: the files as they are cannot be read.
  bool Edit(const std::vector<std::size_t>& edits, std::vector<std::size_t>& written) {
    std::vector<std::size_t> tried;
    std::vector<ResourceEdit> resources;
    tried.reserve(edits.size());
    resources.reserve(edits.size());
    for (auto i : edits) {
      if (why_[i]) continue;
      tried.push_back(i);
      resources.push_back(EditFor(pulls_[i]));
    }
    auto edited = config::EditRepository(*disk_, repository_.project, repository_.environment,
                                         resources, layout_);
    if (!edited) {
      errors_ = std::move(edited.error());
      return false;
    }
    for (auto& refusal : edited->refused) why_[tried[refusal.edit]] = std::move(refusal.error);
    places_.assign(pulls_.size(), {});
    for (std::size_t k = 0; k < tried.size(); ++k) {
      if (why_[tried[k]]) continue;
      places_[tried[k]] = std::move(edited->places[k]);
      written.push_back(tried[k]);
    }
    result_.files = std::move(edited->files);
    return true;
  }

  // Loads this environment, then every other one before and after: whose desired state changes, and
  // whether one would break.
  std::optional<base::Error> CheckEnvironments(config::FileTree& after) {
    auto project = config::LoadProject(repository_.project.root, after);
    if (!project) {
      errors_ = std::move(project.error());
      return WouldBreak(errors_.front(), "");
    }
    edited_.emplace(
        Repository{.environment = project->environments.at(repository_.environment.name)});
    edited_->project = std::move(*project);
    auto desired = config::LoadDesired(edited_->project, edited_->environment, after, true);
    if (!desired) {
      errors_ = std::move(desired.error());
      return WouldBreak(errors_.front(), "");
    }
    edited_->desired = std::move(*desired);
    if (result_.files.empty()) return std::nullopt;
    for (const auto& [name, environment] : repository_.project.environments) {
      if (name == repository_.environment.name) continue;
      const auto* was = Before(name, environment);
      if (!was) continue;  // broken already, and not by us
      auto is = config::LoadDesired(edited_->project, edited_->project.environments.at(name), after,
                                    true);
      if (!is) {
        errors_ = std::move(is.error());
        return WouldBreak(errors_.front(), name);
      }
      if (!SameDesired(*was, *is)) result_.shared.push_back(name);
    }
    return std::nullopt;
  }

  const config::Desired* Before(const std::string& name, const config::Environment& environment) {
    auto known = before_.find(name);
    if (known == before_.end()) {
      auto was = config::LoadDesired(repository_.project, environment, *disk_, true);
      known = before_.emplace(name, was ? std::optional(std::move(*was)) : std::nullopt).first;
    }
    return known->second ? &*known->second : nullptr;
  }

  // Takes out what was written and yet is not in step. True: there was something.
  bool RefuseUnfinished(const plan::Plan& plan, const std::vector<std::size_t>& written) {
    if (plan.changes.empty() && plan.conflicts.empty()) return false;
    std::unordered_multimap<std::string, std::size_t> known;
    for (auto i : written) {
      for (auto& name : NamesOf(pulls_[i])) known.emplace(std::move(name), i);
      for (const auto& place : places_[i]) known.emplace(NameOf(place.file, place.line), i);
    }
    bool any = false;
    auto refuse = [&](const Change& left) {
      auto names = NamesOf(left);
      names.push_back(NameOf(left.source.file.str(), left.source.line));
      for (const auto& name : names) {
        auto [first, last] = known.equal_range(name);
        for (; first != last; ++first) {
          auto i = first->second;
          if (why_[i] || !IsLeftOf(i, left)) continue;
          any = true;
          why_[i] = NotInStep(pulls_[i]);
        }
      }
    };
    for (const auto& change : plan.changes) refuse(change);
    for (const auto& conflict : plan.conflicts) refuse(conflict.change);
    return any;
  }

  static std::string NameOf(const std::string& file, int line) {
    return file + ":" + std::to_string(line);
  }
  static std::vector<std::string> NamesOf(const Change& change) {
    std::vector<std::string> names = {"key " + change.key};
    if (!change.id.empty()) names.push_back("id " + change.id);
    return names;
  }

  static base::Error NotInStep(const Change& pull) {
    base::Error error{.kind = base::ErrorKind::kInvalid,
                      .message =
                          "the files would not read as the org has it, so the next plan "
                          "would not be empty",
                      .hint = "correct it in the org, or leave it out with `manage`",
                      .where = {}};
    if (!pull.source.file.empty()) error.where = config::PlaceOf(pull.source);
    return error;
  }

  // True when the change is about what pull `i` has just written.
  bool IsLeftOf(std::size_t i, const Change& left) const {
    const auto& pull = pulls_[i];
    bool made_here = pull.action == Action::kCreate &&
                     std::ranges::any_of(places_[i], [&](const base::SourcePos& place) {
                       return left.kind == pull.kind && place.file == left.source.file.str() &&
                              place.line == left.source.line;
                     });
    if (made_here) return true;
    bool same = left.kind == pull.kind &&
                (left.key == pull.key || (!pull.id.empty() && left.id == pull.id));
    if (!same || pull.action != Action::kUpdate) return same;
    return std::ranges::any_of(pull.fields, [&](const auto& field) {
      // What both sides' edits merged to is still to be pushed.
      if (field.merged && left.direction == Direction::kPush) return false;
      return std::ranges::find(left.fields, field.name, &reconcile::FieldChange::name) !=
             left.fields.end();
    });
  }

  const Repository& repository_;
  const View& view_;
  const PlanInputs& inputs_;
  std::vector<Change> pulls_;
  const config::Layout& layout_;
  base::UtcTime now_;
  std::unique_ptr<config::FileTree> disk_;
  std::vector<std::optional<base::Error>> why_;  // by pull: why a person has to write it
  std::vector<std::vector<base::SourcePos>> places_;
  std::map<std::string, std::optional<config::Desired>> before_;  // by other environment
  std::optional<Repository> edited_;
  PreparedPull result_;
  base::Errors errors_;  // of the last trial, beyond single pulls
};

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

std::vector<Change> PullsOf(const plan::Plan& plan) {
  std::vector<Change> pulls;
  for (const auto& change : plan.changes) {
    if (change.direction == Direction::kPull) pulls.push_back(change);
  }
  return pulls;
}

std::expected<PreparedPull, base::Errors> PreparePull(const Repository& repository,
                                                      const View& view, const PlanInputs& inputs,
                                                      std::vector<Change> pulls,
                                                      const config::Layout& layout,
                                                      base::UtcTime now) {
  return Puller(repository, view, inputs, std::move(pulls), layout, now).Prepare();
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
  auto pulls = PullsOf(planned->plan);
  std::erase_if(pulls, [&](const Change& change) {
    auto same = [&](const Change& other) { return SameResource(change, other); };
    return std::ranges::none_of(agreed, same);
  });
  auto open = std::ranges::stable_partition(pulls, [&](const Change& change) {
    return std::ranges::none_of(planned->plan.changes, [&](const Change& other) {
      return other.direction == Direction::kPush && SameResource(change, other);
    });
  });
  std::vector<Change> put_off(std::make_move_iterator(open.begin()),
                              std::make_move_iterator(open.end()));
  pulls.erase(open.begin(), open.end());
  auto pull = PreparePull(repository, *view, anew, std::move(pulls), layout, now);
  if (pull) pull->put_off = std::move(put_off);
  return pull;
}

base::Result<void> WritePull(const Repository& repository, const PreparedPull& pull,
                             store::Store& store) {
  if (auto written = config::WriteFiles(repository.project.root, pull.files); !written) {
    return written;
  }
  return store.MoveBase(pull.moves, AuditOf(pull));
}

}  // namespace viasync::workflow
