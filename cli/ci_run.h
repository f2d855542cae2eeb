// `--ci`: what a run finds, collected while it goes, and written at its end into the folder
// viasync-ci/ in the formats that CI platforms show (report/ci). The run's own exit code stays.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "engine/apply/result.h"
#include "engine/base/result.h"
#include "engine/plan/plan.h"
#include "engine/report/words.h"

namespace viasync::cli {

inline constexpr const char* kCiFolder = "viasync-ci";

class CiFlag {
 public:
  explicit CiFlag(Args& args);
  // Asked for, or on a runner of GitLab or GitHub, unless --ci=off.
  bool On() const;

 private:
  bool value_ = false;
  Option option_;
};
std::shared_ptr<CiFlag> AddCiFlag(Args& args);

// Runs `run`, and with the flag writes what it found. Not for several at a time.
ExitCode WithCi(const CiFlag& flag, const Globals& globals, const std::string& command,
                const std::function<ExitCode()>& run);

// What a run found; without --ci nothing happens.
void NoteErrors(const base::Errors& errors);
void NoteWarnings(const base::Errors& warnings);
void NotePlan(const plan::Plan& plan, report::Purpose purpose);
// The plan that `apply FILE` takes, signed where there is a key.
void NotePlanFile(const plan::Plan& plan, const std::string& key);
void NoteDiff(const plan::Plan& unasked, const plan::Plan& intended, const std::string& against);
void NoteResult(const apply::ApplyResult& result);

}  // namespace viasync::cli
