#include "engine/snapshot/known_details.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/api/resources.h"

namespace viasync::snapshot {
namespace {

// An entry may be written a while before it can be read, the clocks of an org's machines differ,
// and one that stamps local times goes back by an hour in autumn.
constexpr std::chrono::minutes kMargin{120};
// The org may take its limits to be outside the range.
constexpr std::chrono::seconds kInside{1};
// The range wants an end. By the org's clock it must lie ahead, which Holds() looks after.
constexpr std::chrono::hours kAhead{366 * 24};
// Which entries must be named; some may have been deleted meanwhile.
constexpr std::size_t kWitnesses = 8;

}  // namespace

KnownDetails::KnownDetails(api::Session& session, store::DetailCache* cache)
    : session_(session), cache_(cache) {}

http::Task<void> KnownDetails::Ask() {
  if (!cache_) co_return;
  session_.ForgetDates();
  auto as_of = cache_->AsOf();
  auto newest = cache_->Newest(kWitnesses);
  auto count = cache_->Count();
  if (!as_of || !newest || !count || !*as_of || newest->empty()) co_return;
  for (const auto& entry : *newest) last_.insert(entry.id);
  const api::TimeRange range{.from = std::min(**as_of - kMargin, newest->back().at - kInside),
                             .to = **as_of + kAhead};
  until_ = range.to;
  api::Receiver<model::Exclusion> receiver{
      .each = [this, most = *count](Item item) -> base::Result<void> {
        changed_.insert(std::move(item.id));
        // More than is known: then nothing is gained by going on.
        if (changed_.size() <= most + kWitnesses) return {};
        return base::Fail(base::ErrorKind::kLimit, "more changed than is known");
      },
      .again = [this] { changed_.clear(); }};
  base::Result<void> asked =
      co_await api::StreamModifiedExclusions(session_, range, std::move(receiver));
  known_ = asked.has_value();
}

std::optional<KnownDetails::Item> KnownDetails::Find(const Item& terse) {
  if (!known_ || changed_.contains(terse.id)) return std::nullopt;
  auto found = cache_->Find(terse.id);
  if (!found) {
    known_ = false;
    return std::nullopt;
  }
  if (!*found || !model::SameKey((*found)->value, terse.value)) return std::nullopt;
  used_.insert(terse.id);
  return std::move(**found);
}

void KnownDetails::See(const std::string& id) {
  if (!last_.contains(id)) return;
  ++listed_;
  named_ += changed_.contains(id);
}

void KnownDetails::Restart() {
  listed_ = named_ = 0;
  used_.clear();
}

bool KnownDetails::Holds() {
  const auto now = session_.EarliestDate();
  const bool proved = known_ && listed_ > 0 && named_ == listed_ && now && *now < until_;
  if (proved) return true;
  known_ = false;
  const bool reused = !used_.empty();
  used_.clear();
  return !reused;
}

void KnownDetails::Keep(const std::vector<Item>& exclusions) {
  const auto as_of = session_.EarliestDate();
  if (!cache_ || !as_of) return;
  store::CacheUpdate update{.anew = !known_, .as_of = *as_of};
  update.changed.assign(changed_.begin(), changed_.end());
  for (const Item& item : exclusions) {
    update.listed.push_back(&item);
    if (item.detailed && !used_.contains(item.id)) update.read.push_back(&item);
  }
  (void)cache_->Save(update);  // without it the next snapshot takes longer, no more
}

}  // namespace viasync::snapshot
