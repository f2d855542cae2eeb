// Details of exclusions as an org answered them, kept between runs so that a refresh asks only for
// what changed (snapshot/known_details.h). Only speed depends on it: it may be lost at
// any time. Port; the SQLite implementation is in sqlite_cache.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/model/resources.h"

namespace viasync::store {

using RemoteExclusion = model::Remote<model::Exclusion>;

struct LastModified {
  std::string id;
  base::UtcTime at{};
};

// What a snapshot leaves for the next one.
struct CacheUpdate {
  bool anew = false;                           // what was there is not to be trusted: drop it all
  base::UtcTime as_of{};                       // by the org's clock: every entry was current then
  std::vector<std::string> changed;            // ids that changed; dropped unless among `read`
  std::vector<const RemoteExclusion*> read;    // details that were read anew
  std::vector<const RemoteExclusion*> listed;  // all that the org has of what may be cached
};

// The org's limit on requests, as a run learnt it.
struct KnownRate {
  double per_s = 0;
  base::UtcTime refused_at{};  // by our clock: when the org last refused something for it
};

class DetailCache {
 public:
  virtual ~DetailCache() = default;

  // By the org's clock; nullopt: nothing is known.
  virtual base::Result<std::optional<base::UtcTime>> AsOf() = 0;
  virtual base::Result<std::size_t> Count() = 0;
  // The entries that were modified last, newest first.
  virtual base::Result<std::vector<LastModified>> Newest(std::size_t limit) = 0;
  // nullopt: not known. Errors: kIo, also for an entry that is not as it was written.
  virtual base::Result<std::optional<RemoteExclusion>> Find(const std::string& id) = 0;
  // All or nothing. Nothing where another run saved since this one was opened: its claims rest on
  // other entries. What was read is seen as it was when the cache was opened until then.
  virtual base::Result<void> Save(const CacheUpdate& update) = 0;

  // nullopt: no run learnt any.
  virtual base::Result<std::optional<KnownRate>> Rate() = 0;
  // After Save, or instead of it. The last one counts.
  virtual base::Result<void> KeepRate(const KnownRate& rate) = 0;
};

}  // namespace viasync::store
