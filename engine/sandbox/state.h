// The state of all orgs as JSON: what a seed file (testdata/orgs.json), `--data FILE` and the
// control endpoint read and write. One format for all three:
//
//   {"orgs": {"acme-dev": {
//     "client_id": "…", "client_secret": "…", "api_key": "…",          required
//     "schemas":    [{"id": "1", "schemaName": "BaseSchema", "schemaDescription": "…",
//                     "tenantId": 1, "lastModifiedBy": "…", "lastUpdatedDate": "…Z"}],
//     "filters":    [{"id": "12", "version": 7, "filterName": "InitialLeadPhase",
//                     "filterDescription": "…", "schemaId": "1", "filterCriteria": "…",
//                     "lastModifiedBy": "maria", "lastModifiedDate": "…Z"}],
//     "lists":      [{"id": 234, "version": 9, "name": "BaseOutreachList1", "listType": 1,
//                     "filterName": "InitialLeadPhase", "description": "…", "strategy": "…",
//                     "status": 0, "penetration": 0, "hitRate": 0, "saturation": 0,
//                     "exclusionFilter": "…", "purposeName": "…"}],
//     "exclusions": [{"id": 123, "version": 3, "contactType": 1, "contactAddress": "0987…",
//                     "contactListName": "ContactList1", "reason": "…", "startTime": "…Z",
//                     "endPattern": 1, "endTime": "…Z", "creationTime": "…Z",
//                     "lastModifiedTime": "…Z"}],
//     "strategies": […], "prospects": […], "fastPathRecords": […], "callAttempts": […],
//     "callbacks": […], "automationScripts": […], "purposes": […], "geocodeTemplates": […],
//     "dispositions": […], "numberTypes": […],            properties as in operations_visit.h
//     "attempts_max": 0, "attempts_window_s": 86400,       of the attempt tracker; 0 = off
//     "last_id": 234, "last_version": 9}}}                             counters; may be left out
//
// Properties are named as in the API. Every array may be left out. Required in an entry:
// schemaName; filterName and filterCriteria; name and listType; contactType, contactAddress and
// startTime (endPattern follows from endTime: left out or "0" = no end). All others may be left
// out: ids and versions are then assigned, times are the moment of loading, users "system". ids of
// schemas and filters are strings, ids of lists and exclusions are integers. An unknown property,
// a wrong type, a repeated id or name, an unknown schemaId, filterName or contactListName is an
// error that names its JSON path.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "engine/base/result.h"
#include "engine/sandbox/object_reader.h"
#include "engine/sandbox/world.h"

namespace viasync::sandbox {

// All orgs of a text. `origin` names it in errors. Errors: kInvalid, with the JSON path.
base::Result<World::Orgs> ParseState(const std::string& text, const std::string& origin,
                                     base::UtcTime now);
// One org of a JSON value. Errors: kInvalid; the message starts with `path`.
base::Result<Org> ParseOrg(const nlohmann::json& json, const std::string& name,
                           const std::string& path, base::UtcTime now);

std::string WriteState(const World::Orgs& orgs);
void WriteOrg(std::string& out, const Org& org);

// Errors: kIo when the file cannot be read or written, kInvalid as above. Saving writes beside the
// file, syncs and renames: whoever reads it sees the old state or the new one.
base::Result<World::Orgs> LoadState(const std::string& file, base::UtcTime now);
base::Result<void> SaveState(const std::string& file, const std::string& text);

// Reads the properties of `json` into `record`; those it lacks stay as they are. Returns what is
// wrong (an unknown property, a wrong type), starting with `path`; "" = nothing.
template <class R>
std::string ReadRecord(const nlohmann::json& json, const std::string& path, R& record) {
  if (!json.is_object()) return path + " must be an object";
  ObjectReader reader(json, path);
  Visit(record, reader);
  if constexpr (requires { record.end_pattern; }) {
    if (!json.contains("endPattern")) record.end_pattern = record.end ? 1 : 0;
  }
  return reader.Problem();
}

// What is wrong with a record as a member of `org`; "" = nothing.
std::string RecordProblem(const Org& org, const Schema& schema);
std::string RecordProblem(const Org& org, const Filter& filter);
std::string RecordProblem(const Org& org, const ContactList& list);
std::string RecordProblem(const Org& org, const Exclusion& exclusion);
std::string RecordProblem(const Org& org, const Strategy& strategy);
std::string RecordProblem(const Org& org, const Script& script);
// Kinds that nothing refers to: whatever can be read is good.
template <class R>
std::string RecordProblem(const Org&, const R&) {
  return "";
}

}  // namespace viasync::sandbox
