// What is said of a plan as a whole, the same in text, Markdown and HTML. Printable, not escaped.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/report/document.h"
#include "engine/report/words.h"

namespace viasync::report {

// `Plan: 2 to create, 3 to update, 2 to delete, of which 1 allows contact again; …, 3 unmanaged.`
std::string SummaryLine(const plan::Plan& plan, Purpose purpose = Purpose::kApply);
// `No changes. acme-dev matches the repository (214 resources).`; nullopt: something differs.
std::optional<Line> NoChangesLine(const plan::Plan& plan, Purpose purpose = Purpose::kApply);
// `none (first run: nothing is deleted)`.
std::string BaseText(const plan::Plan& plan);

// What a plan without a base cannot know, for its head, on two lines; empty where there is a base,
// or where nothing that the org has is touched.
std::string NoBaseText(const plan::Plan& plan, Purpose purpose = Purpose::kApply);

// The options that make the same plan again, each with a blank in front.
std::string OptionFlags(const plan::Options& options);

// As one word of a shell, whatever it holds: the command is there to be copied.
std::string ShellWord(std::string_view word);
// `60 changes allow contact again`: over the list of them. Pulls: `2 changes take protection out of
// the files`, or what the org allows already where it is only shown.
std::string UnprotectTitle(const plan::Plan& plan);
std::string UnprotectPullTitle(const plan::Plan& plan, Purpose purpose = Purpose::kApply);
// One line for each limit that the plan exceeds.
std::vector<std::string> ExceededLines(const plan::Plan& plan);
// `1 warning`, over their list.
std::string WarningsTitle(const plan::Plan& plan);
// The plan's warnings with their addresses masked.
std::vector<plan::Warning> MaskedWarnings(const plan::Plan& plan);
// One line for each warning of the plan: its place, what it is, and what to do about it.
std::vector<std::string> WarningLines(const plan::Plan& plan, bool mask);
// The command that prints every change.
std::string FullCommand(const plan::Plan& plan, Purpose purpose = Purpose::kApply);
// What to do next, as a sentence ahead of a command; command empty = nothing to run.
struct NextStep {
  std::string sentence, command;
};
// `at` goes behind `viasync` in the command: ` -C DIR`.
NextStep WhatNext(const plan::Plan& plan, Purpose purpose = Purpose::kApply,
                  const std::string& at = {});
// The first 12 digits: enough to tell plans apart.
std::string ShortId(std::string_view plan_id);

}  // namespace viasync::report
