#include "engine/snapshot/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/base/sort_indirect.h"
#include "engine/base/strings.h"
#include "engine/snapshot/known_details.h"

namespace viasync::snapshot {
namespace {

using model::Kind;
using model::Remote;

// A collection while it is read; its items are in the snapshot.
template <class R>
struct Reading {
  unsigned pass = 0;                // of the walk; details asked for in an earlier one are void
  std::vector<std::string> gone{};  // ids that answered 404 in this pass
};

// A detail GET to be done.
struct Job {
  Kind kind;
  unsigned pass;
  std::size_t index;  // in the snapshot
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
    // The longest collections first: their pages keep the line busy while the others answer.
    model::ForEachKind([this]<class R> {
      if (api::Calls<R>::kTerse) BeginKind<R>();
    });
    model::ForEachKind([this]<class R> {
      if (!api::Calls<R>::kTerse) BeginKind<R>();
    });
    if (!wanted_.left_out.Of<model::Filter>()) Begin(ReadSchemas());
    co_await group_.Wait();
    if (!error_ && !TypesHold()) {
      DemandBareLists();
      co_await group_.Wait();
    }
    for (Kind kind : model::kKinds) {
      auto settled = model::WithKind(kind, [this]<class R> { return Settle<R>(); });
      co_await settled;
    }
    if (error_) co_return base::Fail(std::move(*error_));
    if (!wanted_.left_out.Of<model::Exclusion>()) known_.Keep(snapshot_.Of<model::Exclusion>());
    Finish();
    co_return std::move(snapshot_);
  }

 private:
  template <class R>
  void BeginKind() {
    if (wanted_.left_out.Of<R>()) return;
    if constexpr (std::is_same_v<R, model::Exclusion>) {
      Begin(ReadExclusions());
    } else if constexpr (std::is_same_v<R, model::List>) {
      Begin(ReadLists());
    } else {
      Begin(ReadCollection<R>());
    }
  }

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

  template <class R>
  bool NeedsDetails(const R& value) const {
    if (!api::Calls<R>::kTerse) return false;
    return wanted_.all_details || wanted_.keys.Of<R>().contains(KeyOf(value));
  }

  template <class R>
  void Count(const Remote<R>& item) {
    ++snapshot_.listed.Of<R>();
    if constexpr (model::KeyedByName<R>) snapshot_.names.Of<R>().push_back(KeyOf(item.value));
    if constexpr (std::is_same_v<R, model::Exclusion>) known_.See(item.id);
  }

  // The collection is read from its start again.
  template <class R>
  void Restart() {
    snapshot_.listed.Of<R>() = 0;
    snapshot_.names.Of<R>().clear();
    snapshot_.Of<R>().clear();
    Reading<R>& reading = readings_.Of<R>();
    reading.gone.clear();
    ++reading.pass;
    total_ -= std::erase_if(jobs_, [](const Job& job) { return job.kind == model::kKindOf<R>; });
    if constexpr (std::is_same_v<R, model::Filter>) snapshot_.other_criteria.clear();
    if constexpr (std::is_same_v<R, model::List>) bare_.clear();
    if constexpr (std::is_same_v<R, model::Exclusion>) {
      reused_.clear();
      waiting_.clear();
      known_.Restart();
    }
  }

  http::Task<void> ReadSchemas() {
    base::Result<api::Schemas> schemas = co_await api::ListSchemas(session_);
    if (!Failed(schemas)) snapshot_.schemas = std::move(*schemas);
    Step();
  }

  // Of lists that nobody declares it matters alone whether they take a filter. Two questions by
  // type tell that of all of them.
  http::Task<void> ReadLists() {
    co_await ReadCollection<model::List>();
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
      auto& list = snapshot_.Of<model::List>()[index];
      auto type = types_.find(list.id);
      if (type != types_.end()) list.value.type = type->second;
    }
  }

  void DemandBareLists() {
    for (std::size_t index : std::exchange(bare_, {})) Demand<model::List>(index);
  }

  // An org that answers by type wrongly shows it on a list whose details were read.
  bool TypesHold() const {
    return !asked_types_ ||
           std::ranges::all_of(snapshot_.Of<model::List>(), [this](const auto& list) {
             return !list.detailed || !model::TakesFilter(list.value.type) ||
                    types_.contains(list.id);
           });
  }

  http::Task<void> ReadExclusions() {
    http::Group both;
    both.Add(AskWhatChanged());
    both.Add(ReadCollection<model::Exclusion>());
    co_await both.Wait();
    if (error_ || known_.Holds()) co_return;
    for (std::size_t index : reused_) Demand<model::Exclusion>(index);
  }

  // Goes out beside the first pages; what they list waits for its answer.
  http::Task<void> AskWhatChanged() {
    co_await known_.Ask();
    asked_ = true;
    for (std::size_t index : std::exchange(waiting_, {})) {
      if (!Reuse(snapshot_.Of<model::Exclusion>()[index], index)) Demand<model::Exclusion>(index);
    }
  }

  template <class R>
  http::Task<void> ReadCollection() {
    api::Receiver<R> receiver{.each = [this](Remote<R> item) -> base::Result<void> {
                                Count(item);
                                if (Owns(item.value)) {
                                  Keep(std::move(item));
                                } else if constexpr (std::is_same_v<R, model::Filter>) {
                                  snapshot_.other_criteria.push_back(item.value.criteria);
                                }
                                return GoOn();
                              },
                              .again = [this] { Restart<R>(); }};
    base::Result<void> walked = co_await api::Calls<R>::Stream(session_, std::move(receiver));
    Failed(walked);
    Step();
  }

  template <class R>
  void Keep(Remote<R> item) {
    const bool needs_details = NeedsDetails(item.value);
    auto& items = snapshot_.Of<R>();
    items.push_back(std::move(item));
    const std::size_t index = items.size() - 1;
    if (!needs_details && model::kKindOf<R> == Kind::kList) bare_.push_back(index);
    if (!needs_details) return;
    if (model::kKindOf<R> == Kind::kExclusion && !asked_) return waiting_.push_back(index);
    if (!Reuse(items[index], index)) Demand<R>(index);
  }

  template <class R>
  bool Reuse(Remote<R>&, std::size_t) {
    return false;
  }
  bool Reuse(Remote<model::Exclusion>& item, std::size_t index) {
    auto details = known_.Find(item);
    if (!details) return false;
    item = std::move(*details);
    reused_.push_back(index);
    return true;
  }

  template <class R>
  void Demand(std::size_t index) {
    ++total_;
    jobs_.push_back({model::kKindOf<R>, readings_.Of<R>().pass, index});
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
      auto fetched = model::WithKind(job.kind, [&]<class R> { return FetchDetails<R>(job); });
      co_await fetched;
      Step();
    }
    --workers_;
  }

  template <class R>
  http::Task<void> FetchDetails(Job job) {
    const std::string id = snapshot_.Of<R>()[job.index].id;
    base::Result<Remote<R>> details = co_await api::Calls<R>::Get(session_, id);
    if (job.pass != readings_.Of<R>().pass) co_return;
    if (!details && details.error().kind == base::ErrorKind::kNotFound) {
      readings_.Of<R>().gone.push_back(id);
      co_return;
    }
    if (Failed(details)) co_return;
    Accept(snapshot_.Of<R>()[job.index], std::move(*details));
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
  http::Task<void> Settle() {
    const auto& ids = readings_.Of<R>().gone;
    if (error_ || ids.empty()) co_return;
    auto& items = snapshot_.Of<R>();
    const std::unordered_set<std::string> gone(ids.begin(), ids.end());
    std::unordered_set<std::string> listed;
    api::Receiver<R> receiver{.each = [&gone, &listed](Remote<R> item) -> base::Result<void> {
                                if (gone.contains(item.id)) listed.insert(std::move(item.id));
                                return {};
                              },
                              .again = [&listed] { listed.clear(); }};
    base::Result<void> walked = co_await api::Calls<R>::Stream(session_, std::move(receiver));
    if (Failed(walked)) co_return;
    std::erase_if(items, [&](const Remote<R>& item) {
      return gone.contains(item.id) && !listed.contains(item.id);
    });
    for (auto& item : items) {
      if (!listed.contains(item.id)) continue;
      base::Result<Remote<R>> details = co_await api::Calls<R>::Get(session_, item.id);
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
    model::ForEachKind([this]<class R> {
      auto& items = snapshot_.Of<R>();
      for (auto& item : items) api::Calls<R>::Resolve(item.value, snapshot_.schemas);
      // Details may have moved an item out of `manage`.
      std::erase_if(items, [this](const auto& item) { return !Owns(item.value); });
      base::SortIndirect(items, [](const auto& a, const auto& b) {
        const auto order = model::Compare(a.value, b.value);
        return order != 0 ? order < 0 : a.id < b.id;
      });
      std::ranges::sort(snapshot_.names.Of<R>());
    });
  }

  api::Session& session_;
  const Wanted& wanted_;
  const Progress& progress_;
  const std::size_t workers_max_;

  Snapshot snapshot_;
  model::PerKind<Reading> readings_;
  std::deque<Job> jobs_;
  std::size_t workers_ = 0;
  std::size_t done_ = 0, total_ = 0;
  KnownDetails known_;
  std::vector<std::size_t> bare_;                           // lists without details
  std::unordered_map<std::string, model::ListType> types_;  // by id, of lists that take a filter
  bool asked_types_ = false;
  bool asked_ = false;                // what changed is known, or that it cannot be
  std::vector<std::size_t> waiting_;  // exclusions: until it is
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
