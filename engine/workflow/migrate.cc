#include "engine/workflow/migrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/http/transport.h"
#include "engine/migrate/job_status.h"
#include "engine/migrate/steps.h"
#include "engine/model/object_types.h"

namespace viasync::workflow {
namespace {

using base::Result;
using nlohmann::json;

base::Errors One(base::Error error) { return {std::move(error)}; }

std::string Digest(const json& contents) {
  return base::Sha256Hex(contents.dump(-1, ' ', false, json::error_handler_t::replace));
}

// A run stands for one set of objects; conflict rules may grow meanwhile, and options until the
// import starts.
std::string DigestOf(const model::Migration& migration) {
  return Digest(json::array({migration.objects, migration.related}));
}

std::string DigestOf(const ExportInputs& inputs) {
  return Digest(json::array({inputs.objects, inputs.related, inputs.name, inputs.comment}));
}

json OptionsJson(const model::ImportOptions& options) {
  return json::array({options.dialer, options.salt, options.append_salt, options.insert_only,
                      options.update_all, options.ignore_errors});
}

json RulesJson(const model::ConflictRules& rules) {
  json types = json::object();
  for (const auto& [type, rule] : rules.types) {
    const auto others = rule.others.value_or(rules.fallback);
    types[type] = json::array({rule.rename, model::OnConflictName(others)});
  }
  return json::array({types, model::OnConflictName(rules.fallback)});
}

store::MigrationRuns& RunsOf(store::Store& store) { return *store.Migrations(); }

json ChosenJson(const std::vector<migrate::Chosen>& objects) {
  json list = json::array();
  for (const auto& object : objects) {
    list.push_back({object.type, object.name, object.description, object.because});
  }
  return list;
}

std::vector<migrate::Chosen> ChosenFrom(const json& list) {
  std::vector<migrate::Chosen> objects;
  if (!list.is_array()) return objects;
  for (const json& entry : list) {
    const bool texts =
        entry.is_array() && entry.size() == 4 &&
        std::ranges::all_of(entry, [](const json& text) { return text.is_string(); });
    if (!texts) continue;  // altered by others
    objects.push_back({entry[0].get<std::string>(), entry[1].get<std::string>(),
                       entry[2].get<std::string>(), entry[3].get<std::string>()});
  }
  return objects;
}

// Of all that was asked for: two runs that share it would do the same.
std::string WishOf(const migrate::MigrationPlan& plan) {
  std::vector<migrate::Chosen> objects;
  for (const auto& object : plan.objects) objects.push_back(object.chosen);
  return Digest(json::array({ChosenJson(objects), OptionsJson(plan.migration.options),
                             RulesJson(plan.migration.conflicts)}));
}

std::string WishOf(const ImportInputs& inputs) {
  return Digest(
      json::array({inputs.objects, OptionsJson(inputs.options), RulesJson(inputs.rules)}));
}

store::MigrationRun Wanted(const migrate::MigrationPlan& plan, const std::string& run = "") {
  return {.name = MigrationRunName(plan.migration),
          .run = run,
          .source = plan.from_org,
          .contents = DigestOf(plan.migration)};
}

// Whoever starts a command again because it died does so soon.
constexpr std::chrono::minutes kSoon{15};

Result<std::optional<migrate::Record>> JustDone(store::Store& store,
                                                const store::MigrationRun& wanted,
                                                const std::string& wish, base::UtcTime now) {
  return migrate::Record::Finished(RunsOf(store), wanted, wish, now - kSoon, now + kSoon);
}

Result<migrate::Record> OpenRecord(store::Store& store, const store::MigrationRun& wanted,
                                   const std::string& wish, const RunInputs& inputs,
                                   base::UtcTime now) {
  if (!inputs.anew) {
    auto done = JustDone(store, wanted, wish, now);
    if (!done) return base::Fail(std::move(done.error()));
    if (*done) return std::move(**done);
  }
  return migrate::Record::Open(RunsOf(store), wanted);
}

// A run that the org refused before anything was started leaves nothing to go on with.
base::Error CloseUnstarted(migrate::Record& record, base::Error error) {
  using base::ErrorKind;
  const bool final = error.kind == ErrorKind::kRejected || error.kind == ErrorKind::kInvalid ||
                     error.kind == ErrorKind::kNotFound || error.kind == ErrorKind::kAuth ||
                     error.kind == ErrorKind::kConflict;
  if (final && !migrate::HasStarted(record)) {
    (void)record.End(store::RunState::kFailed, error.message);
  }
  return error;
}

std::string Comment(const migrate::MigrationPlan& plan) {
  return "viasync: " + plan.migration.name + ", " + plan.from_org + " to " + plan.to_org;
}

}  // namespace

base::Result<OpenSide> OpenMigrationSide(const config::Environment& environment,
                                         std::function<void(std::string)> trace,
                                         std::function<void(std::string)> notice) {
  auto org = OpenOrg(environment, std::move(trace), std::move(notice));
  if (!org) return base::Fail(std::move(org.error()));
  OpenSide open{.org = std::move(*org)};
  open.media = migrate::MakeMediaStorage(*open.org.session, environment.media);
  open.side = {.environment = environment.name,
               .org = environment.org,
               .session = open.org.session.get(),
               .media = open.media.get(),
               .settings = environment.media};
  return open;
}

std::expected<migrate::Selection, base::Errors> PlanExport(OpenSide& from,
                                                           const model::ObjectGlobs& objects,
                                                           bool related) {
  auto offer = http::Run(*from.org.transport, api::ListExportable(*from.side.session));
  if (!offer) return std::unexpected(One(std::move(offer.error())));
  return migrate::Select(*offer, objects, related, from.side.org);
}

std::expected<migrate::MigrationPlan, base::Errors> PlanMigration(
    OpenSide& from, OpenSide& to, const model::Migration& migration) {
  auto selection = PlanExport(from, migration.objects, migration.related);
  if (!selection) return std::unexpected(std::move(selection.error()));
  auto target = http::Run(*to.org.transport, api::ListExportable(*to.side.session));
  if (!target) return std::unexpected(One(std::move(target.error())));
  std::set<std::pair<std::string, std::string>> there;
  for (const auto& item : *target) there.emplace(model::TypeKey(item.group), item.name);

  migrate::MigrationPlan plan{.migration = migration,
                              .from_environment = from.side.environment,
                              .from_org = from.side.org,
                              .to_environment = to.side.environment,
                              .to_org = to.side.org,
                              .dangling = std::move(selection->dangling)};
  for (auto& chosen : selection->objects) {
    migrate::PlannedObject object{.chosen = std::move(chosen)};
    object.there = there.contains({model::TypeKey(object.chosen.type), object.chosen.name});
    object.answer = migrate::AnswerFor(object.chosen.type, object.chosen.name, migration.conflicts,
                                       migration.options);
    object.taken = object.there &&
                   there.contains({model::TypeKey(object.chosen.type), object.answer.new_name});
    plan.objects.push_back(std::move(object));
  }
  return plan;
}

Result<std::optional<migrate::MigrationPlan>> ResumedPlan(store::Store& store, const OpenSide& from,
                                                          const OpenSide& to,
                                                          const model::Migration& migration) {
  auto open = RunsOf(store).OpenRun(MigrationRunName(migration));
  if (!open) return base::Fail(std::move(open.error()));
  if (!*open) return std::nullopt;
  auto step = std::ranges::find((*open)->steps, migrate::kSelectedStep, &store::RunStep::name);
  if (step == (*open)->steps.end()) return std::nullopt;
  migrate::MigrationPlan plan{.migration = migration,
                              .from_environment = from.side.environment,
                              .from_org = from.side.org,
                              .to_environment = to.side.environment,
                              .to_org = to.side.org,
                              .resumed = true};
  for (auto& chosen : ChosenFrom(base::ParseJson(step->data))) {
    plan.objects.push_back({.chosen = std::move(chosen)});
  }
  return plan;
}

std::string ExportRunName(const ExportInputs& inputs) {
  return "export " + std::filesystem::path(inputs.out).lexically_normal().string();
}

std::string ImportRunName(const std::string& sha256) { return "import " + sha256; }

std::string MigrationRunName(const model::Migration& migration) {
  return "migrate " + migration.name;
}

Result<std::optional<base::UtcTime>> JustMigrated(store::Store& store,
                                                  const migrate::MigrationPlan& plan,
                                                  base::UtcTime now) {
  auto done = JustDone(store, Wanted(plan), WishOf(plan), now);
  if (!done) return base::Fail(std::move(done.error()));
  return *done ? (*done)->ended() : std::nullopt;
}

Result<migrate::Outcome> RunMigration(OpenSide& from, OpenSide& to, store::Store& store,
                                      const migrate::MigrationPlan& plan, RunInputs inputs) {
  const std::string wish = WishOf(plan);
  auto record =
      OpenRecord(store, Wanted(plan, inputs.run), wish, inputs, to.org.transport->clock().Now());
  if (!record) return base::Fail(std::move(record.error()));
  std::vector<migrate::Chosen> objects = ChosenFrom(record->Data(migrate::kSelectedStep));
  if (!record->IsDone(migrate::kSelectedStep)) {
    for (const auto& object : plan.objects) objects.push_back(object.chosen);
    if (auto noted = record->Done(migrate::kSelectedStep, ChosenJson(objects)); !noted) {
      return base::Fail(std::move(noted.error()));
    }
  }
  const std::string base_name = plan.migration.name;
  const std::string zip =
      inputs.folder + "/" + migrate::WithZip(migrate::FileBase(base_name, record->run()));
  migrate::Context context{*record, inputs.patience, inputs.told};
  auto exported = http::Run(
      *from.org.transport,
      migrate::Export(
          context, from.side,
          {.base_name = base_name, .comment = Comment(plan), .objects = objects, .path = zip}));
  if (!exported) return base::Fail(CloseUnstarted(*record, std::move(exported.error())));
  if (exported->end != migrate::JobEnd::kDone) {
    return exported;
  }
  migrate::ImportPlan import{.base_name = base_name, .path = zip, .objects = objects, .wish = wish};
  import.answers.rules = plan.migration.conflicts;
  import.answers.options = plan.migration.options;
  auto imported =
      http::Run(*to.org.transport, migrate::Import(context, to.side, std::move(import)));
  if (!imported) return imported;
  imported->bytes = exported->bytes;
  imported->sha256 = exported->sha256;
  imported->dangling = plan.dangling;
  if (imported->end == migrate::JobEnd::kDone) {
    std::error_code ignored;
    std::filesystem::remove(zip, ignored);
  }
  return imported;
}

Result<migrate::Outcome> RunExport(OpenSide& from, store::Store& store, const ExportInputs& inputs,
                                   const migrate::Selection& selection, RunInputs run) {
  auto record = migrate::Record::Open(
      RunsOf(store), {.name = ExportRunName(inputs), .run = run.run, .contents = DigestOf(inputs)});
  if (!record) return base::Fail(std::move(record.error()));
  migrate::Context context{*record, run.patience, run.told};
  auto outcome = http::Run(*from.org.transport, migrate::Export(context, from.side,
                                                                {.base_name = inputs.name,
                                                                 .comment = inputs.comment,
                                                                 .objects = selection.objects,
                                                                 .path = inputs.out}));
  if (!outcome) return base::Fail(CloseUnstarted(*record, std::move(outcome.error())));
  outcome->dangling = selection.dangling;
  return outcome;
}

Result<migrate::Outcome> RunImport(OpenSide& to, store::Store& store, const ImportInputs& inputs,
                                   RunInputs run) {
  auto hash = migrate::HashFile(inputs.path);
  if (!hash) return base::Fail(std::move(hash.error()));
  const std::string wish = WishOf(inputs);
  auto record = OpenRecord(
      store,
      {.name = ImportRunName(*hash), .run = run.run, .contents = Digest(json(inputs.objects))},
      wish, run, to.org.transport->clock().Now());
  if (!record) return base::Fail(std::move(record.error()));
  migrate::ImportPlan plan{.base_name = std::filesystem::path(inputs.path).stem().string(),
                           .path = inputs.path,
                           .wanted = inputs.objects,
                           .wish = wish,
                           .agree = inputs.agree};
  plan.answers.rules = inputs.rules;
  plan.answers.options = inputs.options;
  migrate::Context context{*record, run.patience, run.told};
  auto outcome = http::Run(*to.org.transport, migrate::Import(context, to.side, std::move(plan)));
  if (!outcome) return base::Fail(CloseUnstarted(*record, std::move(outcome.error())));
  return outcome;
}

Result<void> CloseRun(store::Store& store, const std::string& name,
                      const migrate::Outcome& outcome) {
  const bool done = outcome.end == migrate::JobEnd::kDone;
  if (!done && outcome.end != migrate::JobEnd::kFailed) return {};
  auto open = RunsOf(store).OpenRun(name);
  if (!open) return base::Fail(std::move(open.error()));
  if (!*open) return {};
  if (done) return RunsOf(store).End((*open)->id, store::RunState::kDone, "");
  return RunsOf(store).End((*open)->id, store::RunState::kFailed,
                           "job " + outcome.job + ": " + outcome.watched.job.status);
}

Result<void> DropRun(store::Store& store, const std::string& name, OpenSide* from, OpenSide& to) {
  auto open = RunsOf(store).OpenRun(name);
  if (!open) return base::Fail(std::move(open.error()));
  if (!*open) return {};
  std::vector<std::string> live;
  for (OpenSide* side : {from, &to}) {
    if (!side) continue;
    auto found = http::Run(*side->org.transport, migrate::LiveJobs(**open, *side->side.session));
    if (!found) return base::Fail(std::move(found.error()));
    std::ranges::move(*found, std::back_inserter(live));
  }
  if (!live.empty()) {
    return base::Fail(
        base::ErrorKind::kBusy,
        fmt::format("a job of the run to be dropped still goes on: {}", base::Join(live, ", ")),
        "Abort it first (viasync jobs abort), or run again without --restart to "
        "finish it");
  }
  return RunsOf(store).End((*open)->id, store::RunState::kFailed, "dropped");
}

std::string NewMigrationRun(base::Clock& clock, base::Random& random) {
  return fmt::format("{:x}{:04x}", clock.Now().time_since_epoch().count(), random.Next() & 0xffff);
}

}  // namespace viasync::workflow
