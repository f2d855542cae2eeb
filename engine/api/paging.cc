// Session::Walk: a collection, page by page, with proof that nothing is missing (notes,
// "Collections and paging"). `lastIndexReturned` is never looked at: it goes away.
//
// Counts alone prove nothing: where one item goes and another comes between two pages, the total
// stays and one item slips through. So every page begins with the last item of the one before it:
// where anything moved across their border, the two do not agree.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/api/decode.h"
#include "engine/api/session.h"
#include "engine/base/strings.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMaxResults = 500;       // asked for; a server may give fewer
constexpr std::int64_t kItemsMax = 20'000'000;  // more is taken for a server gone wrong
constexpr int kPassesMax = 5;
constexpr base::Millis kPassPause{250};  // times the number of passes that failed

// Ids seen in one pass: hashes in an open table, a tenth of what a set of strings takes. Two ids
// that share a hash would make the pass count short, never wrong unnoticed.
class SeenIds {
 public:
  // False: it was there.
  bool Insert(std::string_view id) {
    if (2 * (count_ + 1) > slots_.size()) Grow();
    const std::size_t hash = std::max<std::size_t>(1, std::hash<std::string_view>()(id));
    const bool added = Put(hash);
    count_ += added;
    if (added) digest_ += hash;
    return added;
  }
  std::size_t count() const { return count_; }
  // The same ids, as far as their hashes tell.
  bool SameAs(const SeenIds& other) const {
    return count_ == other.count_ && digest_ == other.digest_;
  }

 private:
  bool Put(std::size_t hash) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      if (slots_[at] == hash) return false;
      if (slots_[at] != 0) continue;
      slots_[at] = hash;
      return true;
    }
  }
  void Grow() {
    auto old = std::exchange(
        slots_, std::vector<std::size_t>(std::max<std::size_t>(64, 2 * slots_.size())));
    for (std::size_t hash : old) {
      if (hash != 0) Put(hash);
    }
  }

  std::vector<std::size_t> slots_;  // 0 = free
  std::size_t count_ = 0, digest_ = 0;
};

struct Page {
  Json body;
  const Json* items = nullptr;  // inside `body`, which must not move while it is used
  std::optional<std::int64_t> total{};
};

// The borders of the pages that were read: which item stood at which index. Every border is seen
// from both its sides, in any order.
class Borders {
 public:
  // False: another item stood there when the page on the other side was read.
  bool See(std::int64_t index, const std::string& id) {
    auto [other, first] = open_.try_emplace(index, id);
    if (first) return true;
    const bool same = other->second == id;
    open_.erase(other);
    return same;
  }

 private:
  std::unordered_map<std::int64_t, std::string> open_;  // seen from one side so far
};

// One attempt to read the whole collection.
struct Pass {
  Session& session;
  const std::string& path;
  const Query& query;
  const std::string& property;
  const std::function<base::Result<void>(const Json&)>& each;
  SeenIds seen{};
  Borders borders{};
  std::optional<std::int64_t> total{};
  std::int64_t page_size = 0;
  std::int64_t next = 0;               // the first item that nobody fetches yet
  std::optional<base::Error> error{};  // ends the walk
  std::string doubt{};                 // why this pass proves nothing; empty = sound so far

  bool Open() const { return !error && doubt.empty(); }
  void Stop(base::Error reason) {
    if (!error) error = std::move(reason);
  }
};

base::Error Broken(const Pass& pass, std::string what) {
  return base::Error{
      .kind = base::ErrorKind::kProtocol,
      .message = fmt::format("GET {}: {}", base::Printable(pass.path), what),
      .hint =
          "The org's answer does not follow the API reference; check base_url of the "
          "environment, and report it to the vendor if it stays"};
}

// Finds the items and the total; fills the pointers of `page`.
base::Result<void> Open(const Pass& pass, Page& page) {
  if (!page.body.is_object()) {
    return base::Fail(
        Broken(pass, fmt::format("the body is {}, not an object", TypeName(page.body))));
  }
  auto items = page.body.find(pass.property);
  if (items == page.body.end()) {
    return base::Fail(Broken(pass, fmt::format("\"{}\" is missing", pass.property)));
  }
  if (!items->is_array()) {
    return base::Fail(
        Broken(pass, fmt::format("\"{}\" is {}, not an array", pass.property, TypeName(*items))));
  }
  page.items = &*items;
  auto total = page.body.find("totalItems");
  if (total == page.body.end() || total->is_null()) return {};
  if (!total->is_number_integer() || *total < 0 || *total > kItemsMax) {
    return base::Fail(Broken(pass, "\"totalItems\" is no count"));
  }
  page.total = total->get<std::int64_t>();
  return {};
}

http::Task<base::Result<Json>> Fetch(Pass& pass, std::int64_t start, std::int64_t count) {
  Query query = pass.query;
  query.emplace_back("startIndex", fmt::format("{}", start));
  query.emplace_back("maxResults", fmt::format("{}", count));
  return pass.session.Get(pass.path, std::move(query));
}

// Where a page was asked for. An overlapping one begins at the last item of the page before it.
struct Place {
  std::int64_t start = 0;
  bool overlaps = false;
};

// Hands over what is new on a page. Returns how many items the page held.
std::int64_t Take(Pass& pass, const Page& page, Place place) {
  if (page.total != pass.total) {
    auto text = [](auto total) { return total ? fmt::format("{}", *total) : std::string("none"); };
    pass.doubt = fmt::format("totalItems moved from {} to {}", text(pass.total), text(page.total));
    return 0;
  }
  std::int64_t index = place.start;
  const std::int64_t end = place.start + static_cast<std::int64_t>(page.items->size());
  for (const Json& item : *page.items) {
    Reader reader(item, "an item of \"" + pass.property + "\"");
    const std::string id = reader.Id();
    auto known = reader.Done(true);
    if (!known) {
      pass.Stop(std::move(known.error()));
      return 0;
    }
    const bool border = (index == place.start && place.overlaps) || index == end - 1;
    if (border && !pass.borders.See(index, id)) {
      pass.doubt = fmt::format("items moved while the pages around {} were read", index);
      return 0;
    }
    ++index;
    if (!pass.seen.Insert(id)) continue;
    auto taken = pass.each(item);
    if (!taken) {
      pass.Stop(std::move(taken.error()));
      return 0;
    }
  }
  if (static_cast<std::int64_t>(pass.seen.count()) > kItemsMax) {
    pass.Stop(Broken(pass, "the collection does not end"));
  }
  return static_cast<std::int64_t>(page.items->size());
}

// Fetches `count` items from `place` on and takes them. Returns how many came; 0 ends.
http::Task<std::int64_t> FetchAndTake(Pass& pass, Place place, std::int64_t count) {
  base::Result<Json> body = co_await Fetch(pass, place.start, count);
  if (!pass.Open()) co_return 0;
  if (!body) {
    pass.Stop(std::move(body.error()));
    co_return 0;
  }
  Page page{.body = std::move(*body)};
  auto opened = Open(pass, page);
  if (!opened) {
    pass.Stop(std::move(opened.error()));
    co_return 0;
  }
  if (place.start == 0) pass.total = page.total;
  co_return Take(pass, page, place);
}

// Fetches items from `start` on, where a page before it has ended, and takes them. Returns how many
// came that lie behind that page; 0 ends.
http::Task<std::int64_t> GoOn(Pass& pass, std::int64_t start, std::int64_t count) {
  // A server that gives single items leaves no room for an overlap: see Confirm.
  if (pass.page_size > 1) {
    const Place place{.start = start - 1, .overlaps = true};
    const std::int64_t came = co_await FetchAndTake(pass, place, count + 1);
    if (came == 0 && pass.Open()) {
      pass.doubt = fmt::format("the item at {} is gone", start - 1);
    }
    if (came != 1 || !pass.Open()) co_return came - 1;
  }
  // Nothing but the overlap: the end, where nothing follows.
  const std::int64_t came = co_await FetchAndTake(pass, {.start = start}, count);
  if (came > 0 && pass.page_size > 1 && pass.Open()) {
    pass.doubt = fmt::format("the page at {} held one item, but more follow", start - 1);
  }
  co_return came;
}

// How far a page reaches beyond the one before it.
std::int64_t Step(const Pass& pass) { return std::max<std::int64_t>(1, pass.page_size - 1); }

// One of several that share the rest of a collection whose size is known. A page that comes short
// is continued where it ended, so that a server may give pages of any size.
http::Task<void> TakeRanges(Pass& pass) {
  while (pass.Open() && pass.next < *pass.total) {
    std::int64_t start = pass.next;
    const std::int64_t end = std::min(start + Step(pass), *pass.total);
    pass.next = end;
    while (pass.Open() && start < end) {
      const std::int64_t came = co_await GoOn(pass, start, end - start);
      if (came <= 0) break;
      start += came;
    }
  }
}

http::Task<void> TakeSideBySide(Pass& pass) {
  const std::int64_t rest = *pass.total - pass.next;
  const std::int64_t pages = (rest + Step(pass) - 1) / Step(pass);
  const auto workers = std::min<std::int64_t>(
      pages, static_cast<std::int64_t>(pass.session.client().in_flight_max()));
  http::Group group;
  for (std::int64_t i = 0; i < workers; ++i) group.Add(TakeRanges(pass));
  co_await group.Wait();
}

// Without a total only an empty page is the end.
http::Task<void> TakeOneByOne(Pass& pass) {
  for (;;) {
    const std::size_t before = pass.seen.count();
    const std::int64_t came = co_await GoOn(pass, pass.next, kMaxResults - 1);
    if (came <= 0 || !pass.Open()) co_return;
    if (pass.seen.count() == before) {
      pass.doubt = fmt::format("the page at {} repeats earlier ones", pass.next);
      co_return;
    }
    pass.next += came;
  }
}

http::Task<void> RunPass(Pass& pass) {
  const std::int64_t came = co_await FetchAndTake(pass, {.start = 0}, kMaxResults);
  if (!pass.Open()) co_return;
  pass.page_size = pass.next = came;
  if (came > 0 && !pass.total) co_await TakeOneByOne(pass);
  if (came > 0 && pass.total && pass.next < *pass.total) co_await TakeSideBySide(pass);
  if (!pass.Open() || !pass.total) co_return;
  const auto listed = static_cast<std::int64_t>(pass.seen.count());
  if (listed != *pass.total) {
    pass.doubt =
        fmt::format("totalItems is {}, but {} different items were listed", *pass.total, listed);
  }
}

// Pages of single items cannot overlap. What slips through between two of them does so because an
// item that was read is gone: a second pass that finds the same items shows that none is.
http::Task<void> Confirm(Pass& pass) {
  if (!pass.Open() || pass.page_size != 1 || pass.seen.count() < 2) co_return;
  const std::function<base::Result<void>(const Json&)> nothing =
      [](const Json&) -> base::Result<void> { return {}; };
  Pass second{.session = pass.session,
              .path = pass.path,
              .query = pass.query,
              .property = pass.property,
              .each = nothing};
  co_await RunPass(second);
  if (second.error) pass.Stop(std::move(*second.error));
  if (!second.doubt.empty()) pass.doubt = std::move(second.doubt);
  if (pass.Open() && !pass.seen.SameAs(second.seen)) pass.doubt = "items came or went";
}

}  // namespace

http::Task<base::Result<void>> Session::Walk(std::string path, Query query, std::string property,
                                             std::function<base::Result<void>(const Json&)> each,
                                             std::function<void()> again) {
  std::string doubt;
  for (int passes = 0; passes < kPassesMax; ++passes) {
    if (passes > 0) {
      co_await http::Sleep(client().transport(), passes * kPassPause);
      if (again) again();
    }
    Pass pass{.session = *this, .path = path, .query = query, .property = property, .each = each};
    co_await RunPass(pass);
    co_await Confirm(pass);
    if (pass.error) co_return base::Fail(std::move(*pass.error));
    if (pass.doubt.empty()) co_return base::Result<void>();
    doubt = std::move(pass.doubt);
  }
  co_return base::Fail(
      base::ErrorKind::kProtocol,
      fmt::format("GET {}: the list of \"{}\" does not add up, {} times in a row: {}",
                  base::Printable(path), property, kPassesMax, doubt),
      "Somebody may be changing it right now: run again in a while. Nothing was counted as "
      "deleted");
}

}  // namespace viasync::api
