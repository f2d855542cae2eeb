// All orgs of a server, with what stands before them: routing, tokens, the throttle. Thread-safe:
// one mutex guards everything and is never held while somebody sleeps.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "engine/sandbox/call.h"
#include "engine/sandbox/strict.h"

namespace viasync::sandbox {

// What the HTTP side hands over.
struct Incoming {
  std::string method;
  std::string path;  // decoded, without query
  std::multimap<std::string, std::string> params;
  std::string authorization;
  std::string api_key;
  std::string host{};  // the header Host
  std::string content_type;
  std::string body;
  std::string client_session{};  // the header via-client-sessionid
};

// The org a path speaks of; empty: none.
std::string OrgOfPath(const std::string& path);

class World {
 public:
  World(Settings settings, base::Clock& clock) : settings_(settings), clock_(clock) {}

  // An API or token request, from its credentials to its answer.
  Answer Handle(const Incoming& incoming);

  Settings settings() const;
  Breaches breaches() const;  // of a strict sandbox
  void set_settings(const Settings& settings);
  // From now on every token that was given out answers 401.
  void RevokeTokens();

  // Runs `work` on the orgs under the lock. `wrote` = they changed (see changes()).
  using Orgs = std::map<std::string, Org>;
  void WithOrgs(bool wrote, const std::function<void(Orgs&)>& work);
  // Grows with every change: what the data file compares itself with.
  std::uint64_t changes() const;
  base::Clock& clock() { return clock_; }

 private:
  struct Token {
    std::string org;
    base::UtcTime expires;
  };
  struct Bucket {
    double tokens = 0;
    base::Millis filled{-1};  // -1 = never
  };

  Answer HandleMediaFile(const Incoming& incoming);
  Answer Dispatch(const Incoming& incoming);
  Answer GiveToken(const Incoming& incoming);
  bool Authorised(const Org& org, const Incoming& incoming);
  bool TakeFromBucket(const std::string& org);

  mutable std::mutex mutex_;
  Settings settings_;
  base::Clock& clock_;
  Orgs orgs_;
  std::unordered_map<std::string, Token> tokens_;
  std::unordered_map<std::string, Bucket> buckets_;
  std::uint64_t changes_ = 0;
  Breaches breaches_;
};

}  // namespace viasync::sandbox
