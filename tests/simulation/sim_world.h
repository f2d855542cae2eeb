// An org in this process behind a simulated transport: the sandbox's own rules, no sockets, virtual
// time, and faults that a test decides per request. One object is the org for several runs.
//
// The fault model. A request is carried out, or not, at the moment it starts; then its answer
// comes, is lost, or is another one. A crash ends a run between two events: nothing of it goes on.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/sandbox/world.h"
#include "engine/workflow/org.h"
#include "tests/fakes/clock.h"
#include "tests/fakes/sim_transport.h"

namespace viasync::simulation {

enum class Fault {
  kNone,
  kLostAfter,     // carried out, no answer
  kLostBefore,    // not carried out, nobody can tell
  kNoConnection,  // not carried out, surely
  kThrottled,     // 429
  kFailedBefore,  // 503, not carried out
  kFailedAfter,   // 503, though carried out
  kCut,           // carried out, the answer ends in the middle
};

struct Crash {};  // thrown out of Drive()

class SimWorld {
 public:
  explicit SimWorld(const nlohmann::json& org);

  // What a run works with. `crash_after`: events until it ends with Crash; -1 = never.
  workflow::Org Connect(long crash_after = -1);

  // Asked for every API request before it is looked at; may also change the org (EditAsUser).
  std::function<Fault(const http::Request&)> before = [](const http::Request&) {
    return Fault::kNone;
  };
  // Told of every write that the org carried out.
  std::function<void(const http::Request&)> carried_out = [](const http::Request&) {};

  void Edit(const nlohmann::json& edit);
  nlohmann::json State();
  const std::vector<std::string>& trace() const { return trace_; }

 private:
  fakes::Outcome Handle(const http::Request& request);

  fakes::VirtualClock clock_;
  sandbox::World world_;
  std::unique_ptr<fakes::SeededRandom> random_ = std::make_unique<fakes::SeededRandom>(1);
  std::vector<std::string> trace_;
};

}  // namespace viasync::simulation
