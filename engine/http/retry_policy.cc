#include "engine/http/retry_policy.h"

namespace viasync::http {
namespace {

Verdict JudgeAnswer(int status, bool safe) {
  if (status == 429) return Verdict::kAgain;
  if (status == 408 || status >= 500) return safe ? Verdict::kAgain : Verdict::kUnsure;
  return Verdict::kDone;
}

}  // namespace

Verdict Judge(const base::Result<Response>& outcome, Repeat repeat) {
  const bool safe = repeat == Repeat::kSafe;
  if (outcome) return JudgeAnswer(outcome->status, safe);
  switch (outcome.error().kind) {
    case base::ErrorKind::kNetwork:
      return Verdict::kAgain;
    case base::ErrorKind::kUnknown:
      return safe ? Verdict::kAgain : Verdict::kUnsure;
    case base::ErrorKind::kProtocol:
      return safe ? Verdict::kDone : Verdict::kUnsure;
    default:
      return Verdict::kDone;
  }
}

}  // namespace viasync::http
