// What must be true whatever happens: one small object per promise. They see the org's history,
// what leaves the client, what the store is told and what a run reports; they collect what they
// find broken.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/apply/result.h"
#include "engine/config/desired.h"
#include "engine/http/transport.h"
#include "engine/plan/plan.h"
#include "tests/simulation/history.h"
#include "tests/simulation/watched_store.h"

namespace viasync::simulation {

// A write as it leaves the client.
struct Sent {
  http::Method method = http::Method::kPost;
  model::Kind kind = model::Kind::kFilter;
  std::string id;            // empty for a create
  std::string key;           // of a create
  std::int64_t version = 0;  // that the body carries; 0 = none
};

// What all oracles look at; kept by whoever runs the simulation.
struct Scene {
  const History* history = nullptr;
  Records records;
  config::Desired first, desired;
  plan::Plan plan;        // of this run
  bool applying = false;  // before that a run only looks
  bool reviewed = false;
  long run_began = 0;  // an instant of the history
  base::UtcTime now{};
};

class Oracle {
 public:
  Oracle(const Scene& scene, std::string promise) : scene_(scene), promise_(std::move(promise)) {}
  virtual ~Oracle() = default;

  virtual void RunBegins() {}
  virtual void WriteSent(const Sent&) {}
  // The client has seen this version of the object.
  virtual void VersionShown(model::Kind, const std::string& /*id*/, std::int64_t /*version*/) {}
  virtual void CollectionShown(model::Kind) {}
  virtual void Changed(const Change&) {}
  virtual void BaseMoves(const store::BaseMove&, long /*since*/) {}
  virtual void RunEnded(const apply::ApplyResult&) {}  // not of a run that died
  virtual void Settled() {}                            // nothing is left to push

  const std::vector<std::string>& broken() const { return broken_; }

 protected:
  const Scene& scene() const { return scene_; }
  const History& history() const { return *scene_.history; }
  void Broken(const std::string& how) { broken_.push_back(promise_ + ": " + how); }
  // The push of this run's plan that a write or change belongs to; nullptr = none.
  const reconcile::Change* PushOf(model::Kind kind, const std::string& id,
                                  const std::string& key) const;

 private:
  const Scene& scene_;
  std::string promise_;
  std::vector<std::string> broken_;
};

// About single writes (write_oracles.cc), about what store, report and plan say (claim_oracles.cc).
std::vector<std::unique_ptr<Oracle>> WriteOracles(const Scene& scene);
std::vector<std::unique_ptr<Oracle>> ClaimOracles(const Scene& scene);

}  // namespace viasync::simulation
