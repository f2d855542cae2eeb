// What can be exported and imported: groups of objects, page by page. The objects have no id, and
// the reference does not say whether `startIndex` and `totalItems` count groups or objects, so the
// walk steps by groups, which is right for both: objects that come twice are dropped by name. An
// empty page is the end, whatever the totals say.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "engine/api/decode.h"
#include "engine/api/jobs.h"
#include "engine/base/strings.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMaxResults = 500;
constexpr std::size_t kObjectsMax = 1'000'000;

// The two collections differ in the names of their properties alone.
struct Shape {
  const char* resource;
  const char* group;
  const char* objects;
};
constexpr Shape kExportable{"exportableItems", "exportableObjectGroup", "exportableObjects"};
constexpr Shape kImportable{"importableItems", "objectGroup", "objects"};

struct Found {
  std::vector<BulkItem> items;
  std::set<std::pair<std::string, std::string>> seen;  // group, name
  std::int64_t groups = 0, objects = 0;                // of the last page
  std::set<std::string> names{};                       // of groups
  Json first{};                                        // what the first page held
};

base::Error Broken(const Shape& shape, std::string what) {
  return base::Error{.kind = base::ErrorKind::kProtocol,
                     .message = fmt::format("the org's {}: {}", shape.resource, what),
                     .hint =
                         "The answer does not follow the API reference; check base_url of the "
                         "environment"};
}

const Json* ArrayOf(const Json& object, const char* name) {
  auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() && found->is_array() ? &*found : nullptr;
}

// `objectNames` is one string of names with commas between; an array is taken as well.
std::vector<std::string> NamesOf(const Json& related) {
  std::vector<std::string> names;
  auto found = related.find("objectNames");
  if (found == related.end()) return names;
  if (found->is_string()) {
    for (std::string_view part : base::Split(found->get_ref<const std::string&>(), ',')) {
      if (auto name = base::Trim(part); !name.empty()) names.emplace_back(name);
    }
  } else if (found->is_array()) {
    for (const Json& name : *found) {
      if (name.is_string()) names.push_back(name.get<std::string>());
    }
  }
  return names;
}

base::Result<BulkItem> ReadItem(const Json& object, const std::string& group) {
  Reader reader(object, "an object of " + base::Printable(group));
  BulkItem item{.group = group,
                .name = reader.Text("objectName"),
                .description = reader.OptionalText("objectDescription")};
  if (const Json* related = ArrayOf(object, "relatedItems")) {
    for (const Json& entry : *related) {
      Reader inner(entry, "a related item");
      ObjectNames names{.type = inner.Text("objectType")};
      auto read = inner.Done(true);
      if (!read) return base::Fail(std::move(read.error()));
      names.names = NamesOf(entry);
      item.related.push_back(std::move(names));
    }
  }
  return reader.Done(std::move(item));
}

base::Result<void> TakePage(const Shape& shape, const Json& body, Found& found) {
  const Json* groups = ArrayOf(body, "objectsTypes");
  if (!groups) return base::Fail(Broken(shape, "there is no array \"objectsTypes\""));
  if (!found.first.is_null() && !groups->empty() && *groups == found.first) {
    return base::Fail(Broken(shape, "every page is the first one: it seems to ignore startIndex"));
  }
  if (found.first.is_null()) found.first = *groups;
  found.groups = found.objects = 0;
  for (const Json& entry : *groups) {
    Reader reader(entry, "a group of objects");
    std::string group = reader.Text(shape.group);
    auto read = reader.Done(true);
    if (!read) return base::Fail(std::move(read.error()));
    ++found.groups;
    found.names.insert(group);
    const Json* objects = ArrayOf(entry, shape.objects);
    if (!objects) continue;
    for (const Json& object : *objects) {
      ++found.objects;
      auto item = ReadItem(object, group);
      if (!item) return base::Fail(std::move(item.error()));
      if (!found.seen.emplace(group, item->name).second) continue;
      found.items.push_back(std::move(*item));
    }
  }
  if (found.items.size() > kObjectsMax) return base::Fail(Broken(shape, "it does not end"));
  return {};
}

std::optional<std::int64_t> NumberOf(const Json& body, const char* name) {
  auto found = body.is_object() ? body.find(name) : body.end();
  if (!body.is_object() || found == body.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

// How far the next page begins behind this one. A server that counts objects says so by where it
// ended; without that word the smaller step is the safe one.
std::int64_t StepOf(const Json& body, const Found& found, std::int64_t start) {
  const bool by_objects =
      found.objects > 0 && NumberOf(body, "lastIndexReturned") == start + found.objects;
  return by_objects ? found.objects : found.groups;
}

Call<std::vector<BulkItem>> ListItems(Session& session, const Shape* shape, Query query) {
  Found found;
  std::int64_t total = 0, groups = 0;
  for (std::int64_t start = 0;;) {
    Query page = query;
    page.emplace_back("startIndex", fmt::format("{}", start));
    page.emplace_back("maxResults", fmt::format("{}", kMaxResults));
    base::Result<Json> body = co_await session.Get(
        session.CampaignPath("v3", fmt::format("jobs/{}", shape->resource)), std::move(page));
    if (!body) co_return base::Fail(std::move(body.error()));
    const std::size_t before = found.seen.size();
    auto taken = TakePage(*shape, *body, found);
    if (!taken) co_return base::Fail(std::move(taken.error()));
    total = std::max(total, NumberOf(*body, "totalItems").value_or(0));
    if (found.groups == 0) break;
    groups += found.groups;
    start += StepOf(*body, found, start);
    // Behind the last object nothing can follow, however the org counts.
    const bool repeats = found.seen.size() == before;
    if (repeats && start > static_cast<std::int64_t>(found.names.size() + found.items.size())) {
      co_return base::Fail(Broken(*shape, "its pages repeat without an end"));
    }
  }
  const auto most = std::max(groups, static_cast<std::int64_t>(found.items.size()));
  if (most >= total) co_return std::move(found.items);
  co_return base::Fail(
      Broken(*shape, fmt::format("totalItems is {}, but only {} came", total, most)));
}

}  // namespace

Call<std::vector<BulkItem>> ListExportable(Session& session) {
  return ListItems(session, &kExportable, {});
}

Call<std::vector<BulkItem>> ListImportable(Session& session, std::string file_name) {
  Query query;
  query.emplace_back("fileName", file_name);
  return ListItems(session, &kImportable, std::move(query));
}

}  // namespace viasync::api
