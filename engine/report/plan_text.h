// A plan for a terminal: what would happen, by kind, with the source of each change.
#pragma once

#include <cstddef>
#include <string>

#include "engine/plan/plan.h"
#include "engine/report/style.h"
#include "engine/report/words.h"

namespace viasync::report {

struct TextOptions {
  std::size_t changes_max = 60;  // more are summarised; not of what allows contact again
  bool full = false;             // everything, and what is unmanaged by name
  bool next_step = true;         // say what to run next
  Purpose purpose = Purpose::kApply;
  std::string against{};  // kDiff: the environment that is compared with
  std::string at{};       // goes behind `viasync` in commands to be copied: ` -C DIR`
};

// No line is longer than the style's width, unless a word is, or a command to be copied. Ends with
// a newline. The marks: + create, ~ update, - delete, < drift, ! conflict.
std::string PlanText(const plan::Plan& plan, const Style& style, const TextOptions& options = {});

// A comparison: what nobody asked for, then what the files ask for. The plans as workflow::Compare
// makes them.
std::string DiffText(const plan::Plan& unasked, const plan::Plan& intended, const Style& style,
                     const TextOptions& options);

}  // namespace viasync::report
