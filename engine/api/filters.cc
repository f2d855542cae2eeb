// Filters (v3; notes, "Filters").
#include "engine/api/filters.h"

#include <nlohmann/json.hpp>

#include "engine/api/decode.h"
#include "engine/api/items.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;
using RemoteFilter = model::Remote<model::Filter>;

std::string FiltersPath(const Session& session) { return session.CampaignPath("v3", "filters"); }

base::Result<RemoteFilter> ReadFilter(const Json& item) {
  Reader reader(item, "a filter");
  RemoteFilter filter;
  filter.id = reader.Id();
  filter.version = reader.Integer("version");
  filter.value.name = reader.Text("filterName");
  filter.value.description = reader.OptionalText("filterDescription");
  filter.value.criteria = reader.Text("filterCriteria");
  const std::string schema_id = reader.OptionalId("schemaId");
  if (!schema_id.empty()) filter.value.schema = "#" + schema_id;
  filter.modified_by = reader.OptionalText("lastModifiedBy");
  filter.modified_at = reader.TimeForShow("lastModifiedDate");
  // The answer of a POST calls it so.
  if (!filter.modified_at) filter.modified_at = reader.TimeForShow("lastModifiedTime");
  return reader.Done(std::move(filter));
}

// All that is writable: a PUT replaces everything, and what it leaves out is lost. So a filter
// without a schema leaves out just that.
base::Result<Json> BodyOf(const model::Filter& filter, const Schemas& schemas) {
  auto schema_id = SchemaIdOf(filter.schema, schemas);
  if (!schema_id) return base::Fail(std::move(schema_id.error()));
  Json body = Json::object();
  body["filterName"] = filter.name;
  body["filterDescription"] = filter.description;
  if (!schema_id->empty()) body["schemaId"] = *schema_id;
  body["filterCriteria"] = filter.criteria;
  return body;
}

base::Result<RemoteFilter> ReadWritten(const base::Result<Json>& answer, const Schemas& schemas) {
  if (!answer) return base::Fail(answer.error());
  auto filter = ReadFilter(*answer);
  if (!filter) return base::Fail(AfterWrite(std::move(filter.error())));
  Calls<model::Filter>::Resolve(filter->value, schemas);
  return filter;
}

}  // namespace

using Filters = Calls<model::Filter>;

void Filters::Resolve(model::Filter& filter, const Schemas& schemas) {
  if (!filter.schema.starts_with('#')) return;
  auto found = schemas.name_by_id.find(filter.schema.substr(1));
  if (found != schemas.name_by_id.end()) filter.schema = found->second;
}

Call<void> Filters::Stream(Target target, Receiver<model::Filter> to) {
  return api::Stream(target.session, FiltersPath(target.session), Query(), "filters", &ReadFilter,
                     std::move(to));
}

Call<std::vector<RemoteFilter>> Filters::Find(Target target, model::Filter key) {
  std::vector<RemoteFilter> filters;
  Query query;
  query.emplace_back("filterName", key.name);
  // A server may ignore the filter or take it for a part of the name.
  auto same = [name = key.name](const RemoteFilter& filter) { return filter.value.name == name; };
  base::Result<void> walked =
      co_await api::Stream(target.session, FiltersPath(target.session), std::move(query), "filters",
                           &ReadFilter, Keep<model::Filter>(filters, same));
  if (!walked) co_return base::Fail(std::move(walked.error()));
  for (auto& filter : filters) Resolve(filter.value, target.schemas);
  SortByKey(filters);
  co_return filters;
}

Call<RemoteFilter> Filters::Get(Target target, std::string id) {
  base::Result<Json> body = co_await target.session.Get(ItemPath(FiltersPath(target.session), id));
  if (!body) co_return base::Fail(std::move(body.error()));
  auto filter = ReadFilter(*body);
  if (filter) Resolve(filter->value, target.schemas);
  co_return filter;
}

Call<RemoteFilter> Filters::Create(Target target, model::Filter filter) {
  auto body = BodyOf(filter, target.schemas);
  if (!body) co_return base::Fail(std::move(body.error()));
  base::Result<Json> answer = co_await target.session.Write(
      http::Method::kPost, FiltersPath(target.session), std::move(*body));
  co_return ReadWritten(answer, target.schemas);
}

Call<RemoteFilter> Filters::Update(Target target, std::string id, std::int64_t version,
                                   model::Filter filter) {
  auto body = BodyOf(filter, target.schemas);
  if (!body) co_return base::Fail(std::move(body.error()));
  (*body)["version"] = version;
  base::Result<Json> answer = co_await target.session.Write(
      http::Method::kPut, ItemPath(FiltersPath(target.session), id), std::move(*body));
  co_return ReadWritten(answer, target.schemas);
}

Call<void> Filters::Delete(Target target, std::string id) {
  return DeleteOne(target.session, ItemPath(FiltersPath(target.session), id));
}

}  // namespace viasync::api
