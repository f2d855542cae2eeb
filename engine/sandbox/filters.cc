// /via/v3/organizations/{orgId}/campaign/filters
#include <fmt/format.h>

#include "engine/base/strings.h"
#include "engine/sandbox/criteria.h"
#include "engine/sandbox/handlers.h"

namespace viasync::sandbox {
namespace {

// filterDescription and schemaId may be left out, and are then lost (a PUT replaces everything).
constexpr Spec kInsert[] = {{"filterName", Type::kString, true},
                            {"filterDescription", Type::kString},
                            {"schemaId", Type::kString},
                            {"filterCriteria", Type::kString, true}};
constexpr Spec kUpdate[] = {{"version", Type::kInteger, true},
                            {"filterName", Type::kString, true},
                            {"filterDescription", Type::kString},
                            {"schemaId", Type::kString},
                            {"filterCriteria", Type::kString, true}};
constexpr Spec kQuery[] = {{"filterName", Type::kString}};

Answer List(const Org& org, const Call& call) {
  Problems problems;
  CheckQuery(call, kQuery, /*paging=*/true, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  auto write = [](std::string& out, const Filter& filter) { WriteItem(out, filter, "filter"); };
  if (!HasFilter(call)) return Collection(call, org.filters.order(), "filter", "filters", write);
  auto found = Select(org.filters, Param(call, "filterName"), [](const Filter&) { return true; });
  return Collection(call, found, "filter", "filters", write);
}

// The body as a filter, with `problems` of every rule it breaks.
Filter ReadFilter(const Org& org, const Call& call, std::span<const Spec> specs,
                  std::int64_t& version, Problems& problems) {
  CheckQuery(call, {}, /*paging=*/false, problems);
  auto body = ParseBody(call, problems);
  if (!body) return {};
  CheckProperties(*body, specs, problems);
  version = Integer(*body, "version");
  Filter filter{.id = {},
                .version = 0,
                .name = Text(*body, "filterName"),
                .description = Text(*body, "filterDescription"),
                .schema_id = Text(*body, "schemaId"),
                .criteria = Text(*body, "filterCriteria"),
                .last_modified_by = call.user,
                .last_modified = call.now};
  if (body->contains("filterName") && base::Trim(filter.name).empty()) {
    problems.push_back({"filterName", "invalidValue", "Must not be empty"});
  }
  if (!filter.schema_id.empty() && !org.schemas.Find(filter.schema_id)) {
    problems.push_back({"schemaId", "unknownSchema",
                        fmt::format("There is no schema definition '{}'", filter.schema_id)});
  }
  if (body->contains("filterCriteria")) {
    std::string problem = CriteriaProblem(filter.criteria);
    if (!problem.empty()) problems.push_back({"filterCriteria", "invalidCriteria", problem});
  }
  if (call.settings.rewrite_criteria) filter.criteria = RewriteCriteria(filter.criteria);
  return filter;
}

Answer DuplicateName(const std::string& name) {
  return ErrorAnswer(409, "filterName", "duplicate",
                     fmt::format("There is a filter '{}' already", name));
}

Answer Create(Org& org, const Call& call) {
  Problems problems;
  std::int64_t no_version = 0;
  Filter filter = ReadFilter(org, call, kInsert, no_version, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  if (org.filters.FindOne(filter.name)) return DuplicateName(filter.name);
  filter.id = std::to_string(org.NextId());
  filter.version = org.NextVersion();
  const Filter& kept = org.filters.Add(std::move(filter));
  Answer answer{.status = 201, .body = {}, .wrote = true, .headers = {}};
  ObjectWriter writer(answer.body);
  Visit(kept, writer, "lastModifiedTime");
  writer.Close();
  return answer;
}

Answer Update(Org& org, const Call& call, const Filter& old) {
  Problems problems;
  std::int64_t version = 0;
  Filter filter = ReadFilter(org, call, kUpdate, version, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  if (version != old.version) return StaleVersion(version);
  if (filter.name != old.name && org.filters.FindOne(filter.name)) {
    return DuplicateName(filter.name);
  }
  filter.id = old.id;
  filter.version = org.NextVersion();
  if (filter.name != old.name) org.RenameFilter(old.name, filter.name);
  const Filter& kept = org.filters.Replace(std::move(filter));
  Answer answer{.body = {}, .wrote = true, .headers = {}};
  WriteItem(answer.body, kept, "filter");
  return answer;
}

Answer Remove(Org& org, const Call& call, const Filter& old) {
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  if (const ContactList* list = org.ListUsing(old.name)) {
    return ErrorAnswer(409, "filter", "inUse",
                       fmt::format("List '{}' uses the filter", list->name));
  }
  org.filters.Erase(std::string(old.id));
  return {.status = 204, .body = {}, .wrote = true, .headers = {}};
}

}  // namespace

Answer HandleFilters(Org& org, const Call& call) {
  if (!call.id) {
    if (call.method == "GET") return List(org, call);
    if (call.method == "POST") return Create(org, call);
    return MethodNotAllowed("GET, POST");
  }
  bool known = call.method == "GET" || call.method == "PUT" || call.method == "DELETE";
  if (!known) return MethodNotAllowed("GET, PUT, DELETE");
  const Filter* filter = org.filters.Find(*call.id);
  if (!filter) return NotFound("filter", *call.id);
  if (call.method == "PUT") return Update(org, call, *filter);
  if (call.method == "DELETE") return Remove(org, call, *filter);
  return GetItem(call, *filter, "filter");
}

}  // namespace viasync::sandbox
