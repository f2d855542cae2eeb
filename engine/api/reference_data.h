// The typed calls of what an org merely tells: purposes, geocode templates, dispositions, number
// types, time zones. Errors as in calls.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/calls.h"
#include "engine/api/session.h"

namespace viasync::api {

// `code` and `type` as far as the kind has them: a disposition's, a number type's, a purpose's.
struct ReferenceItem {
  std::string id, code, name, type;
};
// In the order of the org.
Call<std::vector<ReferenceItem>> ListPurposes(Session& session);
Call<std::vector<ReferenceItem>> ListGeocodes(Session& session);
Call<std::vector<ReferenceItem>> ListNumberTypes(Session& session);
Call<std::vector<ReferenceItem>> ListDispositions(Session& session, std::string code,
                                                  std::optional<bool> locally_terminated);
// Schema definitions with their descriptions, for people; ListSchemas is for the engine.
Call<std::vector<ReferenceItem>> ListSchemaItems(Session& session, std::string name);

struct TimeZone {
  std::string id, olson, display, postal_code, phone, country;
};
struct Place {
  std::string postal_code, phone, country;
};
// v3: all zones where neither postal code nor phone number is given; empty: none was found.
Call<std::vector<TimeZone>> FindTimeZones(Session& session, Place place);
// v2: nullopt: none was found.
Call<std::optional<TimeZone>> FindTimeZoneV2(Session& session, Place place);

}  // namespace viasync::api
