// Session::Walk: a collection, page by page, with proof that nothing is missing (notes,
// "Collections and paging"). `lastIndexReturned` is never looked at: it goes away.
//
// Counts alone prove nothing: where one item goes and another comes between two pages, the total
// stays and one item slips through. So every page begins with the last item of the one before it:
// where anything moved across their border, the two do not agree.
//
// `totalItems` is a hint of how many pages to ask for at once, no more: it may count the page, or
// be too small, or be missing. The end of a collection is an empty page behind its last item.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "engine/api/decode.h"
#include "engine/api/paging_marks.h"
#include "engine/api/session.h"
#include "engine/base/strings.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMaxResults = 500;       // asked for; a server may give fewer
constexpr std::int64_t kItemsMax = 20'000'000;  // more is taken for a server gone wrong
constexpr int kPassesMax = 5;
constexpr base::Millis kPassPause{250};  // times the number of passes that failed

struct Page {
  Json body;
  const Json* items = nullptr;  // inside `body`, which must not move while it is used
  std::optional<std::int64_t> total{};
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
  // Of the collection, while every answer bears it out; nullopt from the first that does not.
  std::optional<std::int64_t> total{};
  std::int64_t claimed = 0;  // the largest total of any page: fewer items are not all
  std::string first{};       // the id of the first item
  std::int64_t page_size = 0;
  std::int64_t next = 0;               // the first item that nobody fetches yet
  std::int64_t limit = 0;              // where fetching side by side stops for now
  std::int64_t reached = 0;            // behind the last item that came
  std::optional<std::int64_t> end{};   // where the first empty page began
  std::optional<base::Error> error{};  // ends the walk
  std::string doubt{};                 // why this pass proves nothing; empty = sound so far

  bool Open() const { return !error && doubt.empty(); }
  void Stop(base::Error reason) {
    if (!error) error = std::move(reason);
  }
  void Doubt(std::string reason) {
    if (doubt.empty()) doubt = std::move(reason);
  }
  void EndAt(std::int64_t index) { end = std::min(index, end.value_or(index)); }
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
    return base::Fail(Broken(pass, "\"totalItems\" is not a count"));
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

// What a page's total is worth. One that is smaller than what the page shows to be there, or that
// is missing, does not count the collection: from then on the walk does without.
void CheckTotal(Pass& pass, const Page& page, Place place) {
  pass.claimed = std::max(pass.claimed, page.total.value_or(0));
  if (place.start == 0) pass.total = page.total;
  if (!pass.total) return;
  const auto count = static_cast<std::int64_t>(page.items->size());
  const std::int64_t shown = count > 0 ? place.start + count : std::min<std::int64_t>(1, pass.next);
  if (!page.total || *page.total < shown) {
    pass.total.reset();
  } else if (*page.total != *pass.total) {
    pass.Doubt(fmt::format("totalItems moved from {} to {}", *pass.total, *page.total));
  }
}

// Hands over what is new on a page. Returns how many items the page held.
std::int64_t Take(Pass& pass, const Page& page, Place place) {
  CheckTotal(pass, page, place);
  if (!pass.Open()) return 0;
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
    if (index == 0) pass.first = id;
    if (index == place.start && index > 0 && id == pass.first) {
      pass.Doubt(
          fmt::format("the page at {} is the first one again: the org seems to ignore "
                      "startIndex",
                      index));
      return 0;
    }
    const bool border = (index == place.start && place.overlaps) || index == end - 1;
    if (border && !pass.borders.See(index, id)) {
      pass.Doubt(fmt::format("items moved while the pages around {} were read", index));
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
  pass.reached = std::max(pass.reached, end == place.start ? 0 : end);
  if (static_cast<std::int64_t>(pass.seen.count()) > kItemsMax) {
    pass.Stop(Broken(pass, "the collection does not end"));
  }
  return static_cast<std::int64_t>(page.items->size());
}

// Fetches `count` items from `start` on. False: the walk has ended.
http::Task<bool> FetchPage(Pass& pass, std::int64_t start, std::int64_t count, Page& page) {
  base::Result<Json> body = co_await Fetch(pass, start, count);
  if (!pass.Open()) co_return false;
  if (!body) {
    pass.Stop(std::move(body.error()));
    co_return false;
  }
  page.body = std::move(*body);
  auto opened = Open(pass, page);
  if (!opened) pass.Stop(std::move(opened.error()));
  co_return opened.has_value();
}

// Fetches `count` items from `place` on and takes them. Returns how many came; 0 ends.
http::Task<std::int64_t> FetchAndTake(Pass& pass, Place place, std::int64_t count) {
  Page page;
  const bool fetched = co_await FetchPage(pass, place.start, count, page);
  if (!fetched) co_return 0;
  co_return Take(pass, page, place);
}

// Fetches items from `start` on, where a page before it has ended, and takes them. Returns how many
// came that lie behind that page; 0 ends, and where the page was empty the pass knows its end.
http::Task<std::int64_t> GoOn(Pass& pass, std::int64_t start, std::int64_t count) {
  // A server that gives single items leaves no room for an overlap: see Confirm.
  if (pass.page_size > 1) {
    const Place place{.start = start - 1, .overlaps = true};
    const std::int64_t came = co_await FetchAndTake(pass, place, count + 1);
    if (came == 0 && pass.Open()) pass.EndAt(start - 1);
    if (came != 1 || !pass.Open()) co_return came - 1;
  }
  // Nothing but the overlap: the end, where nothing follows.
  const std::int64_t came = co_await FetchAndTake(pass, {.start = start}, count);
  if (!pass.Open()) co_return 0;
  if (came == 0) pass.EndAt(start);
  if (came > 0 && pass.page_size > 1) {
    pass.Doubt(fmt::format("the page at {} held one item, but more follow", start - 1));
  }
  co_return came;
}

// How far a page reaches beyond the one before it.
std::int64_t Step(const Pass& pass) { return std::max<std::int64_t>(1, pass.page_size - 1); }

// One of several that share the items up to the limit. A page that comes short is continued where
// it ended, so that a server may give pages of any size.
http::Task<void> TakeRanges(Pass& pass) {
  while (pass.Open() && !pass.end && pass.next < pass.limit) {
    std::int64_t start = pass.next;
    const std::int64_t end = std::min(start + Step(pass), pass.limit);
    pass.next = end;
    while (pass.Open() && start < end) {
      const std::int64_t came = co_await GoOn(pass, start, end - start);
      if (came <= 0) break;
      start += came;
    }
  }
}

// Everything from `next` to `limit`.
http::Task<void> TakeSideBySide(Pass& pass) {
  const std::int64_t pages = (pass.limit - pass.next + Step(pass) - 1) / Step(pass);
  const auto workers = std::min<std::int64_t>(
      pages, static_cast<std::int64_t>(pass.session.client().in_flight_max()));
  http::Group group;
  for (std::int64_t i = 0; i < workers; ++i) group.Add(TakeRanges(pass));
  co_await group.Wait();
}

// The end is not known: more and more pages side by side, until one is empty.
http::Task<void> TakeToTheEnd(Pass& pass) {
  const auto pages_max = static_cast<std::int64_t>(pass.session.client().in_flight_max());
  for (std::int64_t pages = 1; pass.Open() && !pass.end; pages = std::min(2 * pages, pages_max)) {
    const std::size_t before = pass.seen.count();
    const std::int64_t from = pass.next;
    pass.limit = pass.next + pages * Step(pass);
    co_await TakeSideBySide(pass);
    if (!pass.end && pass.seen.count() == before) {
      pass.Doubt(fmt::format("the page at {} repeats earlier ones", from));
    }
  }
}

// All that the total promised has come. An empty page behind it shows that it was right; where the
// page is not empty, or says that totals count something else, the end has yet to be found.
http::Task<void> ProveEnd(Pass& pass) {
  const std::int64_t start = pass.next;
  Page page;
  const bool fetched = co_await FetchPage(pass, start, kMaxResults, page);
  if (!fetched) co_return;
  CheckTotal(pass, page, {.start = start});
  if (!pass.Open() || (pass.total && page.items->empty())) co_return;
  pass.total.reset();
  co_await TakeToTheEnd(pass);
}

http::Task<void> RunPass(Pass& pass) {
  const std::int64_t came = co_await FetchAndTake(pass, {.start = 0}, kMaxResults);
  if (!pass.Open()) co_return;
  pass.page_size = pass.next = came;
  pass.limit = pass.total.value_or(0);
  if (came > 0 && pass.next < pass.limit) co_await TakeSideBySide(pass);
  auto listed = [&] { return static_cast<std::int64_t>(pass.seen.count()); };
  if (came > 0 && pass.Open() && listed() >= pass.claimed) {
    if (pass.total) {
      co_await ProveEnd(pass);
    } else {
      co_await TakeToTheEnd(pass);
    }
  }
  if (!pass.Open()) co_return;
  if (pass.end && pass.reached > *pass.end) {
    pass.Doubt(fmt::format("the page at {} was empty, but more follow", *pass.end));
  } else if (listed() < pass.claimed) {
    pass.Doubt(fmt::format("totalItems is {}, but {} different items were listed", pass.claimed,
                           listed()));
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
  if (!second.doubt.empty()) pass.Doubt(std::move(second.doubt));
  if (pass.Open() && !pass.seen.SameAs(second.seen)) pass.Doubt("items came or went");
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
