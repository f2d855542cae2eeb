#include "engine/sandbox/jobs.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/sandbox/bulk_zip.h"

namespace viasync::sandbox {
namespace {

using nlohmann::json;

enum class Kind { kText, kFlag, kObjects, kChanges };
struct Property {
  const char* name;
  Kind kind;
  bool required;
};
constexpr Property kExport[] = {{"fileName", Kind::kText, true},
                                {"zipComment", Kind::kText, true},
                                {"objectsToExport", Kind::kObjects, true}};
constexpr Property kImport[] = {
    {"fileName", Kind::kText, true},      {"dialerName", Kind::kText, false},
    {"insertOnly", Kind::kFlag, false},   {"salt", Kind::kText, false},
    {"appendSalt", Kind::kFlag, false},   {"updateAll", Kind::kFlag, false},
    {"ignoreErrors", Kind::kFlag, false}, {"objectsToImport", Kind::kObjects, true}};
constexpr Property kConflict[] = {
    {"configObjectName", Kind::kText, true}, {"configRenameAll", Kind::kFlag, true},
    {"configIgnoreAll", Kind::kFlag, true},  {"configSalt", Kind::kText, true},
    {"configAppend", Kind::kFlag, true},     {"conflictChanges", Kind::kChanges, true}};
constexpr std::size_t kSaltMax = 4;

bool Fits(const json& value, Kind kind) {
  auto all = [&](auto fits) {
    return value.is_array() && std::ranges::all_of(value, [&](const json& entry) {
             return entry.is_object() && fits(entry);
           });
  };
  switch (kind) {
    case Kind::kText:
      return value.is_string();
    case Kind::kFlag:
      return value.is_boolean();
    case Kind::kObjects:
      return all([](const json& entry) {
        auto names = entry.find("objectNames");
        return FindType(Text(entry, "objectType")) && names != entry.end() && names->is_array() &&
               !names->empty() && std::ranges::all_of(*names, &json::is_string);
      });
    case Kind::kChanges:
      return all([](const json& entry) {
        return !Text(entry, "originalName").empty() && !Text(entry, "newName").empty();
      });
  }
  return false;
}

// The body against its properties; null where there is a problem.
json ReadBody(const Call& call, std::span<const Property> properties, Problems& problems) {
  CheckQuery(call, {}, /*paging=*/false, problems);
  auto body = ParseBody(call, problems);
  if (!body) return nullptr;
  for (const auto& [name, value] : body->items()) {
    auto known = std::ranges::find(properties, std::string_view(name),
                                   [](const Property& p) { return std::string_view(p.name); });
    if (known == properties.end()) {
      problems.push_back({base::Printable(name), "unknownProperty", "Unknown property"});
    } else if (!Fits(value, known->kind)) {
      problems.push_back({name, "invalidType", "Has the wrong form"});
    }
  }
  for (const Property& property : properties) {
    if (property.required && !body->contains(property.name)) {
      problems.push_back({property.name, "missingProperty", "Is required"});
    }
  }
  return problems.empty() ? *body : json(nullptr);
}

void CheckSalt(const std::string& property, const std::string& salt, Problems& problems) {
  const bool plain = std::ranges::all_of(
      salt, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
  if (salt.size() <= kSaltMax && plain) return;
  problems.push_back({property, "invalidSalt", "Up to 4 alphanumeric characters"});
}

// The objects of `from` that the request names; a problem for each that is not there.
std::vector<BulkObject> Pick(const std::vector<BulkObject>& from, const json& wanted,
                             Problems& problems) {
  std::vector<BulkObject> picked;
  for (const json& entry : wanted) {
    for (const json& name : entry["objectNames"]) {
      auto found = std::ranges::find_if(from, [&](const BulkObject& object) {
        return object.type == entry["objectType"] && object.name == name;
      });
      if (found == from.end()) {
        problems.push_back({"objectNames", "notFound",
                            fmt::format("There is no {} '{}'", Text(entry, "objectType"),
                                        base::Printable(name.get<std::string>()))});
      } else {
        picked.push_back(*found);
      }
    }
  }
  return picked;
}

std::string NewJobId() {
  base::Random& random = base::SystemRandom();
  const auto a = random.Next(), b = random.Next();
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", a >> 32, a >> 16 & 0xffff, a & 0xfff,
                     b >> 48 & 0xfff, b & 0xffffffffffff);
}

Answer Accept(Org& org, const Call& call, BulkJob job) {
  job.id = NewJobId();
  job.started = call.now;
  job.message = "inactive";
  Answer answer{.status = 202, .body = {}, .wrote = true, .headers = {}};
  ObjectWriter writer(answer.body);
  writer("id", job.id);
  writer("creationTime", call.now);
  writer("lastModifiedTime", call.now);
  writer.Close();
  org.bulk.jobs.push_back(std::move(job));
  return answer;
}

Answer StartExport(Org& org, const Call& call) {
  Problems problems;
  json body = ReadBody(call, kExport, problems);
  BulkJob job;
  if (!body.is_null()) {
    job.objects = Pick(org.bulk.objects, body["objectsToExport"], problems);
    job.file = body["fileName"];
    job.comment = body["zipComment"];
    const bool bad = job.file.empty() || job.file.find('/') != std::string::npos;
    if (bad) problems.push_back({"fileName", "invalid", "Must be the name of a file"});
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  return Accept(org, call, std::move(job));
}

// The zip an import speaks of; nullopt (and a problem) where it is not there.
std::optional<std::string> FindImport(const Org& org, std::string file, Problems& problems) {
  if (!file.ends_with(".zip")) file += ".zip";
  auto found = org.bulk.files.Get(std::string(kImports) + file);
  if (found) return found;
  problems.push_back(
      {"fileName", "notFound",
       fmt::format("There is no file '{}' in the media storage", base::Printable(file))});
  return std::nullopt;
}

std::vector<BulkObject> OpenImport(const Org& org, const std::string& file, Problems& problems) {
  std::optional<std::string> zip = FindImport(org, file, problems);
  if (!zip) return {};
  auto objects = UnpackObjects(*zip);
  if (objects) return std::move(*objects);
  problems.push_back({"fileName", "invalidFile", "The file is not an export of campaign objects"});
  return {};
}

Answer StartImport(Org& org, const Call& call) {
  Problems problems;
  json body = ReadBody(call, kImport, problems);
  BulkJob job{.import = true};
  if (!body.is_null()) {
    CheckSalt("salt", Text(body, "salt"), problems);
    job.file = body["fileName"];
    auto objects = OpenImport(org, job.file, problems);
    if (problems.empty()) job.objects = Pick(objects, body["objectsToImport"], problems);
    body.erase("objectsToImport");
    job.options = std::move(body);
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  return Accept(org, call, std::move(job));
}

std::string StatusOf(const BulkJob& job, const Settings& settings) {
  switch (job.state) {
    case JobState::kPending:
      return "Pending";
    case JobState::kRunning:
      return settings.job_running;
    case JobState::kPaused:
      return "Paused";
    case JobState::kEnded:
      return job.end;
  }
  return {};
}

void WriteState(ObjectWriter& writer, const BulkJob& job, const Settings& settings, bool listed) {
  writer("message", job.message);
  writer("jobStatus", StatusOf(job, settings));
  writer("conflicts", !job.conflict_type.empty());
  if (job.conflict_type.empty()) return;
  const TypeNames* names = FindType(job.conflict_type);
  // The collection spells some of them otherwise, as the reference does.
  writer("conflictObjectName", listed ? names->group : names->conflict);
}

Answer ListJobs(Org& org, const Call& call) {
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  Answer answer;
  ObjectWriter writer(answer.body);
  for (BulkJob& job : org.bulk.jobs) {
    answer.wrote |= AdvanceJob(org, job, call.settings, call.now);
  }
  writer("kind", "via#jobCollection");
  AppendArray(writer.Raw("jobs"), org.bulk.jobs, [&](std::string& out, const BulkJob& job) {
    ObjectWriter item(out);
    item("kind", "via#job");
    item("id", job.id);
    item("jobType", job.import ? "Import" : "Export");
    item("fileName", job.file);
    WriteState(item, job, call.settings, /*listed=*/true);
    item.Close();
  });
  writer("totalItems", static_cast<std::int64_t>(org.bulk.jobs.size()));
  writer.Close();
  return answer;
}

Answer GetJob(Org& org, const Call& call, BulkJob& job) {
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  Answer answer;
  answer.wrote = AdvanceJob(org, job, call.settings, call.now);
  ObjectWriter writer(answer.body);
  writer("kind", "via#job");
  writer("jobType", job.import ? "Import" : "Export");
  WriteState(writer, job, call.settings, /*listed=*/false);
  AppendArray(writer.Raw("conflictInfo"), job.conflict_names,
              [](std::string& out, const std::string& name) {
                ObjectWriter item(out);
                item("name", name);
                item.Close();
              });
  writer.Close();
  return answer;
}

Answer Done() { return {.status = 202, .body = {}, .wrote = true, .headers = {}}; }

Answer WrongState(std::string what) {
  return ErrorAnswer(400, "jobStatus", "invalidState", std::move(what));
}

Answer Pause(BulkJob& job) {
  if (job.state != JobState::kRunning) return WrongState("Only a running job can be paused");
  job.state = JobState::kPaused;
  return Done();
}

Answer Resume(BulkJob& job) {
  if (job.state != JobState::kPaused) return WrongState("Only a paused job can be resumed");
  job.state = JobState::kRunning;
  return Done();
}

Answer Abort(BulkJob& job) {
  if (job.state != JobState::kPaused) return WrongState("Only a paused job can be aborted");
  job.state = JobState::kEnded;
  job.end = "Aborted";
  job.conflict_type.clear();
  job.conflict_names.clear();
  return Done();
}

Answer Resolve(const Call& call, BulkJob& job) {
  Problems problems;
  json body = ReadBody(call, kConflict, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  if (job.conflict_type.empty()) return WrongState("The job has no conflict");
  const TypeNames* names = FindType(job.conflict_type);
  const bool rename_all = body["configRenameAll"], ignore_all = body["configIgnoreAll"];
  if (body["configObjectName"] != std::string(names->conflict)) {
    problems.push_back({"configObjectName", "notFound", "The conflict is of another object"});
  }
  if (rename_all && ignore_all) {
    problems.push_back({"configIgnoreAll", "invalid", "Excludes configRenameAll"});
  }
  CheckSalt("configSalt", body["configSalt"], problems);
  if (rename_all && body["configSalt"] == "") {
    problems.push_back({"configSalt", "missing", "Is needed to rename"});
  }
  for (const std::string& name : job.conflict_names) {
    const bool named = std::ranges::any_of(
        body["conflictChanges"], [&](const json& c) { return c["originalName"] == name; });
    if (named || rename_all || ignore_all) continue;
    problems.push_back({"conflictChanges", "unresolved",
                        fmt::format("'{}' has no resolution", base::Printable(name))});
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  SettleConflict(job, body);
  if (call.settings.job_conflict_pauses) job.state = JobState::kRunning;
  return Done();
}

// `exportableItems` and `importableItems`: groups of objects; a page counts groups.
Answer ListItems(const Call& call, const std::vector<BulkObject>& objects, bool import) {
  std::vector<const TypeNames*> types;
  for (const BulkObject& object : objects) {
    const TypeNames* type = FindType(object.type);
    if (std::ranges::find(types, type) == types.end()) types.push_back(type);
  }
  auto write = [&](std::string& out, const TypeNames& type) {
    json group = json::object();
    if (import) group["kind"] = "via#importableItem";
    json items = json::array();
    for (const BulkObject& object : objects) {
      if (object.type != type.type) continue;
      json item = WriteObject(object);
      item.erase("objectType");
      item.erase("data");
      items.push_back(std::move(item));
    }
    group[import ? "objects" : "exportableObjects"] = std::move(items);
    group[import ? "objectGroup" : "exportableObjectGroup"] = std::string(type.group);
    out += group.dump();
  };
  return Collection(call, types, import ? "importableItem" : "exportableItem", "objectsTypes",
                    write);
}

Answer Exportable(Org& org, const Call& call) {
  Problems problems;
  CheckQuery(call, {}, /*paging=*/true, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  return ListItems(call, org.bulk.objects, /*import=*/false);
}

Answer Importable(Org& org, const Call& call) {
  constexpr Spec kQuery[] = {{"fileName", Type::kString}};
  Problems problems;
  CheckQuery(call, kQuery, /*paging=*/true, problems);
  auto file = Param(call, "fileName");
  if (!file) problems.push_back({"fileName", "missingParameter", "Is required"});
  std::vector<BulkObject> objects;
  if (problems.empty()) objects = OpenImport(org, *file, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  return ListItems(call, objects, /*import=*/true);
}

Answer HandleCollection(Org& org, const Call& call) {
  const bool post = call.method == "POST", get = call.method == "GET";
  if (!call.id) return get ? ListJobs(org, call) : MethodNotAllowed("GET");
  if (*call.id == "export") return post ? StartExport(org, call) : MethodNotAllowed("POST");
  if (*call.id == "import") return post ? StartImport(org, call) : MethodNotAllowed("POST");
  if (*call.id == "exportableItems") return get ? Exportable(org, call) : MethodNotAllowed("GET");
  return get ? Importable(org, call) : MethodNotAllowed("GET");
}

}  // namespace

Answer HandleJobs(Org& org, const Call& call) {
  constexpr std::string_view kNamed[] = {"export", "import", "exportableItems", "importableItems"};
  const bool named = call.id && std::ranges::find(kNamed, *call.id) != std::end(kNamed);
  if (!call.id || (named && call.sub.empty())) return HandleCollection(org, call);
  auto job = std::ranges::find(org.bulk.jobs, *call.id, &BulkJob::id);
  if (job == org.bulk.jobs.end()) return NotFound("job", *call.id);
  if (call.sub.empty()) {
    return call.method == "GET" ? GetJob(org, call, *job) : MethodNotAllowed("GET");
  }
  if (call.method != "POST") return MethodNotAllowed("POST");
  if (call.sub == "pause") return Pause(*job);
  if (call.sub == "resume") return Resume(*job);
  if (call.sub == "abort") return Abort(*job);
  return Resolve(call, *job);
}

}  // namespace viasync::sandbox
