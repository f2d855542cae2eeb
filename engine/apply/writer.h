// Writer: one resource kind as apply sees it: text values in, API calls out. The only place where
// apply knows kinds apart.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/resources.h"
#include "engine/api/session.h"
#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/model/resources.h"
#include "engine/reconcile/change.h"
#include "engine/store/store.h"

namespace viasync::apply {

// A resource as the org holds it now.
struct Current {
  std::string id;
  std::int64_t version = 0;
  model::Values values;
  store::OrgAuthor author{};  // who changed it last
};

// What becomes of an update whose version has moved: docs/safety.md, on 409.
struct Rebased {
  enum class Verdict {
    kGoOn,      // the org changed elsewhere: `after` carries our fields on top of the new state
    kAlready,   // the org holds what we wanted
    kConflict,  // the same field was changed differently: `fields`
  } verdict;
  model::Values after{};
  std::vector<reconcile::FieldChange> fields{};  // in conflict, or merged
};

class Writer {
 public:
  virtual ~Writer() = default;

  // nullopt: it does not exist.
  virtual http::Task<base::Result<std::optional<Current>>> Read(std::string id) = 0;
  // Whatever answers to the key of `values`.
  virtual http::Task<base::Result<std::vector<Current>>> Find(model::Values values) = 0;
  // The values the org's answer shows; nullopt where it shows none. Errors as api::Session::Write.
  virtual http::Task<base::Result<std::optional<model::Values>>> Create(model::Values values) = 0;
  virtual http::Task<base::Result<std::optional<model::Values>>> Update(std::string id,
                                                                        std::int64_t version,
                                                                        model::Values values) = 0;
  virtual http::Task<base::Result<void>> Delete(std::string id) = 0;

  // Equal by meaning, in every field.
  virtual bool Same(const model::Values& a, const model::Values& b) const = 0;
  virtual bool SameField(const std::string& field, const model::Values& a,
                         const model::Values& b) const = 0;
  // `before`: what the write was decided on; `after`: what it intends; `now`: what the org holds.
  // `merge`: two edits of one text that surely do not meet become one; else they are a conflict.
  virtual Rebased Rebase(const model::Values& before, const model::Values& after,
                         const Current& now, bool merge) const = 0;
};

// Requires: session and schemas outlive the writer.
std::unique_ptr<Writer> MakeWriter(model::Kind kind, api::Session& session,
                                   const api::Schemas& schemas);

}  // namespace viasync::apply
