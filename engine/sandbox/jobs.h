// Export and import jobs of an org (`…/campaign/jobs`) and its media storage (`…/mediaStorage`).
//
// A job begins Pending, runs from the second look at it on, and ends when it has been looked at
// `job_polls` times and is `job_ms` old (Settings). An export then lies in the media storage. An
// import first raises its conflicts, one type of objects at a time: an object whose name the org
// has with other content, unless `insertOnly` (left alone) or `updateAll` (updated) decide. An
// import with a `salt` first puts it to the name of every object that the org has. While a
// conflict waits the job goes on with `conflicts: true`; only when none is left the objects come
// in, all at once.
#pragma once

#include "engine/sandbox/call.h"

namespace viasync::sandbox {

Answer HandleJobs(Org& org, const Call& call);  // and their pause, resume, abort, conflict
Answer HandleMedia(Org& org, const Call& call);

// Moves a job on, because somebody looks at it. True: the org changed.
bool AdvanceJob(Org& org, BulkJob& job, const Settings& settings, base::UtcTime now);

// Answers the conflict that waits. `answer` is the body of the request.
void SettleConflict(BulkJob& job, const nlohmann::json& answer);

// `/media/{org}/{token}`: what a signed URL leads to. It is good once, and refuses credentials.
inline constexpr std::string_view kMediaPrefix = "/media/";
struct SignedRequest {
  std::string method, token, body;
  bool credentials = false;  // an Authorization or x-api-key header came along
  base::UtcTime now{};
};
Answer HandleSigned(Org& org, const SignedRequest& request);

// A change of objects or jobs behind the API's back (edit.h): kind `object`, key `STRATEGY/ABC`,
// actions create, update, delete; kind `job`, key its id or file, actions fail, vanish, finish.
std::string EditBulk(Org& org, const nlohmann::json& edit);

}  // namespace viasync::sandbox
