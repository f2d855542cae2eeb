// The base as reconcile wants it: read from the store, typed and sorted; and the way back.
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/project.h"
#include "engine/model/fields.h"
#include "engine/model/manage.h"
#include "engine/model/resources.h"
#include "engine/reconcile/reconcile.h"
#include "engine/store/store.h"

namespace viasync::workflow {

// What was agreed of a kind, base.Of<model::Filter>(), is in the order of model::Compare.
struct BaseSide : model::PerKind<model::AgreedOnes> {
  bool exists = false;        // false: two-way
  std::string from = "none";  // "store", "git <commit>", "none (why)"
  std::string commit;         // in full, where one was asked for
  std::string note;           // for people: which commit it is, or why it does not count
  bool of_files = false;      // by Git
  // By Git: only that it was declared is known. What `arrived` names was in the org, too, as it is
  // there.
  bool declared_only = false;
  std::map<std::pair<model::Kind, std::string>, reconcile::Confirmed> arrived;
  std::vector<model::Agreed<model::Filter>> filters;
  std::vector<model::Agreed<model::Exclusion>> exclusions;
  std::vector<model::Agreed<model::List>> lists;
};

// What the store remembers of everything inside `manage`. Errors: the store's; kIo for a record
// that does not read back.
base::Result<BaseSide> ReadBaseSide(store::Store& store, const model::Manage& manage);

// The base by Git: docs/decisions/0010-git-as-the-base.md.
struct BaseRef {
  std::string ref;     // a commit, or `auto`: the one that was applied last
  bool trust = false;  // all that it declares was in the org
  std::function<void(std::string)> notice;
};

// The files of the environment as of `ref`, with the variables and `manage` of that commit. Where
// the environment was another org in that commit, it is no base. What is known to have arrived:
// all, of the commit that was applied last; else what the store's own base holds.
// Errors: no such commit; what is wrong in its files.
std::expected<BaseSide, base::Errors> ReadBaseRef(const std::string& root,
                                                  const config::Environment& environment,
                                                  store::Store& store, const BaseRef& base_ref);

template <class R>
store::BaseMove ToMove(const reconcile::BaseEdit<R>& edit) {
  store::BaseMove move{.kind = model::kKindOf<R>, .key = edit.key};
  if (!edit.agreed) return move;
  move.record = store::BaseRecord{
      .kind = move.kind, .key = edit.key, .value = model::ValuesOf(edit.agreed->value)};
  if (edit.agreed->seen) move.record->seen = model::ValuesOf(*edit.agreed->seen);
  return move;
}

}  // namespace viasync::workflow
