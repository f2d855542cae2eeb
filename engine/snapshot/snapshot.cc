#include "engine/snapshot/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "engine/base/strings.h"
#include "engine/snapshot/known_details.h"
#include "engine/snapshot/order.h"

namespace viasync::snapshot {
namespace {

using model::Kind;
using model::Remote;

template <class R>
api::Call<Remote<R>> GetDetails(api::Session& session, std::string id) {
  if constexpr (model::kKindOf<R> == Kind::kList) {
    return api::GetList(session, std::move(id));
  } else {
    return api::GetExclusion(session, std::move(id));
  }
}

template <class R>
api::Call<void> StreamTerse(api::Session& session, api::Receiver<R> to) {
  if constexpr (model::kKindOf<R> == Kind::kList) {
    return api::StreamLists(session, std::move(to));
  } else {
    return api::StreamExclusions(session, std::move(to));
  }
}

// A kind whose collection is terse, while it is read.
template <class R>
struct Terse {
  std::vector<Remote<R>>& items;
  unsigned pass = 0;                // of the walk; details asked for in an earlier one are void
  std::vector<std::string> gone{};  // ids that answered 404 in this pass
};

// A detail GET to be done.
struct Job {
  Kind kind;
  unsigned pass;
  std::size_t index;  // in Terse::items
};

class Taker {
 public:
  Taker(api::Session& session, const Wanted& wanted, const Progress& progress,
        store::DetailCache* cache)
      : session_(session),
        wanted_(wanted),
        progress_(progress),
        workers_max_(2 * session.client().in_flight_max()),
        known_(session, cache) {}

  http::Task<base::Result<Snapshot>> Run() {
    // The longest collection first: its pages keep the line busy while the others answer.
    if (wanted_.exclusions) Begin(ReadExclusions());
    if (wanted_.lists) Begin(ReadLists());
    if (wanted_.filters) Begin(ReadFilters());
    if (wanted_.filters) Begin(ReadSchemas());
    co_await group_.Wait();
    if (!error_ && !TypesHold()) {
      DemandBareLists();
      co_await group_.Wait();
    }
    if (!error_) co_await Settle(exclusions_);
    if (!error_) co_await Settle(lists_);
    if (error_) co_return base::Fail(std::move(*error_));
    if (wanted_.exclusions) known_.Keep(snapshot_.exclusions);
    Finish();
    co_return std::move(snapshot_);
  }

 private:
  void Begin(http::Task<void> walk) {
    ++total_;
    group_.Add(std::move(walk));
  }

  void Step() {
    ++done_;
    if (progress_) progress_(done_, total_);
  }

  template <class T>
  bool Failed(base::Result<T>& result) {
    if (!result && !error_) error_ = std::move(result.error());
    return error_.has_value();
  }

  base::Result<void> GoOn() const {
    if (error_) return base::Fail(*error_);
    return {};
  }

  template <class R>
  bool Owns(const R& value) const {
    return wanted_.manage.For(model::kKindOf<R>).Owns(ManagedName(value));
  }

  bool NeedsDetails(const model::List& list) const {
    return wanted_.all_details || wanted_.list_names.contains(list.name);
  }
  bool NeedsDetails(const model::Exclusion& exclusion) const {
    return wanted_.all_details || wanted_.exclusion_keys.contains(KeyOf(exclusion));
  }

  void Count(const Remote<model::List>& list) { snapshot_.list_names.push_back(list.value.name); }
  void Count(const Remote<model::Exclusion>& exclusion) {
    ++snapshot_.exclusions_listed;
    known_.See(exclusion.id);
  }
  void Uncount(const Terse<model::List>&) {
    snapshot_.list_names.clear();
    bare_.clear();
  }
  void Uncount(const Terse<model::Exclusion>&) {
    snapshot_.exclusions_listed = 0;
    reused_.clear();
    waiting_.clear();
    known_.Restart();
  }

  http::Task<void> ReadSchemas() {
    base::Result<api::Schemas> schemas = co_await api::ListSchemas(session_);
    if (!Failed(schemas)) snapshot_.schemas = std::move(*schemas);
    Step();
  }

  http::Task<void> ReadFilters() {
    api::Receiver<model::Filter> receiver{
        .each = [this](Remote<model::Filter> filter) -> base::Result<void> {
          snapshot_.filter_names.push_back(filter.value.name);
          if (Owns(filter.value))
            snapshot_.filters.push_back(std::move(filter));
          else
            snapshot_.other_criteria.push_back(std::move(filter.value.criteria));
          return GoOn();
        },
        .again =
            [this] {
              snapshot_.filter_names.clear();
              snapshot_.filters.clear();
              snapshot_.other_criteria.clear();
            }};
    base::Result<void> walked = co_await api::StreamFilters(session_, std::move(receiver));
    Failed(walked);
    Step();
  }

  // Of lists that nobody declares it matters alone whether they take a filter. Two questions by
  // type tell that of all of them.
  http::Task<void> ReadLists() {
    co_await ReadTerse(lists_);
    if (error_) co_return;
    constexpr std::size_t kFew = 4;  // no more requests than the two questions and their ends
    if (bare_.size() <= kFew) co_return DemandBareLists();
    for (auto type : {model::ListType::kDynamic, model::ListType::kActiveSort}) {
      api::Receiver<model::List> receiver{
          .each = [this, type](Remote<model::List> list) -> base::Result<void> {
            types_[list.id] = type;
            return GoOn();
          },
          .again = [] {}};
      auto walked = co_await api::StreamListsOfType(session_, type, std::move(receiver));
      if (error_) co_return;
      if (!walked) co_return DemandBareLists();  // an org that takes no such question
    }
    asked_types_ = true;
    for (std::size_t index : bare_) {
      auto type = types_.find(lists_.items[index].id);
      if (type != types_.end()) lists_.items[index].value.type = type->second;
    }
  }

  void DemandBareLists() {
    for (std::size_t index : std::exchange(bare_, {})) Demand(lists_, index);
  }

  // An org that answers by type wrongly shows it on a list whose details were read.
  bool TypesHold() const {
    return !asked_types_ || std::ranges::all_of(lists_.items, [this](const auto& list) {
      return !list.detailed || !model::TakesFilter(list.value.type) || types_.contains(list.id);
    });
  }

  http::Task<void> ReadExclusions() {
    http::Group both;
    both.Add(AskWhatChanged());
    both.Add(ReadTerse(exclusions_));
    co_await both.Wait();
    if (error_ || known_.Holds()) co_return;
    for (std::size_t index : reused_) Demand(exclusions_, index);
  }

  // Goes out beside the first pages; what they list waits for its answer.
  http::Task<void> AskWhatChanged() {
    co_await known_.Ask();
    asked_ = true;
    for (std::size_t index : std::exchange(waiting_, {})) {
      if (!Reuse(exclusions_.items[index], index)) Demand(exclusions_, index);
    }
  }

  template <class R>
  http::Task<void> ReadTerse(Terse<R>& terse) {
    api::Receiver<R> receiver{.each = [this, &terse](Remote<R> item) -> base::Result<void> {
                                Count(item);
                                if (Owns(item.value)) Keep(terse, std::move(item));
                                return GoOn();
                              },
                              .again =
                                  [this, &terse] {
                                    Uncount(terse);
                                    terse.items.clear();
                                    terse.gone.clear();
                                    ++terse.pass;
                                    total_ -= std::erase_if(jobs_, [](const Job& job) {
                                      return job.kind == model::kKindOf<R>;
                                    });
                                  }};
    base::Result<void> walked = co_await StreamTerse<R>(session_, std::move(receiver));
    Failed(walked);
    Step();
  }

  template <class R>
  void Keep(Terse<R>& terse, Remote<R> item) {
    const bool needs_details = NeedsDetails(item.value);
    terse.items.push_back(std::move(item));
    const std::size_t index = terse.items.size() - 1;
    if (!needs_details && model::kKindOf<R> == Kind::kList) bare_.push_back(index);
    if (!needs_details) return;
    if (model::kKindOf<R> == Kind::kExclusion && !asked_) return waiting_.push_back(index);
    if (!Reuse(terse.items[index], index)) Demand(terse, index);
  }

  bool Reuse(Remote<model::List>&, std::size_t) { return false; }
  bool Reuse(Remote<model::Exclusion>& item, std::size_t index) {
    auto details = known_.Find(item);
    if (!details) return false;
    item = std::move(*details);
    reused_.push_back(index);
    return true;
  }

  template <class R>
  void Demand(Terse<R>& terse, std::size_t index) {
    ++total_;
    jobs_.push_back({model::kKindOf<R>, terse.pass, index});
    // The client bounds what is in flight; twice as many keep it supplied.
    if (workers_ < workers_max_) {
      ++workers_;
      group_.Add(Work());
    }
  }

  http::Task<void> Work() {
    while (!error_ && !jobs_.empty()) {
      const Job job = jobs_.front();
      jobs_.pop_front();
      if (job.kind == Kind::kList) {
        co_await FetchDetails(lists_, job);
      } else {
        co_await FetchDetails(exclusions_, job);
      }
      Step();
    }
    --workers_;
  }

  template <class R>
  http::Task<void> FetchDetails(Terse<R>& terse, Job job) {
    const std::string id = terse.items[job.index].id;
    base::Result<Remote<R>> details = co_await GetDetails<R>(session_, id);
    if (job.pass != terse.pass) co_return;
    if (!details && details.error().kind == base::ErrorKind::kNotFound) {
      terse.gone.push_back(id);
      co_return;
    }
    if (Failed(details)) co_return;
    Accept(terse.items[job.index], std::move(*details));
  }

  // The details are the newer truth, even where the key is another one meanwhile.
  template <class R>
  void Accept(Remote<R>& item, Remote<R> details) {
    if (details.id == item.id) {
      item = std::move(details);
      return;
    }
    error_ = base::Error{
        .kind = base::ErrorKind::kProtocol,
        .message = fmt::format("asked for {} {}, the org answered with {}",
                               model::KindName(model::kKindOf<R>), base::Printable(item.id),
                               base::Printable(details.id)),
        .hint =
            "The answer does not follow the API reference; report it to the vendor if it stays"};
  }

  // An item that is listed but answers 404 was deleted in between, or the 404 means something else
  // (rights, an outage) and must not count as a deletion. Another look at the collection tells.
  template <class R>
  http::Task<void> Settle(Terse<R>& terse) {
    if (terse.gone.empty()) co_return;
    const std::unordered_set<std::string> gone(terse.gone.begin(), terse.gone.end());
    std::unordered_set<std::string> listed;
    api::Receiver<R> receiver{.each = [&gone, &listed](Remote<R> item) -> base::Result<void> {
                                if (gone.contains(item.id)) listed.insert(std::move(item.id));
                                return {};
                              },
                              .again = [&listed] { listed.clear(); }};
    base::Result<void> walked = co_await StreamTerse<R>(session_, std::move(receiver));
    if (Failed(walked)) co_return;
    std::erase_if(terse.items, [&](const Remote<R>& item) {
      return gone.contains(item.id) && !listed.contains(item.id);
    });
    for (auto& item : terse.items) {
      if (!listed.contains(item.id)) continue;
      base::Result<Remote<R>> details = co_await GetDetails<R>(session_, item.id);
      if (!details && details.error().kind == base::ErrorKind::kNotFound) {
        details.error().kind = base::ErrorKind::kProtocol;
        details.error().message += "; yet the collection lists it";
        details.error().hint = "Check that the client may read it; nothing was taken for deleted";
      }
      if (Failed(details)) co_return;
      Accept(item, std::move(*details));
    }
  }

  void Finish() {
    for (auto& filter : snapshot_.filters) {
      api::ResolveSchema(filter.value, snapshot_.schemas);
    }
    // Details may have moved an item out of `manage`.
    std::erase_if(snapshot_.exclusions, [this](const auto& item) { return !Owns(item.value); });
    std::erase_if(snapshot_.lists, [this](const auto& item) { return !Owns(item.value); });
    auto by_name = [](const auto& a, const auto& b) {
      return a.value.name != b.value.name ? a.value.name < b.value.name : a.id < b.id;
    };
    std::ranges::sort(snapshot_.filters, by_name);
    std::ranges::sort(snapshot_.lists, by_name);
    std::ranges::sort(snapshot_.exclusions, Before);
    std::ranges::sort(snapshot_.filter_names);
    std::ranges::sort(snapshot_.list_names);
  }

  api::Session& session_;
  const Wanted& wanted_;
  const Progress& progress_;
  const std::size_t workers_max_;

  Snapshot snapshot_;
  Terse<model::Exclusion> exclusions_{.items = snapshot_.exclusions};
  Terse<model::List> lists_{.items = snapshot_.lists};
  std::deque<Job> jobs_;
  std::size_t workers_ = 0;
  std::size_t done_ = 0, total_ = 0;
  KnownDetails known_;
  std::vector<std::size_t> bare_;                           // in snapshot_.lists: without details
  std::unordered_map<std::string, model::ListType> types_;  // by id, of lists that take a filter
  bool asked_types_ = false;
  bool asked_ = false;                // what changed is known, or that it cannot be
  std::vector<std::size_t> waiting_;  // in snapshot_.exclusions: until it is
  std::vector<std::size_t> reused_;   // there, too: with details that were known
  std::optional<base::Error> error_;  // the first one ends everything
  http::Group group_;
};

}  // namespace

http::Task<base::Result<Snapshot>> TakeSnapshot(api::Session& session, Wanted wanted,
                                                Progress progress, store::DetailCache* cache) {
  Taker taker(session, wanted, progress, cache);
  co_return co_await taker.Run();
}

}  // namespace viasync::snapshot
