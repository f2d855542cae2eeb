// The control endpoint, under /_sandbox/ and for loopback clients alone: what a test needs to see
// and to do behind the API's back.
//   GET    health                      {"status": "ok", "orgs": [...]}
//   GET    log[?since=N][&writes=true]  the requests (request_log.h);  DELETE log  forgets them
//   GET    orgs | orgs/{org}           the state (state.h);  PUT orgs/{org}  replaces it
//   GET    faults                      their counts;  POST faults  adds a FaultRule or
//                                      {"rules": [...]};  DELETE faults  removes all
//   GET    settings;  POST settings    members of Settings; also "revoke_tokens": true
//   GET    contract                    what broke the contract: {"requests", "answers", "examples"}
//   POST   edit                        a change as made in the vendor's UI (edit.h)
#pragma once

#include "engine/sandbox/faults.h"
#include "engine/sandbox/request_log.h"
#include "engine/sandbox/world.h"

namespace viasync::sandbox {

inline constexpr std::string_view kControlPrefix = "/_sandbox/";

class Control {
 public:
  Control(World& world, Faults& faults, RequestLog& log)
      : world_(world), faults_(faults), log_(log) {}

  // Requires: a path below kControlPrefix, from a loopback client.
  Answer Handle(const Incoming& incoming);

 private:
  Answer HandleOrgs(const Incoming& incoming, const std::string& org);
  Answer HandleLog(const Incoming& incoming);
  Answer HandleFaults(const Incoming& incoming);
  Answer HandleSettings(const Incoming& incoming);
  Answer HandleEdit(const Incoming& incoming);
  Answer Health();
  Answer Contract();

  World& world_;
  Faults& faults_;
  RequestLog& log_;
};

}  // namespace viasync::sandbox
