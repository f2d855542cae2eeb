#include "engine/sandbox/state.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/files/atomic_file.h"
#include "engine/sandbox/call.h"
#include "engine/sandbox/criteria.h"

namespace viasync::sandbox {
namespace {

using nlohmann::json;

constexpr const char* kSystemUser = "system";

// What an entry holds where it leaves a property out.
void SetDefaults(Schema& r, base::UtcTime now) {
  r.last_modified_by = kSystemUser;
  r.last_modified = now;
}
void SetDefaults(Filter& r, base::UtcTime now) {
  r.last_modified_by = kSystemUser;
  r.last_modified = now;
}
void SetDefaults(ContactList& r, base::UtcTime) { r.list_type = -1; }  // required
void SetDefaults(Exclusion& r, base::UtcTime now) {
  r.contact_type = -1;  // required
  r.created = now;
  r.last_modified = now;
}

void SetDefaults(Strategy& r, base::UtcTime now) { r.last_modified = now; }
void SetDefaults(Script& r, base::UtcTime now) { r.last_modified = now; }
template <class R>
void SetDefaults(R&, base::UtcTime) {}

void AssignId(Org& org, std::string& id) {
  if (id.empty()) id = std::to_string(org.NextId());
}
void AssignId(Org& org, std::int64_t& id) {
  if (id == 0) id = org.NextId();
}

// The array of one table; nullptr: none. Errors: it is no array.
base::Result<const json*> ArrayOf(const json& org_json, const std::string& name,
                                  const std::string& org_path) {
  auto it = org_json.find(name);
  if (it == org_json.end()) return nullptr;
  if (it->is_array()) return &*it;
  return base::Fail(base::ErrorKind::kInvalid, org_path + "/" + name + " must be an array");
}

// Raises the counters to what the entries of an array use, before the first id is assigned.
void RaiseCounters(const json& entries, Org& org) {
  for (const json& entry : entries) {
    if (!entry.is_object()) continue;
    org.last_id =
        std::max({org.last_id, Integer(entry, "id"), ReadInteger(Text(entry, "id")).value_or(0)});
    org.last_version = std::max(org.last_version, Integer(entry, "version"));
  }
}

template <class R>
base::Result<void> AddEntry(const json& entry, const std::string& path, base::UtcTime now,
                            Table<R>& table, Org& org) {
  R record;
  SetDefaults(record, now);
  std::string problem = ReadRecord(entry, path, record);
  if (!problem.empty()) return base::Fail(base::ErrorKind::kInvalid, problem);
  AssignId(org, record.id);
  if constexpr (requires { record.version; }) {
    if (record.version == 0) record.version = org.NextVersion();
  }
  problem = RecordProblem(org, record);
  if (problem.empty() && table.Find(record.id)) problem = "id is used twice";
  if (!problem.empty()) {
    return base::Fail(base::ErrorKind::kInvalid, fmt::format("{}: {}", path, problem));
  }
  table.Add(std::move(record));
  return {};
}

base::Result<void> ReadTables(const json& value, const std::string& path, base::UtcTime now,
                              Org& org) {
  base::Result<void> outcome;
  VisitTables(org, [&](const char* name, auto&) {
    auto entries = ArrayOf(value, name, path);
    if (!entries && outcome) outcome = base::Fail(entries.error());
    if (entries && *entries) RaiseCounters(**entries, org);
  });
  VisitTables(org, [&](const char* name, auto& table) {
    if (!outcome || !value.contains(name)) return;
    const json& entries = value[name];
    for (std::size_t i = 0; i < entries.size() && outcome; ++i) {
      outcome = AddEntry(entries[i], fmt::format("{}/{}/{}", path, name, i), now, table, org);
    }
  });
  return outcome;
}

// Whether another record of `table` has this name.
template <class R>
bool NameTaken(const Table<R>& table, const R& record) {
  for (const R* other : table.FindByKey(IndexKey(record))) {
    if (other->id != record.id) return true;
  }
  return false;
}

template <class R>
void WriteTable(ObjectWriter& writer, const char* name, const Table<R>& table) {
  AppendArray(writer.Raw(name), table.order(), [](std::string& out, const R* record) {
    ObjectWriter item(out += '\n');
    Visit(*record, item);
    item.Close();
  });
}

}  // namespace

std::string RecordProblem(const Org& org, const Schema& schema) {
  if (schema.name.empty()) return "schemaName is missing";
  if (NameTaken(org.schemas, schema)) return "schemaName is used twice";
  return "";
}

std::string RecordProblem(const Org& org, const Filter& filter) {
  if (filter.name.empty()) return "filterName is missing";
  if (NameTaken(org.filters, filter)) return "filterName is used twice";
  if (!filter.schema_id.empty() && !org.schemas.Find(filter.schema_id)) {
    return fmt::format("schemaId '{}' is not known", filter.schema_id);
  }
  std::string problem = CriteriaProblem(filter.criteria);
  return problem.empty() ? "" : "filterCriteria: " + problem;
}

std::string RecordProblem(const Org& org, const ContactList& list) {
  if (list.name.empty()) return "name is missing";
  if (NameTaken(org.lists, list)) return "name is used twice";
  if (list.list_type < 0 || list.list_type > 3) return "listType must be 0 to 3";
  if (list.status < 0 || list.status > 5) return "status must be 0 to 5";
  if (!list.filter_name.empty() && !org.filters.FindOne(list.filter_name)) {
    return fmt::format("filterName '{}' is not known", list.filter_name);
  }
  return "";
}

std::string RecordProblem(const Org& org, const Exclusion& exclusion) {
  if (exclusion.contact_type < 0 || exclusion.contact_type > 4) return "contactType must be 0 to 4";
  if (exclusion.address.empty()) return "contactAddress is missing";
  if (exclusion.start == base::UtcTime{}) return "startTime is missing";
  if (exclusion.end_pattern != (exclusion.end ? 1 : 0)) return "endPattern and endTime disagree";
  if (exclusion.end && *exclusion.end < exclusion.start) return "endTime is before startTime";
  if (!exclusion.list_name.empty() && !org.lists.FindOne(exclusion.list_name)) {
    return fmt::format("contactListName '{}' is not known", exclusion.list_name);
  }
  if (org.EqualExclusion(exclusion, exclusion.id)) return "there is an equal exclusion";
  return "";
}

std::string RecordProblem(const Org& org, const Strategy& strategy) {
  if (strategy.name.empty()) return "name is missing";
  if (NameTaken(org.strategies, strategy)) return "name is used twice";
  return "";
}

std::string RecordProblem(const Org& org, const Script& script) {
  if (script.name.empty()) return "scriptName is missing";
  if (NameTaken(org.scripts, script)) return "scriptName is used twice";
  return "";
}

base::Result<Org> ParseOrg(const json& value, const std::string& name, const std::string& path,
                           base::UtcTime now) {
  using base::ErrorKind;
  if (!value.is_object()) return base::Fail(ErrorKind::kInvalid, path + " must be an object");
  Org org;
  org.name = name;
  json scalars = value;
  VisitTables(org, [&](const char* table, auto&) { scalars.erase(table); });
  scalars.erase("objects");
  ObjectReader reader(scalars, path);
  reader("client_id", org.client_id);
  reader("client_secret", org.client_secret);
  reader("api_key", org.api_key);
  reader("last_id", org.last_id);
  reader("last_version", org.last_version);
  reader("attempts_max", org.attempts_max);
  reader("attempts_window_s", org.attempts_window_s);
  std::string problem = reader.Problem();
  if (problem.empty() &&
      (org.client_id.empty() || org.client_secret.empty() || org.api_key.empty())) {
    problem = path + " needs client_id, client_secret and api_key";
  }
  if (!problem.empty()) return base::Fail(ErrorKind::kInvalid, problem);
  auto read = ReadTables(value, path, now, org);
  if (!read) return base::Fail(read.error());
  if (value.contains("objects")) {
    problem = ReadObjects(value["objects"], path + "/objects", org.bulk);
    if (!problem.empty()) return base::Fail(ErrorKind::kInvalid, problem);
  }
  return org;
}

base::Result<World::Orgs> ParseState(const std::string& text, const std::string& origin,
                                     base::UtcTime now) {
  constexpr const char* kHint = "The format is described at the head of engine/sandbox/state.h";
  auto invalid = [&](const std::string& what) {
    return base::Fail(base::ErrorKind::kInvalid, fmt::format("{}: {}", origin, what), kHint);
  };
  const json root = base::ParseJson(text);
  if (root.is_discarded()) {
    const auto fault = base::FindJsonFault(text);
    const bool deep = fault->kind == base::JsonFault::Kind::kTooDeep;
    return invalid(deep ? fmt::format("is nested deeper than {} levels", base::kJsonDepthMax)
                        : fmt::format("is not JSON, at byte {}", fault->byte));
  }
  if (!root.is_object() || !root.contains("orgs") || !root["orgs"].is_object()) {
    return invalid("has no object 'orgs'");
  }
  if (root.size() > 1) return invalid("has properties beside 'orgs'");
  World::Orgs orgs;
  for (const auto& [name, value] : root["orgs"].items()) {
    auto org = ParseOrg(value, name, "/orgs/" + name, now);
    if (!org) return invalid(base::Printable(org.error().message));
    orgs.emplace(name, std::move(*org));
  }
  return orgs;
}

void WriteOrg(std::string& out, const Org& org) {
  ObjectWriter writer(out);
  writer("client_id", org.client_id);
  writer("client_secret", org.client_secret);
  writer("api_key", org.api_key);
  VisitTables(org, [&](const char* name, const auto& table) { WriteTable(writer, name, table); });
  WriteObjects(writer.Raw("objects"), org.bulk);
  writer("last_id", org.last_id);
  writer("last_version", org.last_version);
  writer("attempts_max", org.attempts_max);
  writer("attempts_window_s", org.attempts_window_s);
  writer.Close();
}

std::string WriteState(const World::Orgs& orgs) {
  std::string out;
  ObjectWriter root(out);
  ObjectWriter all(root.Raw("orgs"));
  for (const auto& [name, org] : orgs) WriteOrg(all.Raw(name), org);
  all.Close();
  root.Close();
  return out += '\n';
}

base::Result<World::Orgs> LoadState(const std::string& file, base::UtcTime now) {
  std::error_code unknown;
  const bool endless = std::filesystem::is_character_file(file, unknown);
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in && !endless) text << in.rdbuf();
  if (!in || in.bad() || endless) {
    return base::Fail(base::ErrorKind::kIo, fmt::format("{} cannot be read", file),
                      "Look at its name and permissions");
  }
  return ParseState(text.str(), file, now);
}

base::Result<void> SaveState(const std::string& file, const std::string& text) {
  const auto written = files::WriteWhole(file, text, files::Rights::kOwner);
  if (written) return {};
  return base::Fail(
      base::ErrorKind::kIo,
      fmt::format("{} cannot be written: {}", file, base::SystemReason(written.error())),
      "Give --data a file in a folder that can be written to");
}

}  // namespace viasync::sandbox
