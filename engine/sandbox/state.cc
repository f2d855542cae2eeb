#include "engine/sandbox/state.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/sandbox/criteria.h"

namespace viasync::sandbox {
namespace {

using nlohmann::json;

// A visitor (records.h) that takes the members of a record from a JSON object.
class ObjectReader {
 public:
  ObjectReader(const json& object, const std::string& path) : object_(object), path_(path) {}

  void operator()(const char* name, std::string& text) {
    if (const json* value = Take(name, &json::is_string, "a string")) text = *value;
  }
  void operator()(const char* name, std::int64_t& number) {
    if (const json* value = Take(name, &json::is_number_integer, "an integer")) number = *value;
  }
  void operator()(const char* name, base::UtcTime& time) {
    std::optional<base::UtcTime> read;
    (*this)(name, read);
    if (read) time = *read;
  }
  void operator()(const char* name, std::optional<base::UtcTime>& time) {
    const json* value = Take(name, &json::is_string, "a string");
    if (!value) return;
    time = base::ParseTime(value->get_ref<const std::string&>());
    if (!time && *value != "0" && *value != "") Fail(name, "is not an ISO 8601 time");
  }

  // The first problem, "" = none: what the visits met, then properties that none of them took.
  std::string Problem() {
    for (const auto& [name, value] : object_.items()) {
      if (!taken_.contains(name)) Fail(base::Printable(name), "is not a property of it");
    }
    return problem_;
  }

 private:
  const json* Take(const char* name, bool (json::*is_type)() const noexcept, const char* wanted) {
    taken_.insert(name);
    auto it = object_.find(name);
    if (it == object_.end()) return nullptr;
    if (((*it).*is_type)()) return &*it;
    Fail(name, fmt::format("must be {}", wanted));
    return nullptr;
  }
  void Fail(std::string_view name, std::string_view what) {
    if (problem_.empty()) problem_ = fmt::format("{}/{} {}", path_, name, what);
  }

  const json& object_;
  const std::string& path_;
  std::set<std::string, std::less<>> taken_;
  std::string problem_;
};

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

std::int64_t NumberOf(const std::string& id) { return ReadInteger(id).value_or(0); }
std::int64_t NumberOf(std::int64_t id) { return id; }

void AssignId(Org& org, std::string& id) {
  if (id.empty()) id = std::to_string(org.NextId());
}
void AssignId(Org& org, std::int64_t& id) {
  if (id == 0) id = org.NextId();
}

// The entries of one array, counters raised to what they use.
template <class R>
base::Result<std::vector<R>> ReadEntries(const json& org_json, const char* name,
                                         const std::string& org_path, base::UtcTime now, Org& org) {
  std::vector<R> records;
  auto it = org_json.find(name);
  if (it == org_json.end()) return records;
  std::string path = org_path + "/" + name;
  if (!it->is_array()) return base::Fail(base::ErrorKind::kInvalid, path + " must be an array");
  for (std::size_t i = 0; i < it->size(); ++i) {
    R record;
    SetDefaults(record, now);
    std::string problem = ReadRecord((*it)[i], fmt::format("{}/{}", path, i), record);
    if (!problem.empty()) return base::Fail(base::ErrorKind::kInvalid, problem);
    org.last_id = std::max(org.last_id, NumberOf(record.id));
    if constexpr (requires { record.version; }) {
      org.last_version = std::max(org.last_version, record.version);
    }
    records.push_back(std::move(record));
  }
  return records;
}

template <class R>
base::Result<void> AddEntries(std::vector<R> records, Table<R>& table, const std::string& path,
                              Org& org) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    R& record = records[i];
    AssignId(org, record.id);
    if constexpr (requires { record.version; }) {
      if (record.version == 0) record.version = org.NextVersion();
    }
    std::string problem = RecordProblem(org, record);
    if (problem.empty() && table.Find(record.id)) problem = "id is used twice";
    if (!problem.empty()) {
      return base::Fail(base::ErrorKind::kInvalid, fmt::format("{}/{}: {}", path, i, problem));
    }
    table.Add(std::move(record));
  }
  return {};
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

template <class R>
std::string ReadRecord(const json& value, const std::string& path, R& record) {
  if (!value.is_object()) return path + " must be an object";
  ObjectReader reader(value, path);
  Visit(record, reader);
  if constexpr (std::is_same_v<R, Exclusion>) {
    if (!value.contains("endPattern")) record.end_pattern = record.end ? 1 : 0;
  }
  return reader.Problem();
}
template std::string ReadRecord(const json&, const std::string&, Filter&);
template std::string ReadRecord(const json&, const std::string&, ContactList&);
template std::string ReadRecord(const json&, const std::string&, Exclusion&);

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
  if (exclusion.end && *exclusion.end < exclusion.start) return "endTime lies before startTime";
  if (!exclusion.list_name.empty() && !org.lists.FindOne(exclusion.list_name)) {
    return fmt::format("contactListName '{}' is not known", exclusion.list_name);
  }
  if (org.EqualExclusion(exclusion, exclusion.id)) return "there is an equal exclusion";
  return "";
}

base::Result<Org> ParseOrg(const json& value, const std::string& name, const std::string& path,
                           base::UtcTime now) {
  using base::ErrorKind;
  if (!value.is_object()) return base::Fail(ErrorKind::kInvalid, path + " must be an object");
  Org org;
  org.name = name;
  json scalars = value;
  for (const char* array : {"schemas", "filters", "lists", "exclusions"}) scalars.erase(array);
  ObjectReader reader(scalars, path);
  reader("client_id", org.client_id);
  reader("client_secret", org.client_secret);
  reader("api_key", org.api_key);
  reader("last_id", org.last_id);
  reader("last_version", org.last_version);
  std::string problem = reader.Problem();
  if (problem.empty() &&
      (org.client_id.empty() || org.client_secret.empty() || org.api_key.empty())) {
    problem = path + " needs client_id, client_secret and api_key";
  }
  if (!problem.empty()) return base::Fail(ErrorKind::kInvalid, problem);
  auto schemas = ReadEntries<Schema>(value, "schemas", path, now, org);
  if (!schemas) return base::Fail(schemas.error());
  auto filters = ReadEntries<Filter>(value, "filters", path, now, org);
  if (!filters) return base::Fail(filters.error());
  auto lists = ReadEntries<ContactList>(value, "lists", path, now, org);
  if (!lists) return base::Fail(lists.error());
  auto exclusions = ReadEntries<Exclusion>(value, "exclusions", path, now, org);
  if (!exclusions) return base::Fail(exclusions.error());
  auto added = AddEntries(std::move(*schemas), org.schemas, path + "/schemas", org);
  if (added) added = AddEntries(std::move(*filters), org.filters, path + "/filters", org);
  if (added) added = AddEntries(std::move(*lists), org.lists, path + "/lists", org);
  if (added) added = AddEntries(std::move(*exclusions), org.exclusions, path + "/exclusions", org);
  if (!added) return base::Fail(added.error());
  return org;
}

base::Result<World::Orgs> ParseState(const std::string& text, const std::string& origin,
                                     base::UtcTime now) {
  constexpr const char* kHint = "The format is described at the head of engine/sandbox/state.h";
  auto invalid = [&](const std::string& what) {
    return base::Fail(base::ErrorKind::kInvalid, fmt::format("{}: {}", origin, what), kHint);
  };
  json root;
  try {
    root = json::parse(text);
  } catch (const json::exception& e) {
    return invalid(base::Printable(fmt::format("is not JSON: {}", e.what())));
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
  WriteTable(writer, "schemas", org.schemas);
  WriteTable(writer, "filters", org.filters);
  WriteTable(writer, "lists", org.lists);
  WriteTable(writer, "exclusions", org.exclusions);
  writer("last_id", org.last_id);
  writer("last_version", org.last_version);
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
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || in.bad()) {
    return base::Fail(base::ErrorKind::kIo, fmt::format("{} cannot be read", file),
                      "Look at its name and permissions");
  }
  return ParseState(text.str(), file, now);
}

base::Result<void> SaveState(const std::string& file, const std::string& text) {
  std::string beside = file + ".tmp";
  auto fail = [&]() {
    std::string why = std::strerror(errno);
    ::unlink(beside.c_str());
    return base::Fail(base::ErrorKind::kIo, fmt::format("{} cannot be written: {}", file, why),
                      "Give --data a file in a folder that can be written to");
  };
  int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return fail();
  for (std::size_t done = 0; done < text.size();) {
    ssize_t count = ::write(fd, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      ::close(fd);
      return fail();
    }
    done += static_cast<std::size_t>(count);
  }
  bool synced = ::fsync(fd) == 0;
  bool closed = ::close(fd) == 0;
  if (!synced || !closed || ::rename(beside.c_str(), file.c_str()) != 0) return fail();
  return {};
}

}  // namespace viasync::sandbox
