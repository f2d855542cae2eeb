#include "engine/api/jobs.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/api/decode.h"
#include "engine/api/items.h"
#include "engine/base/strings.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

std::string JobsPath(const Session& session) { return session.CampaignPath("v3", "jobs"); }

// `conflicts`: missing or null = false; some orgs write it as a text.
bool ReadFlag(Reader& reader, const Json& item, const char* name) {
  auto found = item.is_object() ? item.find(name) : item.end();
  if (!item.is_object() || found == item.end() || found->is_null()) return false;
  if (found->is_boolean()) return found->get<bool>();
  if (found->is_string()) return base::EqualsIgnoreCase(found->get<std::string>(), "true");
  reader.Fail(fmt::format("has {} as \"{}\", true or false expected", TypeName(*found), name));
  return false;
}

base::Result<Job> ReadJob(const Json& item, bool listed) {
  Reader reader(item, "a job");
  Job job;
  if (listed) job.id = reader.Id();
  job.file_name = reader.OptionalText("fileName");
  job.type = reader.OptionalText("jobType");
  job.status = reader.OptionalText("jobStatus");
  job.message = reader.OptionalText("message");
  job.conflicts = ReadFlag(reader, item, "conflicts");
  job.conflict_object = reader.OptionalText("conflictObjectName");
  auto info = item.is_object() ? item.find("conflictInfo") : item.end();
  if (item.is_object() && info != item.end() && info->is_array()) {
    for (const Json& entry : *info) {
      Reader name(entry, "a conflict");
      job.conflict_names.push_back(name.Text("name"));
      auto read = name.Done(true);
      if (!read) return base::Fail(std::move(read.error()));
    }
  }
  return reader.Done(std::move(job));
}

Json ObjectsJson(const std::vector<ObjectNames>& objects) {
  Json list = Json::array();
  for (const auto& [type, names] : objects) {
    list.push_back({{"objectType", type}, {"objectNames", names}});
  }
  return list;
}

base::Result<std::string> ReadNewId(const base::Result<Json>& answer) {
  if (!answer) return base::Fail(answer.error());
  Reader reader(*answer, "a new job");
  std::string id = reader.Id();
  auto read = reader.Done(std::move(id));
  if (!read) return base::Fail(AfterWrite(std::move(read.error())));
  return read;
}

http::Task<base::Result<std::string>> Start(Session& session, std::string what, Json body) {
  base::Result<Json> answer =
      co_await session.Write(http::Method::kPost, JobsPath(session) + "/" + what, std::move(body));
  co_return ReadNewId(answer);
}

Call<void> Command(Session& session, std::string id, std::string verb, Json body) {
  base::Result<Json> answer = co_await session.Write(
      http::Method::kPost, ItemPath(JobsPath(session), id) + "/" + verb, std::move(body));
  if (!answer) co_return base::Fail(std::move(answer.error()));
  co_return base::Result<void>();
}

}  // namespace

Call<std::vector<Job>> ListJobs(Session& session) {
  base::Result<Json> body = co_await session.Get(JobsPath(session));
  if (!body) co_return base::Fail(std::move(body.error()));
  const bool fits = body->is_object() && body->contains("jobs") && (*body)["jobs"].is_array();
  if (!fits) {
    co_return base::Fail(base::ErrorKind::kProtocol, "the org's list of jobs has no array \"jobs\"",
                         "Check base_url of the environment");
  }
  std::vector<Job> jobs;
  for (const Json& item : (*body)["jobs"]) {
    auto job = ReadJob(item, /*listed=*/true);
    if (!job) co_return base::Fail(std::move(job.error()));
    jobs.push_back(std::move(*job));
  }
  co_return jobs;
}

Call<Job> GetJob(Session& session, std::string id) {
  base::Result<Json> body = co_await session.Get(ItemPath(JobsPath(session), id));
  if (!body) co_return base::Fail(std::move(body.error()));
  co_return ReadJob(*body, /*listed=*/false);
}

Call<std::string> StartExport(Session& session, ExportRequest request) {
  Json body = Json::object();
  body["fileName"] = request.file_name;
  body["zipComment"] = request.comment;
  body["objectsToExport"] = ObjectsJson(request.objects);
  return Start(session, "export", std::move(body));
}

Call<std::string> StartImport(Session& session, ImportRequest request) {
  const auto& options = request.options;
  Json body = Json::object();
  body["fileName"] = request.file_name;
  if (!options.dialer.empty()) body["dialerName"] = options.dialer;
  body["insertOnly"] = options.insert_only;
  // Never a salt: the org would put it to every name it has already, before any of our rules is
  // asked. It goes into the answer to a conflict alone.
  body["updateAll"] = options.update_all;
  body["ignoreErrors"] = options.ignore_errors;
  body["objectsToImport"] = ObjectsJson(request.objects);
  return Start(session, "import", std::move(body));
}

Call<void> PauseJob(Session& session, std::string id) {
  return Command(session, std::move(id), "pause", Json());
}
Call<void> ResumeJob(Session& session, std::string id) {
  return Command(session, std::move(id), "resume", Json());
}
Call<void> AbortJob(Session& session, std::string id) {
  return Command(session, std::move(id), "abort", Json());
}

Call<void> ResolveConflict(Session& session, std::string id, Resolution resolution) {
  Json body = Json::object();
  body["configObjectName"] = resolution.object;
  body["configRenameAll"] = resolution.rename_all;
  body["configIgnoreAll"] = resolution.ignore_all;
  body["configSalt"] = resolution.salt;
  body["configAppend"] = resolution.append;
  body["conflictChanges"] = Json::array();
  for (const auto& [was, becomes] : resolution.changes) {
    body["conflictChanges"].push_back({{"originalName", was}, {"newName", becomes}});
  }
  return Command(session, std::move(id), "conflict", std::move(body));
}

}  // namespace viasync::api
