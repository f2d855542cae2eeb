// What a job does to the org, and when.
#include <algorithm>

#include "engine/base/strings.h"
#include "engine/sandbox/bulk_zip.h"
#include "engine/sandbox/jobs.h"

namespace viasync::sandbox {
namespace {

using nlohmann::json;

bool Flag(const json& options, const char* name) { return options.value(name, false); }

std::string Salted(const std::string& name, const json& answer) {
  const std::string salt = answer.value("configSalt", "");
  return answer.value("configAppend", false) ? name + salt : salt + name;
}

bool Same(const BulkObject& a, const BulkObject& b) {
  return a.data == b.data && a.description == b.description;
}

// Objects that the org has otherwise, and nothing says what to do about it.
bool Clashes(Org& org, const BulkJob& job, const BulkObject& object) {
  if (Flag(job.options, "insertOnly") || Flag(job.options, "updateAll")) return false;
  const BulkObject* there = org.bulk.Find(object.type, object.name);
  return there && !Same(*there, object);
}

// The salt of the import itself is put to whatever the org has already, with other content or not.
void SaltThoseThere(Org& org, BulkJob& job) {
  const json answer = {{"configSalt", job.options.value("salt", "")},
                       {"configAppend", Flag(job.options, "appendSalt")}};
  job.options.erase("salt");  // once is enough, however often the job is looked at
  if (answer["configSalt"] == "") return;
  if (Flag(job.options, "insertOnly") || Flag(job.options, "updateAll")) return;
  for (BulkObject& object : job.objects) {
    if (org.bulk.Find(object.type, object.name)) object.name = Salted(object.name, answer);
  }
}

// Names the first type with conflicts. False: there is none.
bool RaiseConflict(Org& org, BulkJob& job) {
  for (const BulkObject& object : job.objects) {
    if (!job.conflict_type.empty() && object.type != job.conflict_type) continue;
    if (!Clashes(org, job, object)) continue;
    job.conflict_type = object.type;
    job.conflict_names.push_back(object.name);
  }
  return !job.conflict_type.empty();
}

void TakeIn(Org& org, const BulkJob& job) {
  for (const BulkObject& object : job.objects) {
    BulkObject* there = org.bulk.Find(object.type, object.name);
    if (!there && !Flag(job.options, "updateAll")) org.bulk.objects.push_back(object);
    if (there && !Flag(job.options, "insertOnly")) *there = object;
  }
}

bool IsSuccess(const std::string& word) {
  const std::string lower = base::ToLower(word);
  constexpr std::string_view kWords[] = {"completed", "complete", "success", "succeeded",
                                         "finished"};
  return std::ranges::find(kWords, lower) != std::end(kWords);
}

void Finish(Org& org, BulkJob& job, const Settings& settings) {
  job.state = JobState::kEnded;
  job.end = settings.job_end;
  if (!IsSuccess(job.end)) {
    job.message = "The job ended early";
    return;
  }
  const std::string count = base::Plural(job.objects.size(), "object");
  job.message = (job.import ? "Imported " : "Exported ") + count;
  if (job.import) return TakeIn(org, job);
  std::string key = std::string(kExports) + job.file;
  if (!key.ends_with(".zip")) key += ".zip";
  org.bulk.files.Put(key, PackObjects(job.objects, job.comment, settings.job_padding));
}

}  // namespace

bool AdvanceJob(Org& org, BulkJob& job, const Settings& settings, base::UtcTime now) {
  const bool moves = job.state == JobState::kPending || job.state == JobState::kRunning;
  if (!moves || !job.conflict_type.empty()) return false;
  ++job.looks;
  if (job.looks > 1) job.state = JobState::kRunning;
  const bool due = job.looks >= settings.job_polls && now - job.started >= settings.job_time;
  if (!due) return true;
  if (job.import) SaltThoseThere(org, job);
  if (job.import && RaiseConflict(org, job)) {
    job.state = settings.job_conflict_pauses ? JobState::kPaused : JobState::kRunning;
    job.message = "Waiting for a resolution of name conflicts";
    return true;
  }
  Finish(org, job, settings);
  return true;
}

void SettleConflict(BulkJob& job, const json& answer) {
  auto renamed = [&](const std::string& name) -> std::string {
    for (const json& change : answer["conflictChanges"]) {
      if (change["originalName"] == name) return change["newName"];
    }
    return answer.value("configRenameAll", false) ? Salted(name, answer) : std::string();
  };
  auto conflicts = [&](const BulkObject& object) {
    return object.type == job.conflict_type &&
           std::ranges::find(job.conflict_names, object.name) != job.conflict_names.end();
  };
  for (BulkObject& object : job.objects) {
    if (!conflicts(object)) continue;
    // Without a new name it is ignored.
    object.name = renamed(object.name);
  }
  std::erase_if(job.objects, [](const BulkObject& object) { return object.name.empty(); });
  job.conflict_type.clear();
  job.conflict_names.clear();
  job.message = "Running";
  if (job.state == JobState::kPaused) return;
  job.state = JobState::kRunning;
}

std::string EditBulk(Org& org, const json& edit) {
  const std::string action = Text(edit, "action"), key = Text(edit, "key");
  if (Text(edit, "kind") == "job") {
    auto& jobs = org.bulk.jobs;
    auto job = std::ranges::find_if(jobs, [&](const BulkJob& each) {
      return each.id == key || each.file == key || key == "*";
    });
    if (job == jobs.end()) return "there is no such job";
    if (action == "vanish") {
      jobs.erase(job);
      return "";
    }
    if (action != "fail" && action != "finish") return "action must be fail, vanish or finish";
    Settings settings;
    settings.job_end = action == "fail" ? "Failed" : "Completed";
    Finish(org, *job, settings);
    return "";
  }
  const auto slash = key.find('/');
  if (slash == std::string::npos) return "the key of an object is TYPE/NAME";
  const std::string type = key.substr(0, slash), name = key.substr(slash + 1);
  BulkObject* there = org.bulk.Find(type, name);
  if (action == "delete") {
    return std::erase_if(
               org.bulk.objects,
               [&](const BulkObject& each) { return each.type == type && each.name == name; })
               ? ""
               : "there is no such object";
  }
  if (action != "create" && action != "update") return "action must be create, update or delete";
  if ((action == "create") == (there != nullptr)) {
    return there ? "there is such an object already" : "there is no such object";
  }
  json value = there ? WriteObject(*there) : json::object();
  value.update(edit.value("set", json::object()));
  value["objectType"] = type;
  value["objectName"] = name;
  BulkObject object;
  if (std::string problem = ReadObject(value, "set", object); !problem.empty()) return problem;
  if (there) {
    *there = std::move(object);
  } else {
    org.bulk.objects.push_back(std::move(object));
  }
  return "";
}

}  // namespace viasync::sandbox
