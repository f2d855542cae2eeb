#include "engine/api/reference_data.h"

#include <nlohmann/json.hpp>

#include "engine/api/decode.h"
#include "engine/api/items.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

base::Result<ReferenceItem> ReadPurpose(const Json& item) {
  Reader reader(item, "a purpose");
  ReferenceItem purpose{.id = reader.Id(),
                        .code = {},
                        .name = reader.FriendlyName("friendlyName"),
                        .type = reader.OptionalText("purposeType")};
  return reader.Done(std::move(purpose));
}

base::Result<ReferenceItem> ReadGeocode(const Json& item) {
  Reader reader(item, "a geocode template");
  ReferenceItem geocode{
      .id = reader.Id(), .code = {}, .name = reader.FriendlyName("friendlyName"), .type = {}};
  return reader.Done(std::move(geocode));
}

base::Result<ReferenceItem> ReadNumberType(const Json& item) {
  Reader reader(item, "a number type");
  ReferenceItem type{.id = reader.Id(),
                     .code = reader.OptionalId("numberTypeCode"),
                     .name = reader.FriendlyName("friendlyName"),
                     .type = {}};
  return reader.Done(std::move(type));
}

base::Result<ReferenceItem> ReadDisposition(const Json& item) {
  Reader reader(item, "a disposition");
  ReferenceItem disposition{.id = reader.Id(),
                            .code = reader.OptionalText("dispositionCode"),
                            .name = reader.FriendlyName("friendlyName"),
                            .type = reader.OptionalText("dispositionType")};
  return reader.Done(std::move(disposition));
}

base::Result<ReferenceItem> ReadSchema(const Json& item) {
  Reader reader(item, "a schema definition");
  ReferenceItem schema{.id = reader.Id(),
                       .code = reader.Text("schemaName"),
                       .name = reader.OptionalText("schemaDescription"),
                       .type = {}};
  return reader.Done(std::move(schema));
}

Call<std::vector<ReferenceItem>> List(Session& session, std::string version, std::string resource,
                                      Query query,
                                      base::Result<ReferenceItem> (*read)(const Json&)) {
  return ListAll(session, session.CampaignPath(version, resource), std::move(query), resource,
                 read);
}

Query PlaceQuery(const Place& place) {
  Query query;
  if (!place.postal_code.empty()) query.emplace_back("postalCode", place.postal_code);
  if (!place.phone.empty()) query.emplace_back("phoneNumber", place.phone);
  if (!place.country.empty()) query.emplace_back("countryCode", place.country);
  return query;
}

// The two versions differ in the name of the id alone.
base::Result<TimeZone> ReadTimeZone(const Json& item, const char* id) {
  Reader reader(item, "a time zone");
  TimeZone zone{.id = reader.OptionalId(id),
                .olson = reader.Text("olsonName"),
                .display = reader.OptionalText("displayName"),
                .postal_code = reader.OptionalText("postalCode"),
                .phone = reader.OptionalText("phoneNumber"),
                .country = reader.OptionalText("countryCode")};
  return reader.Done(std::move(zone));
}

}  // namespace

Call<std::vector<ReferenceItem>> ListPurposes(Session& session) {
  return List(session, "v2", "purposes", Query(), &ReadPurpose);
}

Call<std::vector<ReferenceItem>> ListGeocodes(Session& session) {
  return List(session, "v2", "geocodeTemplates", Query(), &ReadGeocode);
}

Call<std::vector<ReferenceItem>> ListNumberTypes(Session& session) {
  return List(session, "v2", "numberTypes", Query(), &ReadNumberType);
}

Call<std::vector<ReferenceItem>> ListDispositions(Session& session, std::string code,
                                                  std::optional<bool> locally_terminated) {
  Query query;
  if (!code.empty()) query.emplace_back("dispositionCode", code);
  if (locally_terminated) query.emplace_back("locallyTerminated", *locally_terminated ? "1" : "0");
  return List(session, "v2", "dispositions", std::move(query), &ReadDisposition);
}

Call<std::vector<ReferenceItem>> ListSchemaItems(Session& session, std::string name) {
  Query query;
  if (!name.empty()) query.emplace_back("schemaName", name);
  return List(session, "v3", "schemaDefinitions", std::move(query), &ReadSchema);
}

// Not paged: the items have no id of their own, and the reference no paging parameters.
Call<std::vector<TimeZone>> FindTimeZones(Session& session, Place place) {
  base::Result<Json> body =
      co_await session.Get(session.CampaignPath("v3", "timeZones"), PlaceQuery(place));
  if (!body) co_return base::Fail(std::move(body.error()));
  std::vector<TimeZone> zones;
  auto items = body->is_object() ? body->find("timeZones") : body->end();
  if (!body->is_object() || items == body->end() || !items->is_array()) {
    co_return base::Fail(base::ErrorKind::kProtocol,
                         "the org's answer about time zones has no array \"timeZones\"");
  }
  for (const Json& item : *items) {
    auto zone = ReadTimeZone(item, "timeZoneId");
    if (!zone) co_return base::Fail(std::move(zone.error()));
    zones.push_back(std::move(*zone));
  }
  co_return zones;
}

Call<std::optional<TimeZone>> FindTimeZoneV2(Session& session, Place place) {
  base::Result<Json> body =
      co_await session.Get(session.CampaignPath("v2", "timeZones"), PlaceQuery(place));
  if (!body) co_return base::Fail(std::move(body.error()));
  if (body->is_object() && body->empty()) co_return std::optional<TimeZone>();
  auto zone = ReadTimeZone(*body, "timezoneId");
  if (!zone) co_return base::Fail(std::move(zone.error()));
  co_return std::optional<TimeZone>(std::move(*zone));
}

}  // namespace viasync::api
