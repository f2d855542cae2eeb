#include "tests/simulation/simulation.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/base/strings.h"
#include "engine/workflow/applying.h"
#include "engine/workflow/planning.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/oracles.h"
#include "tests/simulation/scenario.h"
#include "tests/simulation/sim_world.h"

namespace viasync::simulation {
namespace {

using nlohmann::json;

model::Kind KindOf(std::string_view url) {
  if (url.find("/filters") != url.npos) return model::Kind::kFilter;
  return url.find("/exclusions") != url.npos ? model::Kind::kExclusion : model::Kind::kList;
}

// The key of what a POST is to make.
std::string KeyOfBody(model::Kind kind, const json& body) {
  if (kind == model::Kind::kFilter) return body.at("filterName");
  const auto& item = body.at("accountControlItems").at(0);
  return model::KeyOf(model::Exclusion{
      .type = *model::ContactTypeFromNumber(item.at("contactType").get<std::int64_t>()),
      .address = item.at("contactAddress").get<std::string>(),
      .list = item.at("contactListName").get<std::string>()});
}

Sent Read(const http::Request& request) {
  Sent sent{.method = request.method, .kind = KindOf(request.url)};
  auto body = json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (request.method == http::Method::kPost) {
    sent.key = KeyOfBody(sent.kind, body);
    return sent;
  }
  sent.id = request.url.substr(request.url.rfind('/') + 1);
  if (body.is_object()) sent.version = body.value("version", 0);
  return sent;
}

std::string IdOf(const json& id) {
  return id.is_string() ? id.get<std::string>() : std::to_string(id.get<std::int64_t>());
}

// What a run is struck with, besides the faults of its requests.
struct Fate {
  long effects = -1;     // until it dies
  int disk_writes = -1;  // until the disk is full
  int writes = -1;       // until the user asks to stop
  bool reviewed = false;
};

class Simulation final : public Witness {
 public:
  Simulation(std::uint64_t seed, Disk disk)
      : random_(seed),
        scenario_(MakeScenario(random_)),
        world_(scenario_.org, seed, *this),
        disk_(disk == Disk::kMemory ? MemoryDisk(world_.clock()) : SqliteDisk(world_.clock())) {
    scene_.history = &world_.history();
    scene_.first = scene_.desired = scenario_.first;
    repository_.environment = {.name = "dev", .org = "acme"};
    repository_.desired = scenario_.first;
    oracles_ = WriteOracles(scene_);
    for (auto& oracle : ClaimOracles(scene_)) oracles_.push_back(std::move(oracle));
  }

  ~Simulation() override {
    // A dead run's coroutines are never resumed; what they had is gone, as memory is.
    for (auto& org : dead_) {
      (void)org.session.release();
      (void)org.client.release();
      (void)org.transport.release();
    }
  }

  Verdict Go() {
    RunOnce({});  // brings base and org in step
    repository_.desired = scene_.desired = scenario_.then;
    disturbed_ = true;
    constexpr int kSeverity[] = {10, 25, 60};
    faults_ = kSeverity[random_() % std::size(kSeverity)];
    for (int runs = 3 + static_cast<int>(random_() % 3); runs > 0; --runs) RunOnce(SomeFate());
    disturbed_ = false;
    if (!Calm()) verdict_.broken.push_back("runs that nobody disturbs converge: " + why_);
    for (const auto& oracle : oracles_)
      std::ranges::copy(oracle->broken(), std::back_inserter(verdict_.broken));
    std::string all;
    for (const auto& line : world_.trace()) all += line + "\n";
    verdict_.digest = base::Sha256Hex(all + told_);
    return std::move(verdict_);
  }

  Fault Strike(const http::Request& request) override {
    if (request.method != http::Method::kGet) {
      ++verdict_.writes;
      if (--writes_left_ == 0) stop_ = true;
      for (auto& oracle : oracles_) oracle->WriteSent(Read(request));
    }
    return disturbed_ ? Disturb(request) : Fault::kNone;
  }

  void Answered(const http::Request& request, const std::string& body) override {
    auto parsed = json::parse(body, nullptr, /*allow_exceptions=*/false);
    if (request.url.ends_with("access_token")) return;
    Show(KindOf(request.url), parsed);
    if (!parsed.is_object() || !parsed.contains("totalItems")) return;
    for (auto& oracle : oracles_) oracle->CollectionShown(KindOf(request.url));
  }

  void Changed(const Change& change) override {
    scene_.now = world_.clock().Now();
    for (auto& oracle : oracles_) oracle->Changed(change);
  }

 private:
  Fault Disturb(const http::Request& request) {
    const bool looks = request.method == http::Method::kGet;
    if (Chance(random_, looks ? 3 : 12)) {
      ++verdict_.her_edits;
      world_.Edit(HerEdit(random_, world_.history(), scenario_, ++marks_));
    }
    // Some objects are never heard of again once they are written to.
    if (!looks && std::hash<std::string>()(request.url + request.body) % 16 == 0) {
      return Chance(random_, 50) ? Fault::kLostBefore : Fault::kLandsLate;
    }
    if (!Chance(random_, looks ? faults_ / 3 : faults_)) return Fault::kNone;
    return static_cast<Fault>(random_() % kFaults);
  }

  Fate SomeFate() {
    constexpr int kLife[] = {30, 100, 250};
    Fate fate;
    if (Chance(random_, 60)) fate.effects = static_cast<long>(random_() % kLife[random_() % 3]);
    if (Chance(random_, 10)) fate.disk_writes = static_cast<int>(random_() % 20);
    if (Chance(random_, 15)) fate.writes = static_cast<int>(random_() % 40) + 1;
    fate.reviewed = Chance(random_, 20);
    return fate;
  }

  void Show(model::Kind kind, const json& value) {
    if (value.is_object() && value.contains("id") && value.contains("version")) {
      for (auto& oracle : oracles_) {
        oracle->VersionShown(kind, IdOf(value["id"]), value["version"].get<std::int64_t>());
      }
    }
    if (value.is_structured()) {
      for (const auto& part : value) Show(kind, part);
    }
  }

  void RunOnce(const Fate& fate) {
    const std::string run = "run-" + std::to_string(++verdict_.runs);
    Fuse fuse(fate.effects);
    fuse.at_death = [this] { disk_->Freeze(); };
    scene_.run_began = world_.history().now();
    scene_.applying = false;
    scene_.reviewed = fate.reviewed;
    writes_left_ = fate.writes;
    stop_ = false;
    for (auto& oracle : oracles_) oracle->RunBegins();
    WatchedStore store(
        disk_->Open(run), scene_.records, fuse, [this] { return world_.history().now(); },
        [this](const store::BaseMove& move, long since) {
          for (auto& oracle : oracles_) oracle->BaseMoves(move, since);
        },
        fate.disk_writes);
    auto org = world_.Connect(fuse);
    std::optional<apply::ApplyResult> result;
    try {
      result = Work(org, store, run);
    } catch (const Crash&) {
    }
    world_.LandLate();
    if (fuse.dead()) {
      ++verdict_.crashes;
      dead_.push_back(std::move(org));
    } else {
      disk_->Close();
      if (result) Tell(*result);
    }
  }

  // What `viasync apply` does. nullopt: it did not come to applying.
  std::optional<apply::ApplyResult> Work(workflow::Org& org, store::Store& store,
                                         const std::string& run) {
    scene_.plan = {};
    auto settled = workflow::SettleOpenSteps(org, store);
    if (!settled) return Gone(settled.error());
    verdict_.settled += static_cast<int>(settled->size());
    workflow::PlanInputs inputs{.options = {.skip_conflicts = true}};
    auto planned = workflow::MakePlan(repository_, org, store, inputs);
    if (!planned) return Gone(planned.error().front());
    if (scene_.reviewed) {
      const std::string reviewed = planned->plan.id;
      planned = workflow::MakePlan(repository_, org, store, inputs);
      if (!planned) return Gone(planned.error().front());
      if (planned->plan.id != reviewed) return std::nullopt;  // stale
    }
    scene_.plan = planned->plan;
    scene_.applying = true;
    auto result = workflow::ApplyPlan(*planned, org, store,
                                      {.run = run, .reviewed = scene_.reviewed, .stop = &stop_});
    if (!result) return Gone(result.error());
    return std::move(*result);
  }

  std::nullopt_t Gone(const base::Error& error) {
    why_ = error.message;
    told_ += error.message + "\n";
    return std::nullopt;
  }

  void Tell(const apply::ApplyResult& result) {
    for (auto& oracle : oracles_) oracle->RunEnded(result);
    verdict_.interrupts += result.interrupted ? 1 : 0;
    for (const auto& step : result.steps) {
      told_ += step.change.key + " " + std::to_string(step.state) + " " + step.note + "\n";
      verdict_.rebased += step.note.starts_with("rebased") ? 1 : 0;
      verdict_.conflicts += step.state == apply::StepState::kConflict ? 1 : 0;
      verdict_.unknown += step.state == apply::StepState::kUnknown ? 1 : 0;
    }
  }

  bool Calm() {
    constexpr int kRunsMax = 3;
    for (int i = 0; i < kRunsMax; ++i) {
      why_.clear();
      RunOnce({});
      if (why_.empty() && !plan::HasPushes(scene_.plan)) {
        for (auto& oracle : oracles_) oracle->Settled();
        return true;
      }
    }
    for (const auto& change : scene_.plan.changes) {
      if (change.direction == reconcile::Direction::kPush) why_ += " " + change.key;
    }
    return false;
  }

  Random random_;
  Scenario scenario_;
  SimWorld world_;
  std::unique_ptr<DiskPort> disk_;
  workflow::Repository repository_;
  Scene scene_;
  std::vector<std::unique_ptr<Oracle>> oracles_;
  std::vector<workflow::Org> dead_;
  std::atomic<bool> stop_ = false;
  int writes_left_ = -1, marks_ = 0;
  bool disturbed_ = false;
  int faults_ = 0;  // percent of the writes; of what only looks, a third of it
  std::string why_, told_;
  Verdict verdict_;
};

}  // namespace

Verdict Simulate(std::uint64_t seed, Disk disk) { return Simulation(seed, disk).Go(); }

}  // namespace viasync::simulation
