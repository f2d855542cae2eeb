// An org in this process behind a simulated transport: the sandbox's own rules, no sockets, virtual
// time, and faults that a test decides per request. One object is the org for several runs.
//
// The fault model. A request is carried out, or not, at the moment it starts, or later, when nobody
// waits for its answer any more; its answer comes, is lost, or is another one. Whatever is late
// lands before the next run begins. A crash ends a run between two effects (fuse.h).
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
#include "tests/simulation/fuse.h"
#include "tests/simulation/history.h"

namespace viasync::simulation {

enum class Fault {
  kNone,
  kLostAfter,     // carried out, no answer
  kLostBefore,    // not carried out, nobody can tell
  kLandsLate,     // lost, and carried out seconds later
  kNoConnection,  // not carried out, surely
  kThrottled,     // 429
  kRetryAfter,    // 429 with Retry-After
  kTimedOut,      // 408, not carried out
  kFailedBefore,  // 503, not carried out
  kFailedAfter,   // 503, though carried out
  kCut,           // carried out, the answer ends in the middle
  kHtml,          // a proxy's page with status 200, not carried out
  kRevoked,       // 401: the token is no longer good
  kSlow,          // carried out, the answer takes half a minute
};
inline constexpr int kFaults = 14;

// Who watches. Told of everything at the moment it happens.
class Witness {
 public:
  virtual ~Witness() = default;
  // Every request of the API before anything happens to it.
  virtual Fault Strike(const http::Request&) { return Fault::kNone; }
  // An answer that reaches the client whole.
  virtual void Answered(const http::Request&, const std::string& /*body*/) {}
  virtual void Changed(const Change&) {}
};

class SimWorld {
 public:
  // Requires: `witness` outlives the world.
  SimWorld(const nlohmann::json& org, std::uint64_t seed, Witness& witness);

  // What a run works with, until `fuse` ends it. Requires: `fuse` outlives the Org.
  workflow::Org Connect(Fuse& fuse);

  // As a UI user. What the org refuses does not happen.
  void Edit(const nlohmann::json& edit);
  // What is still under way arrives.
  void LandLate();

  const History& history() const { return history_; }
  fakes::VirtualClock& clock() { return clock_; }
  const std::vector<std::string>& trace() const { return trace_; }

 private:
  struct Late {
    base::Millis due;
    http::Request request;
  };

  fakes::Outcome Handle(const http::Request& request);
  sandbox::Answer CarryOut(const http::Request& request);
  void LandDue(base::Millis now);
  void Observe(Author author);

  Witness& witness_;
  fakes::VirtualClock clock_;
  sandbox::World world_;
  fakes::SeededRandom random_;
  std::vector<Late> late_;
  History history_;
  std::vector<std::string> trace_;
};

}  // namespace viasync::simulation
