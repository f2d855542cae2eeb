// Details of exclusions that an earlier snapshot read, and the proof that they still hold. The org
// is asked which exclusions were modified since; all others keep the details that were read. Times
// are the org's own: the dates of its answers and of its entries. Whether its answer can be trusted
// shows on it: it must name the entries that are known to have been modified last. Where it does
// not, everything is read anew.
//
// To lose nothing the question reaches far back, and so names what an upload wrote in one moment
// again and again. Of those it is asked whether they still bear the time that they had when they
// were read: then nobody has changed them since.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/api/resources.h"
#include "engine/api/session.h"
#include "engine/base/hashed_names.h"
#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/model/resources.h"
#include "engine/store/detail_cache.h"

namespace viasync::snapshot {

class KnownDetails {
 public:
  using Item = model::Remote<model::Exclusion>;

  // A null `cache` knows nothing and keeps nothing.
  KnownDetails(api::Session& session, store::DetailCache* cache);

  // Asks what changed. To be begun before anything else is asked of the org, which may go on beside
  // it; where it gets no good answer, nothing counts as known.
  http::Task<void> Ask();

  // The details of a terse entry, where they are known to hold. After Ask.
  std::optional<Item> Find(const Item& terse);

  // Every entry that the collection lists; Restart where it is read from its start again.
  void See(const std::string& id);
  void Restart();

  // After the collection was read. False: what Find gave must be read after all.
  bool Holds();

  // Keeps the details of a complete snapshot for the next one.
  void Keep(const std::vector<Item>& exclusions);

 private:
  // Entries that one short span of time has written, by its beginning.
  struct Span {
    base::UtcTime from{}, to{};
    std::unordered_set<std::string> ids;
  };
  std::vector<Span> SpansOf(base::UtcTime as_of);
  http::Task<bool> HeedsTimes(base::UtcTime as_of);
  http::Task<void> Reaffirm(base::UtcTime as_of);
  http::Task<base::Result<std::unordered_set<std::string>>> ModifiedWithin(api::TimeRange range,
                                                                           std::size_t most);

  api::Session& session_;
  store::DetailCache* cache_;
  // Something is, the org said what changed, and nothing has spoken against it so far. Where it is
  // not, the cache is filled anew.
  bool known_ = false;
  base::UtcTime until_{};                    // the end of the range that was asked for
  std::unordered_set<std::string> changed_;  // since
  std::unordered_set<std::string> last_;     // ids known to have been modified last
  std::unordered_set<std::string> named_;    // of those: the org named them as changed
  std::unordered_set<std::string> listed_;   // of those: the collection lists them
  // Ids that Find gave. One more would only be read again the next time.
  base::HashedNames used_;
};

}  // namespace viasync::snapshot
