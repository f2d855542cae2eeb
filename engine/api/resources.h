// The typed calls of the three declared kinds, and schema definitions. Each returns the org's state
// as it stands in the answer. Errors: as Session's; kProtocol for a body that lacks or mistypes a
// property (says which), or kUnknown where it answers a write. Collections come sorted by key.
#pragma once

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

// Schema names and ids of one org: YAML names the schema, the API wants its id. Of several schemas
// with one name only the first (by id) has it; the others go by "#<id>".
struct Schemas {
  std::map<std::string, std::string> id_by_name;
  std::map<std::string, std::string> name_by_id;
};

template <class T>
using Call = http::Task<base::Result<T>>;

Call<Schemas> ListSchemas(Session& session);

// The id to send for a schema name; "#<id>" is that id, an empty name none. Errors: kInvalid with
// the nearest name there is.
base::Result<std::string> SchemaIdOf(const std::string& name, const Schemas& schemas);

// A collection as it arrives (Session::Walk): `each` per item, `again` when all so far is void. An
// error of `each` ends it.
template <class R>
struct Receiver {
  std::function<base::Result<void>(model::Remote<R>)> each;
  std::function<void()> again;
};
// Filters come with "#<id>" as their schema; ResolveSchema turns it into the name, where it has
// one.
Call<void> StreamFilters(Session& session, Receiver<model::Filter> to);
Call<void> StreamExclusions(Session& session, Receiver<model::Exclusion> to);  // terse
Call<void> StreamLists(Session& session, Receiver<model::List> to);            // terse
Call<void> StreamListsOfType(Session& session, model::ListType type,
                             Receiver<model::List> to);  // terse
// Exclusions last modified within the range; whether the org takes its limits in is not said.
struct TimeRange {
  base::UtcTime from{}, to{};
};
Call<void> StreamModifiedExclusions(Session& session, TimeRange range,
                                    Receiver<model::Exclusion> to);  // terse
void ResolveSchema(model::Filter& filter, const Schemas& schemas);

// Filters (v3). A filter whose schemaId is no schema of the org has the schema name "#<id>".
Call<std::vector<model::Remote<model::Filter>>> ListFilters(Session& session,
                                                            const Schemas& schemas);
Call<model::Remote<model::Filter>> GetFilter(Session& session, std::string id,
                                             const Schemas& schemas);
// By name; empty: no such filter. What settles a POST whose answer was lost.
Call<std::vector<model::Remote<model::Filter>>> FindFilter(Session& session, std::string name,
                                                           const Schemas& schemas);
Call<model::Remote<model::Filter>> CreateFilter(Session& session, model::Filter filter,
                                                const Schemas& schemas);
Call<model::Remote<model::Filter>> PutFilter(Session& session, std::string id, std::int64_t version,
                                             model::Filter filter, const Schemas& schemas);
Call<void> DeleteFilter(Session& session, std::string id);

// Exclusions. List gives terse entries (detailed = false, version 0).
Call<std::vector<model::Remote<model::Exclusion>>> ListExclusions(Session& session);
Call<model::Remote<model::Exclusion>> GetExclusion(Session& session, std::string id);
// Terse entries of that type, address and list (compared here too: a server may ignore a filter).
Call<std::vector<model::Remote<model::Exclusion>>> FindExclusion(Session& session,
                                                                 model::Exclusion key);
// The same for every list; `list` (empty = any) spares the entries of others, but for all lists.
Call<std::vector<model::Remote<model::Exclusion>>> FindAddress(Session& session,
                                                               model::ContactType type,
                                                               std::string address,
                                                               std::string list = {});
// The new id. `exclusion.start` must be set.
Call<std::string> CreateExclusion(Session& session, model::Exclusion exclusion);
Call<void> PutExclusion(Session& session, std::string id, std::int64_t version,
                        model::Exclusion exclusion);
Call<void> DeleteExclusion(Session& session, std::string id);

// Lists. List gives terse entries (name only, detailed = false).
Call<std::vector<model::Remote<model::List>>> ListLists(Session& session);
Call<model::Remote<model::List>> GetList(Session& session, std::string id);
Call<void> PatchList(Session& session, std::string id, std::int64_t version, std::string filter);

}  // namespace viasync::api
