#include "engine/snapshot/known_details.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
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
// A span that lies so far behind the last look is closed: the org stamps no more entries into it.
// Young ones are told by the very moment, since the clock of one machine may lag behind.
constexpr std::chrono::seconds kClosed{2}, kLag{60};
constexpr std::chrono::milliseconds kMoment{1}, kSecond{1000};
// Spans of fewer entries cost no less to ask for than to read.
constexpr std::size_t kSpanMin = 5, kSpansMax = 32;

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
  auto changed = co_await ModifiedWithin(range, *count + kWitnesses);
  if (!changed) co_return;
  changed_ = std::move(*changed);
  for (const auto& id : last_) {
    if (changed_.contains(id)) named_.insert(id);
  }
  co_await Reaffirm(**as_of);
  known_ = true;
}

// Ids of the entries whose last change lies within the range. More than `most` is an error.
http::Task<base::Result<std::unordered_set<std::string>>> KnownDetails::ModifiedWithin(
    api::TimeRange range, std::size_t most) {
  std::unordered_set<std::string> ids;
  api::Receiver<model::Exclusion> receiver{.each = [&ids, most](Item item) -> base::Result<void> {
                                             ids.insert(std::move(item.id));
                                             // More than is known: then nothing is gained by going
                                             // on.
                                             if (ids.size() <= most) return {};
                                             return base::Fail(base::ErrorKind::kLimit,
                                                               "more changed than is known");
                                           },
                                           .again = [&ids] { ids.clear(); }};
  base::Result<void> asked =
      co_await api::StreamModifiedExclusions(session_, range, std::move(receiver));
  if (!asked) co_return base::Fail(std::move(asked.error()));
  co_return ids;
}

// What was named as changed although its known time is over, in the spans that hold most of it.
std::vector<KnownDetails::Span> KnownDetails::SpansOf(base::UtcTime as_of) {
  std::map<std::pair<base::UtcTime, base::UtcTime>, std::unordered_set<std::string>> by_time;
  for (const std::string& id : changed_) {
    auto known = cache_->Find(id);
    if (!known || !*known || !(*known)->modified_at) continue;
    const base::UtcTime at = *(*known)->modified_at;
    const bool old = at + kLag <= as_of;
    const base::UtcTime from = old ? std::chrono::floor<std::chrono::seconds>(at) : at;
    const base::UtcTime to = from + (old ? kSecond : kMoment);
    if (to + kClosed <= as_of) by_time[{from - kMoment, to}].insert(id);
  }
  std::vector<Span> spans;
  for (auto& [time, ids] : by_time) {
    if (ids.size() >= kSpanMin) spans.push_back({time.first, time.second, std::move(ids)});
  }
  std::ranges::stable_sort(spans, std::greater<>(),
                           [](const Span& span) { return span.ids.size(); });
  if (spans.size() > kSpansMax) spans.resize(kSpansMax);
  return spans;
}

// An org that takes no notice of one limit of the range would reaffirm everything: it also finds
// something where there can be nothing.
http::Task<bool> KnownDetails::HeedsTimes(base::UtcTime as_of) {
  constexpr std::chrono::hours kDay{24};
  const base::UtcTime past{}, future = as_of + kAhead;
  for (const base::UtcTime from : {past, future}) {
    auto found = co_await ModifiedWithin({.from = from, .to = from + kDay}, 0);
    if (!found || !found->empty()) co_return false;
  }
  co_return true;
}

http::Task<void> KnownDetails::Reaffirm(base::UtcTime as_of) {
  const std::vector<Span> spans = SpansOf(as_of);
  if (spans.empty()) co_return;
  const bool heeds = co_await HeedsTimes(as_of);
  if (!heeds) co_return;
  for (const Span& span : spans) {
    auto still = co_await ModifiedWithin({.from = span.from, .to = span.to}, changed_.size());
    if (!still) continue;
    for (const std::string& id : span.ids) {
      if (still->contains(id)) changed_.erase(id);
    }
  }
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
  if (last_.contains(id)) listed_.insert(id);
}

void KnownDetails::Restart() {
  listed_.clear();
  used_.clear();
}

bool KnownDetails::Holds() {
  const auto now = session_.EarliestDate();
  const bool all_named =
      std::ranges::all_of(listed_, [this](const std::string& id) { return named_.contains(id); });
  const bool proved = known_ && !listed_.empty() && all_named && now && *now < until_;
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
