// The typed calls of what is done with an org rather than declared in it: contact checks and
// attempts, strategies and their records, fast path records, callbacks, scripts. Codes stay the
// numbers the API uses (words: contract::Codes), also those the reference does not list.
// Errors as in calls.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/calls.h"
#include "engine/api/session.h"

namespace viasync::api {

// May this contact be made? At least one address; an empty list asks for all lists.
struct ContactQuestion {
  std::string account, phone, email, sms, secondary, customer, list, geocode, purpose;
  std::optional<std::int64_t> number_type;
};
struct ContactVerdict {
  std::int64_t result = 0;          // CheckResult: 0 do not contact, 1 do contact, 2 not checked
  std::int64_t exclusion_type = 0;  // ExclusionType; means something only with result 0
  std::optional<base::UtcTime> since{};
  std::int64_t expires_s = 0;       // the attempt tracker lets go after so many seconds
  std::int64_t recall_after_s = 0;  // contact is convenient again after so many seconds
  std::int64_t play_message = 0;    // PlayMessageType
  std::string key;                  // for the report of the attempt; empty = none is wanted
};
inline constexpr const char* kAllLists = "ALL";  // as the list of a question
inline constexpr std::int64_t kDoNotContact = 0;
inline constexpr std::int64_t kDoContact = 1;
Call<ContactVerdict> CheckContact(Session& session, ContactQuestion question);

struct CallAttempt {
  std::string customer, phone, response_status, geocode, purpose, key;
  std::optional<base::UtcTime> time;
  std::optional<std::int64_t> number_type;
};
Call<void> ReportAttempt(Session& session, CallAttempt attempt);

struct Strategy {
  std::string id, name;
  // What the terse collection lacks; nullopt there.
  std::optional<std::int64_t> status{};  // StrategyStatus
  std::int64_t version = 0;
  std::string description, purpose;
  std::optional<base::UtcTime> modified{}, built{};
};
struct StrategyStatuses {
  std::int64_t status = 0;
  std::string description, modified, progress;
  std::vector<std::string> details;
  std::int64_t details_total = 0;  // as the org counts them
};
// Narrowed by name and purpose where they are not empty; in the order of the org.
Call<std::vector<Strategy>> ListStrategies(Session& session, std::string name, std::string purpose);
Call<Strategy> GetStrategy(Session& session, std::string id);
Call<StrategyStatuses> GetStrategyStatuses(Session& session, std::string id);

using RecordFields = std::vector<std::pair<std::string, std::string>>;
struct RecordUpdate {
  std::string key, value;  // which record
  RecordFields fields;
};
// Both are accepted here and carried out later: GetStrategyStatuses tells. InsertRecord gives the
// id of the record, "" where the answer names none.
Call<std::string> InsertRecord(Session& session, std::string strategy_id, RecordFields fields);
Call<void> UpdateRecords(Session& session, std::string strategy_id,
                         std::vector<RecordUpdate> updates);

struct FastPathRecord {
  std::string record;
  std::vector<std::string> custom;  // 3 at most
};
struct FastPathReceipt {
  std::string request_id, session_id;
};
// `client_session`: of the streaming API, for events about the record; empty = none are wanted.
Call<FastPathReceipt> InsertFastPath(Session& session, std::string list_id, FastPathRecord record,
                                     std::string client_session);

struct Callback {
  std::string work_type, memo, time_zone, phone, type, account, secondary, customer, user;
  base::UtcTime time{};
  std::vector<std::string> user_data;  // 20 at most
  std::optional<std::int64_t> number_type;
};
// Creates it, or updates the one of the same phone number and work type. Its id.
Call<std::string> PutCallback(Session& session, Callback callback);

struct Script {
  std::string id, name;
  bool running = false;
  // What the terse collection lacks; nullopt there.
  std::optional<std::int64_t> status{};  // ScriptStatus, of its last run
  std::string description, message;
  std::optional<base::UtcTime> modified{}, executed{};
};
Call<std::vector<Script>> ListScripts(Session& session, std::string name,
                                      std::optional<std::int64_t> status);
Call<Script> GetScript(Session& session, std::string id);
Call<void> StartScript(Session& session, std::string id, std::string client_session);
Call<void> StopScript(Session& session, std::string id, std::string client_session);

}  // namespace viasync::api
