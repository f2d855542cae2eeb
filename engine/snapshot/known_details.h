// Details of exclusions that an earlier snapshot read, and the proof that they still hold (design,
// section 6). The org is asked which exclusions were modified since; all others keep the details
// that were read. Times are the org's own: the dates of its answers and of its entries. Whether its
// answer can be trusted shows on it: it must name the entries that are known to have been modified
// last. Where it does not, everything is read anew.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/api/session.h"
#include "engine/http/task.h"
#include "engine/model/resources.h"
#include "engine/store/detail_cache.h"

namespace viasync::snapshot {

class KnownDetails {
 public:
  using Item = model::Remote<model::Exclusion>;

  // A null `cache` knows nothing and keeps nothing.
  KnownDetails(api::Session& session, store::DetailCache* cache);

  // Asks what changed. To be called before anything else is asked of the org; where it gets no good
  // answer, nothing counts as known.
  http::Task<void> Ask();

  // The details of a terse entry, where they are known to hold.
  std::optional<Item> Find(const Item& terse);

  // Every entry that the collection lists; Restart where it is read from its start again.
  void See(const std::string& id);
  void Restart();

  // After the collection was read. False: what Find gave must be read after all.
  bool Holds();

  // Keeps the details of a complete snapshot for the next one.
  void Keep(const std::vector<Item>& exclusions);

 private:
  api::Session& session_;
  store::DetailCache* cache_;
  // Something is, the org said what changed, and nothing has spoken against it so far. Where it is
  // not, the cache is filled anew.
  bool known_ = false;
  base::UtcTime until_{};                    // the end of the range that was asked for
  std::unordered_set<std::string> changed_;  // since
  std::unordered_set<std::string> last_;     // ids known to have been modified last
  std::size_t listed_ = 0, named_ = 0;       // of those: listed now; and named as changed, too
  std::unordered_set<std::string> used_;     // ids that Find gave
};

}  // namespace viasync::snapshot
