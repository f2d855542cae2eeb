#include "engine/migrate/job_status.h"

#include <optional>

#include "engine/base/strings.h"

namespace viasync::migrate {
namespace {

struct Word {
  std::string_view word;
  Phase phase;
};
constexpr Word kWords[] = {
    {"pending", Phase::kGoing},    {"running", Phase::kGoing},  {"inprogress", Phase::kGoing},
    {"paused", Phase::kPaused},    {"completed", Phase::kDone}, {"complete", Phase::kDone},
    {"success", Phase::kDone},     {"succeeded", Phase::kDone}, {"finished", Phase::kDone},
    {"failed", Phase::kFailed},    {"error", Phase::kFailed},   {"aborted", Phase::kFailed},
    {"cancelled", Phase::kFailed},
};
constexpr std::string_view kZip = ".zip";

std::optional<Phase> Find(std::string_view status) {
  for (const Word& known : kWords) {
    if (base::EqualsIgnoreCase(known.word, base::Trim(status))) return known.phase;
  }
  return std::nullopt;
}

std::string_view WithoutZip(std::string_view file) {
  if (file.size() > kZip.size() &&
      base::EqualsIgnoreCase(file.substr(file.size() - kZip.size()), kZip)) {
    file.remove_suffix(kZip.size());
  }
  return file;
}

}  // namespace

Phase PhaseOf(std::string_view status) { return Find(status).value_or(Phase::kGoing); }

bool IsKnownStatus(std::string_view status) { return Find(status).has_value(); }

bool HasConflict(const api::Job& job) {
  const Phase phase = PhaseOf(job.status);
  return job.conflicts && !job.conflict_object.empty() && phase != Phase::kDone &&
         phase != Phase::kFailed;
}

std::string StatusWords(const api::Job& job) {
  const std::string shown = base::Printable(base::Trim(job.status));
  if (shown.empty()) return "no status";
  if (!IsKnownStatus(job.status)) return "\"" + shown + "\" (a status nobody documented)";
  const std::string word = base::ToLower(shown);
  return HasConflict(job) ? word + ", waits for an answer" : word;
}

std::string KindWords(const api::Job& job) {
  const std::string kind = base::Printable(base::Trim(job.type));
  return kind.empty() ? "job" : base::ToLower(kind);
}

bool SameFile(std::string_view a, std::string_view b) { return WithoutZip(a) == WithoutZip(b); }

std::string WithZip(std::string file) { return std::string(WithoutZip(file)) + std::string(kZip); }

}  // namespace viasync::migrate
