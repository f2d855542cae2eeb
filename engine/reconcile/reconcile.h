// The three-way decision (docs/glossary.md): base, local and remote in, changes and conflicts out.
// Pure and total: no I/O, never fails; what it cannot decide is a conflict. Output is sorted.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/model/manage.h"
#include "engine/model/resources.h"
#include "engine/reconcile/change.h"

namespace viasync::reconcile {

enum class Prefer { kNeither, kLocal, kRemote };

// A resource as both sides last agreed on it.
struct Confirmed {
  model::Values value;
  std::optional<model::Values> seen;  // the org's form, where it rewrote the value
};

struct Rules {
  bool has_base = false;  // false: two-way, nothing is deleted that is not declared absent
  // What a resource of the base is known to have been in the org; nullptr: that is not known. A
  // base that shows only what was declared may never have arrived: what the org does not have is
  // made, and where an exclusion protects for longer in the files, or a list has no filter in the
  // org, that is sent. A field that is
  // different in the org alone is sent where the org still has what was confirmed, and else is a
  // conflict: nobody knows whether it was edited there or never changed. Null: all arrived.
  std::function<const Confirmed*(const std::string& key)> arrived{};
  // The base is what files declared: of a text that they leave out it does not know what the org
  // had.
  bool base_of_files = false;
  const model::ManageRule* manage = nullptr;  // for `ignore`; nullptr = nothing ignored
  bool prune = false;                         // delete what is neither declared nor in the base
  bool adopt = false;                         // pull what is neither declared nor in the base
  bool exact = false;                // without a base, too, a field that is left out means: empty
  bool revert_drift = false;         // local wins over what only the org changed
  bool merge_texts = true;           // two edits of one criterion become one where they surely can
  Prefer prefer = Prefer::kNeither;  // settles conflicts …
  std::map<std::string, Prefer> prefer_key{};  // … and per key, before `prefer`
};

// What the base becomes without any write: both sides agree already, or neither has it any more.
template <class R>
struct BaseEdit {
  std::string key;                         // as stored
  std::optional<model::Agreed<R>> agreed;  // nullopt = the record goes
};

template <class R>
struct Reconciled {
  std::vector<Change> changes;  // by key; at most one push and one pull per key
  std::vector<Conflict> conflicts;
  std::vector<Unmanaged> unmanaged;
  std::vector<BaseEdit<R>> base_edits;
  std::size_t unchanged = 0;
};

// Requires: each side in the order of model::Compare, and holding only what `manage` owns. Several
// entries of one key are told apart by their start, where their kind has one.
template <class R>
Reconciled<R> Reconcile(std::span<const model::Agreed<R>> base,
                        std::span<const model::Declared<R>> local,
                        std::span<const model::Remote<R>> remote, const Rules& rules);

}  // namespace viasync::reconcile
