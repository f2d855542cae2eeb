// The kinds that are worked with but not declared: strategies and what is sent to them, automation
// scripts, callbacks, attempts, reference data. As in records.h, Visit() is the ONE list of each
// kind's properties; what follows `// state` is the sandbox's own and never part of an answer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/ports.h"

namespace viasync::sandbox {

// Names by locale, `[{"locale": "en-US", "value": "Default"}]` in the API.
using FriendlyName = std::vector<std::pair<std::string, std::string>>;
using Texts = std::vector<std::string>;

struct Strategy {
  std::int64_t id = 0;
  std::int64_t version = 0;
  std::string name;
  std::string description;
  std::int64_t status = 1;  // 0 building, 1 not built, 4 built, … as the reference numbers them
  base::UtcTime last_modified{};
  std::optional<base::UtcTime> last_build{};
  std::string purpose_name;
  // state
  std::optional<base::UtcTime> busy_until{};  // from then on the status is `status_then`
  std::int64_t status_then = 0;
  std::string progress;
  Texts details;                     // of the last operation on records
  std::int64_t operation_ms = 1500;  // how long an operation on records takes
  Texts fields{"@ACCOUNT", "@NUMBER", "@NUMBER2", "@NAME", "@STATE", "@BALANCE"};  // its schema
};

// A record of a strategy's prospect database.
struct Prospect {
  std::int64_t id = 0;
  std::int64_t strategy = 0;
  std::map<std::string, std::string> fields;
};

struct FastPathRecord {
  std::int64_t id = 0;
  std::int64_t list = 0;
  std::string record;
  Texts custom;
  std::string session;  // empty = nobody listens
};

struct CallAttempt {
  std::int64_t id = 0;
  std::string customer;
  std::string phone;
  std::string response_status;
  base::UtcTime time{};
  std::int64_t number_type = 0;
  std::string geocode;
  std::string purpose_name;
  std::string key;
};

struct Callback {
  std::int64_t id = 0;
  std::string work_type;
  std::string memo;
  std::string time_zone;
  std::string phone;
  base::UtcTime time{};
  std::string type;
  std::string account;
  std::string secondary;
  std::string customer;
  std::string user;
  Texts user_data;
  std::int64_t number_type = 0;  // 0 = not given
};

struct Script {
  std::int64_t id = 0;
  std::string name;
  std::string description;
  base::UtcTime last_modified{};
  bool running = false;
  std::int64_t status = 0;  // 0 ok, 1 warning, 2 error
  std::string status_message;
  std::optional<base::UtcTime> last_executed{};
  // state
  std::optional<base::UtcTime> runs_until{};
  std::int64_t run_ms = 3000;    // how long a run takes; 0 = it ends at once
  std::int64_t status_then = 0;  // how its runs end
  std::string status_message_then;
};

struct Purpose {
  std::int64_t id = 0;
  FriendlyName name;
  std::string type = "General";  // or Telemarketing
};

struct Geocode {
  std::string id;
  FriendlyName name;
};

struct Disposition {
  std::int64_t id = 0;
  std::string code;
  FriendlyName name;
  std::string type = "Agent";  // or System, Raw
  // state
  std::int64_t locally_terminated = 0;
};

struct NumberType {
  std::string id;
  std::int64_t code = 0;
  FriendlyName name;
};

}  // namespace viasync::sandbox
