#include "engine/migrate/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "engine/base/strings.h"
#include "engine/migrate/fates.h"
#include "engine/migrate/job_status.h"
#include "engine/migrate/start_once.h"
#include "engine/migrate/steps.h"
#include "engine/migrate/zip_file.h"
#include "engine/model/object_types.h"

namespace viasync::migrate {
namespace {

using base::Result;
using nlohmann::json;

constexpr int kFileLooks = 6;  // for a zip that a finished export has not shown yet
constexpr base::Millis kFileWait{500};

void Tell(const Context& context, const std::string& stage) {
  if (context.told.stage) context.told.stage(stage);
}

json ObjectsJson(const std::vector<Chosen>& objects) {
  json list = json::array();
  for (const Chosen& object : objects) list.push_back({object.type, object.name});
  return list;
}

// What lies in the store may have been altered by others.
bool AreTexts(const json& list, std::size_t count) {
  return list.is_array() && list.size() == count &&
         std::ranges::all_of(list, [](const json& text) { return text.is_string(); });
}

std::vector<Chosen> ObjectsFrom(const json& list) {
  std::vector<Chosen> objects;
  if (!list.is_array()) return objects;
  for (const json& entry : list) {
    if (!AreTexts(entry, 2)) continue;
    objects.push_back({.type = entry[0].get<std::string>(), .name = entry[1].get<std::string>()});
  }
  return objects;
}

std::string TextIn(const json& data, const char* name) {
  const bool there = data.is_object() && data.contains(name) && data[name].is_string();
  return there ? data[name].get<std::string>() : std::string();
}

// What a job that did not end well leaves to say.
Outcome& Settle(Outcome& outcome, const Side& side, std::string job, Watched watched) {
  outcome.end = watched.end;
  outcome.job = std::move(job);
  outcome.job_org = side.org;
  outcome.job_environment = side.environment;
  outcome.watched = std::move(watched);
  return outcome;
}

// The name under which the org reports the job's file.
http::Task<Result<std::string>> ReportedFile(api::Session& session, std::string id,
                                             std::string file) {
  Result<std::vector<api::Job>> jobs = co_await api::ListJobs(session);
  if (!jobs) co_return base::Fail(std::move(jobs.error()));
  auto found = std::ranges::find(*jobs, id, &api::Job::id);
  if (found == jobs->end() || found->file_name.empty()) co_return file;
  co_return found->file_name;
}

http::Task<Result<std::string>> FindZip(const Context& context, Side& from, std::string file) {
  for (int look = 0; look < kFileLooks; ++look) {
    if (look > 0) {
      const bool goes_on =
          co_await Nap(from.session->client().transport(), look * kFileWait, context.patience);
      if (!goes_on) break;
    }
    Result<std::optional<std::string>> key = co_await from.media->Find(from.settings.exports, file);
    if (!key) co_return base::Fail(std::move(key.error()));
    if (*key) co_return std::move(**key);
  }
  const bool folder = !from.settings.directory.empty();
  co_return base::Fail(
      base::ErrorKind::kNotFound,
      fmt::format("the export is done, but {} does not hold {}",
                  folder ? base::Printable(from.settings.directory) : "the media storage",
                  base::Printable(from.settings.exports + WithZip(file))),
      folder ? "Put the file there, and run again: the export is not repeated"
             : "Look at `media_storage` of the environment, and run again: the export is not "
               "repeated");
}

// Downloads the zip unless it lies there whole already.
http::Task<Result<void>> FetchZip(Context& context, Side& from, std::string file, std::string path,
                                  Outcome& outcome) {
  Record& record = context.record;
  const json data = record.Data(kDownloadStep);
  if (record.IsDone(kDownloadStep)) {
    Result<std::string> hash = HashFile(path);
    Result<std::uint64_t> bytes = FileSize(path);
    if (hash && bytes && *hash == TextIn(data, "sha256")) {
      outcome.sha256 = *hash;
      outcome.bytes = *bytes;
      co_return Result<void>();
    }
  }
  Tell(context, "downloading from " + from.org);
  Result<std::string> key = co_await FindZip(context, from, file);
  if (!key) co_return base::Fail(std::move(key.error()));
  Result<void> noted = record.Intend(kDownloadStep);
  if (!noted) co_return noted;
  Result<void> fetched =
      co_await from.media->Download(*key, path, context.told.bytes, context.patience.stop);
  if (!fetched) co_return fetched;
  Result<ZipContent> content = InspectZip(path);
  if (!content) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    content.error().message = "what was downloaded is of no use: " + content.error().message;
    co_return base::Fail(std::move(content.error()));
  }
  outcome.sha256 = content->sha256;
  outcome.bytes = content->file_bytes;
  json done = json::object();
  done["sha256"] = content->sha256;
  done["bytes"] = content->file_bytes;
  co_return record.Done(kDownloadStep, done);
}

// Uploads the zip unless it is there already.
http::Task<Result<void>> PutZip(Context& context, Side& to, std::string file, std::string path) {
  Record& record = context.record;
  if (record.IsDone(kUploadStep)) co_return Result<void>();
  if (record.IsOpened(kUploadStep)) {
    Result<std::optional<std::string>> there = co_await to.media->Find(to.settings.imports, file);
    if (!there) co_return base::Fail(std::move(there.error()));
    if (*there) co_return record.Done(kUploadStep);
  }
  Tell(context, "uploading to " + to.org);
  Result<void> noted = record.Intend(kUploadStep);
  if (!noted) co_return noted;
  Result<void> sent = co_await to.media->Upload(path, to.settings.imports + file,
                                                context.told.bytes, context.patience.stop);
  if (!sent) co_return sent;
  co_return record.Done(kUploadStep);
}

std::string OptionsMark(const model::ImportOptions& options) {
  return fmt::format("{}|{}|{}{}{}{}", options.dialer, options.salt, options.append_salt,
                     options.insert_only, options.update_all, options.ignore_errors);
}

// Names from an org stand for themselves, even where they hold a `*`.
std::string ExactGlob(const std::string& name) {
  std::string glob;
  for (char c : name) {
    if (c == '*' || c == '?' || c == '\\') glob += '\\';
    glob += c;
  }
  return glob;
}

// A folder may stand for a storage that somebody carries files to.
base::Error WithCarryHint(base::Error error, const Side& to, const std::string& file) {
  const bool refused =
      error.kind == base::ErrorKind::kRejected || error.kind == base::ErrorKind::kNotFound;
  if (!refused || to.settings.directory.empty()) return error;
  const std::string key = to.settings.imports + file;
  error.hint = fmt::format(
      "If the org does not see the file yet, carry {} to its media storage as {}, and run again",
      base::Printable(to.settings.directory + "/" + key), base::Printable(key));
  return error;
}

// What the zip offers of what is wanted; on record, so that a rerun imports the same.
http::Task<Result<std::vector<Chosen>>> ChooseFromZip(Context& context, Side& to, std::string file,
                                                      const ImportPlan& plan) {
  Record& record = context.record;
  if (record.IsDone(kChosenStep)) co_return ObjectsFrom(record.Data(kChosenStep));
  Result<std::vector<api::BulkItem>> offer = co_await api::ListImportable(*to.session, file);
  if (!offer) co_return base::Fail(WithCarryHint(std::move(offer.error()), to, file));
  model::ObjectGlobs wanted = plan.wanted;
  for (const Chosen& object : plan.objects) {
    wanted[object.type].push_back(ExactGlob(object.name));
  }
  if (wanted.empty()) {
    for (std::string_view type : model::ObjectTypes()) wanted[std::string(type)] = {"*"};
  }
  auto selection = Select(*offer, wanted, /*related=*/false, file);
  if (!selection) co_return base::Fail(std::move(selection.error().front()));
  Result<void> noted = record.Done(kChosenStep, ObjectsJson(selection->objects));
  if (!noted) co_return base::Fail(std::move(noted.error()));
  co_return std::move(selection->objects);
}

// What the target has of the types of `objects` before the import; on record, since afterwards
// nobody can tell.
http::Task<Result<std::vector<Chosen>>> HadBefore(Context& context, Side& to,
                                                  const std::vector<Chosen>& objects) {
  Record& record = context.record;
  if (record.IsDone(kBeforeStep)) co_return ObjectsFrom(record.Data(kBeforeStep));
  Result<std::vector<api::BulkItem>> items = co_await api::ListExportable(*to.session);
  if (!items) co_return base::Fail(std::move(items.error()));
  std::map<std::string, std::string> types;  // as requests spell them, by TypeKey
  for (const Chosen& object : objects) types.emplace(model::TypeKey(object.type), object.type);
  std::vector<Chosen> before;
  for (const api::BulkItem& item : *items) {
    auto type = types.find(model::TypeKey(item.group));
    if (type != types.end()) before.push_back({.type = type->second, .name = item.name});
  }
  Result<void> noted = record.Done(kBeforeStep, ObjectsJson(before));
  if (!noted) co_return base::Fail(std::move(noted.error()));
  co_return before;
}

json RoundJson(const Round& round) {
  json names = json::array();
  for (const NameAnswer& answer : round.answers) {
    names.push_back({answer.name, answer.new_name, std::string(OnConflictName(answer.what))});
  }
  return {{"object", round.conflict.object}, {"names", round.conflict.names}, {"answers", names}};
}

// The rounds that earlier runs answered.
void ReadRounds(const Record& record, Answers& answers) {
  for (const std::string& step : record.Steps(kRoundStep)) {
    const json data = record.Data(step);
    if (!data.is_object() || !data.contains("names") || !data.contains("answers")) continue;
    if (!AreTexts(data["names"], data["names"].size())) continue;
    Round round{.sure = record.IsDone(step)};
    round.conflict.object = TextIn(data, "object");
    round.conflict.names = data["names"].get<std::vector<std::string>>();
    for (const json& entry : data["answers"]) {
      if (!AreTexts(entry, 3)) continue;
      NameAnswer answer{.name = entry[0].get<std::string>(),
                        .new_name = entry[1].get<std::string>()};
      answer.what =
          model::ParseOnConflict(entry[2].get<std::string>()).value_or(model::OnConflict::kIgnore);
      round.answers.push_back(std::move(answer));
    }
    answers.rounds.push_back(std::move(round));
  }
}

}  // namespace

bool HasStarted(const Record& record) {
  return record.IsDone(kExportStep) || record.IsDone(kUploadStep) || record.IsDone(kImportStep);
}

std::string FileBase(const std::string& name, const std::string& run) {
  constexpr std::size_t kNameMax = 60;
  std::string base;
  for (char c : name.substr(0, kNameMax)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_';
    base += plain ? c : '-';
  }
  return base + "-" + run;
}

http::Task<Result<Outcome>> Export(Context& context, Side& from, ExportPlan plan) {
  Record& record = context.record;
  Outcome outcome{.run = record.run(), .resumed = record.resumed()};
  const std::string file = FileBase(plan.base_name, record.run());
  if (!record.IsDone(kExportedStep)) {
    Tell(context, "exporting from " + from.org);
    api::ExportRequest request{file, plan.comment, ForRequest(plan.objects)};
    StartOnce start{.session = *from.session, .record = record, .step = kExportStep};
    start.type = "export";
    start.file = file;
    start.tell = context.told.stage;
    start.post = [&from, &request] { return api::StartExport(*from.session, request); };
    Result<std::string> id = co_await start.Run(context.patience);
    if (!id) co_return base::Fail(std::move(id.error()));
    Result<Watched> watched =
        co_await WatchJob(*from.session, *id, nullptr, context.patience, false);
    if (!watched) co_return base::Fail(std::move(watched.error()));
    const bool done = watched->end == JobEnd::kDone;
    Settle(outcome, from, *id, std::move(*watched));
    if (!done) co_return outcome;
    Result<std::string> reported = co_await ReportedFile(*from.session, *id, file);
    if (!reported) co_return base::Fail(std::move(reported.error()));
    json data = json::object();
    data["file"] = *reported;
    Result<void> noted = record.Done(kExportedStep, data);
    if (!noted) co_return base::Fail(std::move(noted.error()));
  }
  outcome.job = TextIn(record.Data(kExportStep), "id");
  outcome.job_org = from.org;
  outcome.job_environment = from.environment;
  outcome.file = plan.path;
  // Once the target holds the zip, nobody needs it here.
  if (record.IsDone(kUploadStep)) co_return outcome;
  const std::string reported = TextIn(record.Data(kExportedStep), "file");
  Result<void> fetched = co_await FetchZip(context, from, reported, plan.path, outcome);
  if (!fetched) co_return base::Fail(std::move(fetched.error()));
  co_return outcome;
}

http::Task<Result<Outcome>> Import(Context& context, Side& to, ImportPlan plan) {
  Record& record = context.record;
  Outcome outcome{
      .run = record.run(), .resumed = record.resumed(), .ended = record.ended(), .file = plan.path};
  const std::string file = WithZip(FileBase(plan.base_name, record.run()));
  Result<void> put = co_await PutZip(context, to, file, plan.path);
  if (!put) co_return base::Fail(std::move(put.error()));
  Result<std::vector<Chosen>> chosen = co_await ChooseFromZip(context, to, file, plan);
  if (!chosen) co_return base::Fail(std::move(chosen.error()));
  Result<std::vector<Chosen>> before = co_await HadBefore(context, to, *chosen);
  if (!before) co_return base::Fail(std::move(before.error()));
  outcome.objects = UnknownFates(*chosen);
  if (!record.IsOpened(kImportStep) && plan.agree && !plan.agree(*chosen)) {
    outcome.end = JobEnd::kInterrupted;
    co_return outcome;
  }
  Answers& answers = plan.answers;
  for (const Chosen& there : *before) {
    answers.taken.emplace(model::TypeKey(there.type), there.name);
  }
  ReadRounds(record, answers);
  answers.note = [&record](std::size_t number, const Round& round) {
    const std::string step = fmt::format("{}{}", kRoundStep, number + 1);
    return round.sure ? record.Done(step, RoundJson(round)) : record.Intend(step, RoundJson(round));
  };
  if (!record.IsDone(kImportedStep)) {
    Tell(context, "importing into " + to.org);
    api::ImportRequest request{file, answers.options, ForRequest(*chosen)};
    StartOnce start{.session = *to.session, .record = record, .step = kImportStep};
    start.type = "import";
    start.file = file;
    start.mark = OptionsMark(answers.options);
    start.tell = context.told.stage;
    start.post = [&to, &request] { return api::StartImport(*to.session, request); };
    Result<std::string> id = co_await start.Run(context.patience);
    if (!id) co_return base::Fail(std::move(id.error()));
    Result<Watched> watched =
        co_await WatchJob(*to.session, *id, &answers, context.patience, record.resumed());
    outcome.rounds = answers.rounds.size();
    if (!watched) co_return base::Fail(std::move(watched.error()));
    const bool done = watched->end == JobEnd::kDone;
    Settle(outcome, to, *id, std::move(*watched));
    if (!done) co_return outcome;
    json asked = json::object();
    asked[kWish] = plan.wish;
    Result<void> noted = record.Done(kImportedStep, asked);
    if (!noted) co_return base::Fail(std::move(noted.error()));
  }
  outcome.rounds = answers.rounds.size();
  outcome.job = TextIn(record.Data(kImportStep), "id");
  Result<std::vector<api::BulkItem>> after = co_await api::ListExportable(*to.session);
  if (!after) co_return base::Fail(std::move(after.error()));
  outcome.objects = FatesOf(*chosen, *before, answers, *after);
  co_return outcome;
}

http::Task<Result<std::vector<std::string>>> LiveJobs(store::MigrationRun run,
                                                      api::Session& session) {
  Result<std::vector<api::Job>> jobs = co_await api::ListJobs(session);
  if (!jobs) co_return base::Fail(std::move(jobs.error()));
  std::vector<std::string> live;
  for (const api::Job& job : *jobs) {
    const Phase phase = PhaseOf(job.status);
    const bool ended = phase == Phase::kDone || phase == Phase::kFailed;
    const bool ours = WithZip(job.file_name).ends_with(WithZip("-" + run.run));
    if (ended || !ours) continue;
    live.push_back(fmt::format("{} {} of {}", KindWords(job), base::Printable(job.id),
                               session.endpoint().org));
  }
  co_return live;
}

}  // namespace viasync::migrate
