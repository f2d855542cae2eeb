// A request and its answer without any HTTP library, and the checks every resource shares: query
// parameters, bodies, paging. Every broken rule of a request is collected and answered in one 400.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ports.h"
#include "engine/sandbox/json_writer.h"
#include "engine/sandbox/org.h"
#include "engine/sandbox/sandbox_options.h"

namespace viasync::sandbox {

struct Call {
  std::string method;
  std::optional<std::string> id;  // of the item; none = the collection
  std::string sub{};              // what follows the id: "records", "start"; empty = nothing
  std::multimap<std::string, std::string> params;
  std::string content_type;
  std::string body;
  std::string user;              // who the token belongs to
  std::string host{};            // by which name the server was reached
  std::string client_session{};  // the header via-client-sessionid; empty = none
  base::UtcTime now{};
  Settings settings;
};

struct Answer {
  int status = 200;
  std::string body;
  bool wrote = false;  // the org changed
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type = "application/json";
};

// What is wrong with a request; becomes `errors` of the ErrorResponse.
struct Problem {
  std::string scope;  // the property or parameter
  std::string reason;
  std::string message;
};
using Problems = std::vector<Problem>;

// An ErrorResponse as the reference has it.
Answer ErrorAnswer(int status, const Problems& problems);
Answer ErrorAnswer(int status, std::string scope, std::string reason, std::string message);
Answer NotFound(std::string_view kind, std::string_view id);
Answer MethodNotAllowed(std::string_view allowed);
// Stale: `given` is not the version the record has.
Answer StaleVersion(std::int64_t given);

// All of `text` as a decimal integer; nullopt: it is none.
std::optional<std::int64_t> ReadInteger(std::string_view text);

enum class Type { kString, kInteger, kTime };
struct Spec {
  std::string_view name;
  Type type;
  bool required = false;
};

// The query parameters against `specs`; startIndex and maxResults are allowed when `paging`.
void CheckQuery(const Call& call, std::span<const Spec> specs, bool paging, Problems& problems);
// Whether any parameter other than paging narrows the collection.
bool HasFilter(const Call& call);
std::optional<std::string> Param(const Call& call, const std::string& name);
std::optional<std::int64_t> IntegerParam(const Call& call, const std::string& name);

// [from, to] of the parameters from<Name> and to<Name>. One without the other, a bad time, or an
// end before its start is a problem.
struct TimeRange {
  base::UtcTime from;
  base::UtcTime to;
};
std::optional<TimeRange> RangeParam(const Call& call, const std::string& name, Problems& problems);

// The body as a JSON object, nullopt (and a problem) when it is none.
std::optional<nlohmann::json> ParseBody(const Call& call, Problems& problems);
// Its properties against `specs`: missing, unknown, mistyped.
void CheckProperties(const nlohmann::json& object, std::span<const Spec> specs, Problems& problems);
std::string Text(const nlohmann::json& object, std::string_view name);  // absent = ""
std::int64_t Integer(const nlohmann::json& object, std::string_view name);

// The page that `call` asks for, [first, last) of `total` items.
struct PageBounds {
  std::size_t first;
  std::size_t last;
};
PageBounds Page(const Call& call, std::size_t total);

// A collection: the page of `items` in the reference's envelope. `kind` is `filter`, `array` the
// name of its array, and write(out, item) appends one item. Some kinds have no lastIndexReturned.
template <class R, class Write>
Answer Collection(const Call& call, const std::vector<const R*>& items, std::string_view kind,
                  std::string_view array, Write write, bool last_index = true) {
  PageBounds page = Page(call, items.size());
  Answer answer;
  answer.body.reserve(256 + (page.last - page.first) * 128);
  ObjectWriter writer(answer.body);
  writer("kind", "via#" + std::string(kind) + "Collection");
  std::span<const R* const> shown;
  if (page.first < page.last) shown = std::span(items).subspan(page.first, page.last - page.first);
  AppendArray(writer.Raw(array), shown,
              [&](std::string& out, const R* item) { write(out, *item); });
  writer("totalItems", static_cast<std::int64_t>(items.size()));
  if (last_index) writer("lastIndexReturned", static_cast<std::int64_t>(page.last));
  writer.Close();
  return answer;
}

// One record with all its properties.
template <class R>
void WriteItem(std::string& out, const R& record, std::string_view kind) {
  ObjectWriter writer(out);
  writer("kind", "via#" + std::string(kind));
  Visit(record, writer);
  writer.Close();
}

// GET of one item; it takes no parameters.
template <class R>
Answer GetItem(const Call& call, const R& record, std::string_view kind) {
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  Answer answer;
  WriteItem(answer.body, record, kind);
  return answer;
}

// The record whose integer id `text` is; nullptr: none, or no integer.
template <class R>
const R* FindNumbered(const Table<R>& table, const std::string& text) {
  auto id = ReadInteger(text);
  return id ? table.Find(*id) : nullptr;
}

// The items `keep` says yes to, in order. The candidates are those of `key` where it is given, so
// that a look-up by name or address does not walk the whole table.
template <class R, class Keep>
std::vector<const R*> Select(const Table<R>& table, const std::optional<std::string>& key,
                             Keep keep) {
  std::vector<const R*> candidates = key ? table.FindByKey(*key) : table.order();
  std::erase_if(candidates, [&](const R* item) { return !keep(*item); });
  if (key) std::ranges::sort(candidates, {}, [](const R* item) { return item->id; });
  return candidates;
}

}  // namespace viasync::sandbox
