// What there is to say about a plan, a drift, a pull, a sync or a comparison of two orgs, as a
// document without a format. Every format prints this one.
#pragma once

#include <cstddef>
#include <string>

#include "engine/plan/plan.h"
#include "engine/report/document.h"
#include "engine/report/words.h"

namespace viasync::report {

struct PlanView {
  Purpose purpose = Purpose::kApply;
  bool mask = false;             // phone numbers, account numbers, mail addresses
  std::size_t changes_max = 60;  // not of what allows contact again
  std::size_t named_max = 0;     // of what is unmanaged; else it is counted
  // The plan's warnings, and how many of them: a terminal has been shown them before.
  std::size_t warnings_max = 0;
  bool next_step = true;  // say what to run next
  std::string against{};  // kDiff: the environment that is compared with
  std::string at{};       // goes behind `viasync` in commands: ` -C DIR`
};

Document PlanDocument(const plan::Plan& plan, const PlanView& view);

// The part of a comparison that the files ask for: at most `named_max` by name.
void AddIntended(Document& document, const plan::Plan& intended, bool mask, std::size_t named_max);

}  // namespace viasync::report
