// Calls<R>: what snapshot and apply ask of a declared kind, under the same names for each. One
// specialisation per kind stands beside the file that sends its calls (filters.h, exclusions.h,
// lists.h); resources.h brings in all of them.
//
// Errors of all calls: as Session's; kProtocol for a body that lacks or mistypes a property (says
// which), or kUnknown where it answers a write.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/api/session.h"
#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/model/resources.h"

namespace viasync::api {

template <class T>
using Call = http::Task<base::Result<T>>;

// Schema names and ids of one org: YAML names the schema, the API wants its id. Of several schemas
// with one name only the first (by id) has it; the others go by "#<id>".
struct Schemas {
  std::map<std::string, std::string> id_by_name;
  std::map<std::string, std::string> name_by_id;
};
Call<Schemas> ListSchemas(Session& session);

// The id to send for a schema name; "#<id>" is that id, an empty name none. Errors: kInvalid with
// the nearest name there is.
base::Result<std::string> SchemaIdOf(const std::string& name, const Schemas& schemas);

// Where a call goes, and what the names of that org stand for. Both must outlive the call.
struct Target {
  Session& session;
  const Schemas& schemas;
  Target(Session& session, const Schemas& schemas) : session(session), schemas(schemas) {}
  // For kinds that name no schema.
  Target(Session& session) : Target(session, None()) {}  // NOLINT: a session is all that they need
 private:
  static const Schemas& None();
};

// A collection as it arrives (Session::Walk): `each` per item, `again` when all so far is void. An
// error of `each` ends it.
template <class R>
struct Receiver {
  std::function<base::Result<void>(model::Remote<R>)> each;
  std::function<void()> again;
};

// One for each kind:
//   bool kTerse                        the collection lacks details: its items are not `detailed`
//   Call<void>      Stream(target, Receiver<R>)
//   Call<Remote<R>> Get(target, id)                      with details
//   Call<vector<…>> Find(target, R)                      whatever answers to its key, with details;
//                                                        settles a POST whose answer was lost
//   Call<Remote<R>> Create(target, R)                    as the answer shows it; not `detailed`:
//   Call<Remote<R>> Update(target, id, version, R)       the answer shows its id at most
//   Call<void>      Delete(target, id)
//   void            Resolve(R&, schemas)                 turns ids of a streamed item into names
// Create and Delete only as far as KindInfo says that the API has them.
template <class R>
struct Calls;

// What most kinds have no use for.
struct CallDefaults {
  template <class R>
  static void Resolve(R&, const Schemas&) {}
};

// By key, then id.
template <class R>
void SortByKey(std::vector<model::Remote<R>>& all) {
  std::ranges::sort(all, [](const auto& a, const auto& b) {
    const auto order = model::CompareKeys(a.value, b.value);
    return order != 0 ? order < 0 : a.id < b.id;
  });
}

// The whole collection, by key, then id.
template <class R>
Call<std::vector<model::Remote<R>>> Collection(Target target) {
  std::vector<model::Remote<R>> all;
  Receiver<R> receiver{.each = [&all](model::Remote<R> item) -> base::Result<void> {
                         all.push_back(std::move(item));
                         return {};
                       },
                       .again = [&all] { all.clear(); }};
  base::Result<void> walked = co_await Calls<R>::Stream(target, std::move(receiver));
  if (!walked) co_return base::Fail(std::move(walked.error()));
  for (auto& item : all) Calls<R>::Resolve(item.value, target.schemas);
  SortByKey(all);
  co_return all;
}

}  // namespace viasync::api
