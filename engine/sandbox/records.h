// The resources as the org keeps them, and the ONE list of each kind's JSON properties: answers,
// seed files and the data file are all written and read through Visit().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "engine/base/ports.h"

namespace viasync::sandbox {

struct Schema {
  std::string id;
  std::int64_t tenant_id = 1;
  std::string name;
  std::string description;
  std::string last_modified_by;
  base::UtcTime last_modified{};
};

// A kind that somebody may edit in the vendor's UI says what the control endpoint calls it
// (edit.h).

struct Filter {
  static constexpr std::string_view kKind = "filter";
  std::string id;
  std::int64_t version = 0;
  std::string name;
  std::string description;
  std::string schema_id;  // empty = none
  std::string criteria;
  std::string last_modified_by;
  base::UtcTime last_modified{};
};

struct ContactList {
  static constexpr std::string_view kKind = "list";
  std::int64_t id = 0;
  std::int64_t version = 0;
  std::string strategy;
  std::string name;
  std::string description;
  std::int64_t status = 0;  // 0 building, 1 built, 2 inactive, 3 active, 4 dialing, 5 paused
  std::string filter_name;  // empty = none
  std::int64_t penetration = 0;
  std::int64_t hit_rate = 0;
  std::int64_t saturation = 0;
  std::string exclusion_filter;
  std::int64_t list_type = 0;  // 0 static, 1 dynamic, 2 fast path, 3 active sort
  std::string purpose_name;
};

struct Exclusion {
  static constexpr std::string_view kKind = "exclusion";
  std::int64_t id = 0;
  std::int64_t version = 0;
  std::int64_t contact_type = 0;  // 0 account, 1 voice, 2 email, 3 SMS, 4 secondary service number
  std::string address;
  std::string list_name;  // empty = all lists
  std::string reason;
  base::UtcTime created{};
  base::UtcTime start{};
  std::int64_t end_pattern = 0;      // 0 = no end, 1 = `end` holds it
  std::optional<base::UtcTime> end;  // written as "0" where there is none
  base::UtcTime last_modified{};
};

// What a resource is called by in the org: the property that look-ups by name go through.
inline const std::string& IndexKey(const Schema& r) { return r.name; }
inline const std::string& IndexKey(const Filter& r) { return r.name; }
inline const std::string& IndexKey(const ContactList& r) { return r.name; }
inline const std::string& IndexKey(const Exclusion& r) { return r.address; }

// Visit(record, v) calls v(property, member) for every property, in the order of the reference.

template <class R, class V>
requires std::is_same_v<std::remove_const_t<R>, Schema>
void Visit(R& r, V& v) {
  v("id", r.id);
  v("tenantId", r.tenant_id);
  v("schemaName", r.name);
  v("schemaDescription", r.description);
  v("lastModifiedBy", r.last_modified_by);
  v("lastUpdatedDate", r.last_modified);
}

// `modified_name`: the answer to POST calls the last property lastModifiedTime.
template <class R, class V>
requires std::is_same_v<std::remove_const_t<R>, Filter>
void Visit(R& r, V& v, const char* modified_name = "lastModifiedDate") {
  v("id", r.id);
  v("version", r.version);
  v("filterName", r.name);
  v("filterDescription", r.description);
  v("schemaId", r.schema_id);
  v("filterCriteria", r.criteria);
  v("lastModifiedBy", r.last_modified_by);
  v(modified_name, r.last_modified);
}

template <class R, class V>
requires std::is_same_v<std::remove_const_t<R>, ContactList>
void Visit(R& r, V& v) {
  v("id", r.id);
  v("version", r.version);
  v("strategy", r.strategy);
  v("name", r.name);
  v("description", r.description);
  v("status", r.status);
  v("filterName", r.filter_name);
  v("penetration", r.penetration);
  v("hitRate", r.hit_rate);
  v("saturation", r.saturation);
  v("exclusionFilter", r.exclusion_filter);
  v("listType", r.list_type);
  v("purposeName", r.purpose_name);
}

template <class R, class V>
requires std::is_same_v<std::remove_const_t<R>, Exclusion>
void Visit(R& r, V& v) {
  v("id", r.id);
  v("version", r.version);
  v("contactType", r.contact_type);
  v("contactAddress", r.address);
  v("contactListName", r.list_name);
  v("reason", r.reason);
  v("creationTime", r.created);
  v("startTime", r.start);
  v("endPattern", r.end_pattern);
  v("endTime", r.end);
  v("lastModifiedTime", r.last_modified);
}

}  // namespace viasync::sandbox
