// What an apply did, at its end: for people, for programs, for a pull request.
#pragma once

#include <cstddef>
#include <string>

#include "engine/apply/result.h"
#include "engine/report/style.h"

namespace viasync::report {

struct ApplyCounts {
  std::size_t done = 0, failed = 0, skipped = 0, unknown = 0, conflict = 0, stale = 0;
  std::size_t not_started = 0;
  bool Complete() const { return failed + skipped + unknown + conflict + stale + not_started == 0; }
};
ApplyCounts CountSteps(const apply::ApplyResult& result);

// What was done, by kind, and how much of it allows contact again; what was not and why, each by
// name (protections first and all of them, of the rest at most `listed_max`); what to do next. Ends
// with a newline.
std::string ApplyText(const apply::ApplyResult& result, const Style& style,
                      std::size_t listed_max = 30);

// {"format": "viasync-apply/1", …}: every step with its state. Ends with a newline.
std::string ApplyJson(const apply::ApplyResult& result);

// As ApplyText, fit for a comment; addresses masked unless `mask` is false.
std::string ApplyMarkdown(const apply::ApplyResult& result, bool mask = true,
                          std::size_t listed_max = 50);

}  // namespace viasync::report
