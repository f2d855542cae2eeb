#include "engine/report/result_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/report/markdown.h"
#include "engine/report/plan_words.h"
#include "engine/report/words.h"

namespace viasync::report {
namespace {

using apply::ApplyResult;
using apply::StepResult;
using State = StepResult::State;

// What did not get done, most urgent first.
constexpr std::array kOpenStates = {State::kUnknown, State::kFailed,  State::kConflict,
                                    State::kStale,   State::kSkipped, State::kNotStarted};

std::string_view StateName(State state) {
  switch (state) {
    case State::kDone:
      return "done";
    case State::kFailed:
      return "failed";
    case State::kSkipped:
      return "skipped";
    case State::kUnknown:
      return "unknown";
    case State::kConflict:
      return "conflict";
    case State::kStale:
      return "stale";
    case State::kNotStarted:
      return "not started";
  }
  return {};
}

Colour StateColour(State state) {
  if (state == State::kDone) return Colour::kGreen;
  if (state == State::kFailed || state == State::kUnknown) return Colour::kRed;
  return state == State::kConflict || state == State::kStale ? Colour::kMagenta : Colour::kYellow;
}

std::size_t& Slot(ApplyCounts& counts, State state) {
  switch (state) {
    case State::kDone:
      return counts.done;
    case State::kFailed:
      return counts.failed;
    case State::kSkipped:
      return counts.skipped;
    case State::kUnknown:
      return counts.unknown;
    case State::kConflict:
      return counts.conflict;
    case State::kStale:
      return counts.stale;
    case State::kNotStarted:
      break;
  }
  return counts.not_started;
}

std::string StepText(const StepResult& step, bool mask) {
  const auto& change = step.change;
  return fmt::format("{} {} {}", reconcile::ActionName(change.action), model::KindName(change.kind),
                     KeyText(change.kind, change.key, mask));
}

// The org's message may quote the address that the step is about.
std::string NoteText(const StepResult& step, bool mask) {
  std::string note = step.note;
  auto key = model::ParseExclusionKey(step.change.key);
  if (!mask || step.change.kind != model::Kind::kExclusion || key.address.empty()) return note;
  std::string masked = MaskAddress(key.type, key.address);
  for (auto at = note.find(key.address); at != std::string::npos;
       at = note.find(key.address, at + masked.size())) {
    note.replace(at, key.address.size(), masked);
  }
  return note;
}

// One line each; but only how many where addresses are masked, since the lines name them.
std::vector<std::string> SettledLines(const ApplyResult& result, bool mask) {
  if (!mask || result.settled.empty()) return result.settled;
  return {base::Plural(result.settled.size(), "change") + " of a run that was cut off"};
}

// `2 filters created, 4,312 exclusions deleted`.
std::string DoneText(const ApplyResult& result) {
  std::map<std::pair<model::Kind, reconcile::Action>, std::size_t> done;
  for (const auto& step : result.steps) {
    if (step.state == State::kDone) ++done[{step.change.kind, step.change.action}];
  }
  std::vector<std::string> parts;
  for (const auto& [what, count] : done) {
    parts.push_back(base::Plural(count, model::KindName(what.first)) + " " +
                    std::string(reconcile::ActionName(what.second)) + "d");
  }
  return parts.empty() ? "nothing" : base::Join(parts, ", ");
}

// What was done and allows contact again.
std::size_t CountUnprotected(const ApplyResult& result) {
  return static_cast<std::size_t>(std::ranges::count_if(result.steps, [](const StepResult& step) {
    return step.state == State::kDone && step.change.unprotects;
  }));
}

// `2 of these allow contact again`; empty = none does.
std::string UnprotectedText(const ApplyResult& result) {
  const auto count = CountUnprotected(result);
  if (count == 0) return {};
  return base::Thousands(count) + " of these " + (count == 1 ? "allows" : "allow") +
         " contact again";
}

// `Done: 5 of 8 changes; 1 unknown, 2 skipped.`
std::string CountsLine(const ApplyResult& result) {
  auto counts = CountSteps(result);
  if (result.steps.empty()) return "Nothing to do.";
  std::string line =
      counts.Complete()
          ? fmt::format("Done: {}.", base::Plural(counts.done, "change"))
          : fmt::format("Stopped half-way: {} of {} done", base::Thousands(counts.done),
                        base::Plural(result.steps.size(), "change"));
  if (counts.Complete()) return line;
  const char* separator = "; ";
  for (auto state : kOpenStates) {
    auto count = Slot(counts, state);
    if (count == 0) continue;
    line += fmt::format("{}{} {}", separator, base::Thousands(count), StateName(state));
    separator = ", ";
  }
  return line + ".";
}

std::string NextText(const ApplyResult& result) {
  auto counts = CountSteps(result);
  if (counts.Complete()) return {};
  if (counts.conflict > 0) {
    return "The org moved while this ran: plan again to see and settle it. Where two edits of one "
           "criterion do not meet, the new plan shows them merged. What is done is not done twice.";
  }
  if (counts.stale > 0) {
    return "The org moved since the plan was reviewed: plan and review again. What is done is not "
           "done twice.";
  }
  if (counts.unknown > 0) {
    return "Run the same command again: it first asks the org what became of the unknown ones, "
           "then goes on.";
  }
  return "Run the same command again to go on: what is done is not done twice.";
}

// What became of a field that somebody changed in the org since the plan: all three terms.
std::vector<std::pair<std::string_view, std::string>> TermsOf(const reconcile::FieldChange& field) {
  auto text = [](const base::OptionalText& term) {
    return !term ? "(none)" : term->empty() ? "(empty)" : std::string(base::Trim(*term));
  };
  std::vector<std::pair<std::string_view, std::string>> terms = {
      {"base", text(field.base)}, {"local", text(field.local)}, {"remote", text(field.remote)}};
  if (field.merged) terms.emplace_back("merged", text(field.merged));
  return terms;
}

std::string MovedText(const StepResult& step) {
  constexpr std::string_view kIndent = "         ";
  std::string out;
  for (const auto& field : step.moved) {
    out += fmt::format("{}{}\n", kIndent, field.name);
    for (const auto& [side, text] : TermsOf(field)) {
      std::string label = fmt::format("{}  {:<6}  ", kIndent, side);
      for (auto part : base::Split(text, '\n')) {
        out += label + base::Printable(part) + '\n';
        label.assign(label.size(), ' ');
      }
    }
  }
  return out;
}

std::string EffortText(const ApplyResult& result) {
  std::string text = fmt::format("{} in {}", base::Plural(result.requests, "request"),
                                 base::FormatDuration(result.took));
  if (result.retries > 0) {
    text += fmt::format(", {} {}", base::Thousands(result.retries),
                        result.retries == 1 ? "retry" : "retries");
  }
  if (result.throttled > 0) {
    text += fmt::format(", slowed down {} by the org", base::Plural(result.throttled, "time"));
  }
  return text;
}

// A protection that did not arrive: somebody may be contacted who must not be.
bool LeavesUnprotected(const StepResult& step) {
  return step.change.kind == model::kProtector && step.change.protects;
}

// Calls `each(state, step)` for what was not done: all protections first, then by state, most
// urgent first, at most `listed_max` of these. Answers how many were cut.
template <class Each>
std::size_t ForOpenSteps(const ApplyResult& result, std::size_t listed_max, Each each) {
  std::size_t cut = 0, left = listed_max;
  for (bool protections : {true, false}) {
    for (auto state : kOpenStates) {
      for (const auto& step : result.steps) {
        if (step.state != state || LeavesUnprotected(step) != protections) continue;
        if (!protections && left == 0) {
          ++cut;
          continue;
        }
        left -= left > 0 ? 1 : 0;
        each(state, step);
      }
    }
  }
  return cut;
}

}  // namespace

ApplyCounts CountSteps(const ApplyResult& result) {
  ApplyCounts counts;
  for (const auto& step : result.steps) ++Slot(counts, step.state);
  return counts;
}

std::string ApplyText(const ApplyResult& result, const Style& style, std::size_t listed_max) {
  std::string out;
  auto line = [&](std::string_view text) { out.append(text) += '\n'; };
  for (const auto& settled : SettledLines(result, style.mask)) {
    line(Paint(style, Colour::kCyan, "settled ") + " " + base::Printable(settled));
  }
  line(Paint(style, Colour::kGreen, "done    ") + " " + DoneText(result));
  if (auto text = UnprotectedText(result); !text.empty()) {
    line("         " + Paint(style, Colour::kRed, text));
  }
  const std::size_t cut = ForOpenSteps(result, listed_max, [&](State state, const auto& step) {
    std::string text = Paint(style, StateColour(state), fmt::format("{:<8}", StateName(state)));
    text += " " + StepText(step, style.mask);
    if (!step.note.empty()) text += ": " + base::Printable(NoteText(step, style.mask));
    line(text);
    out += MovedText(step);
  });
  for (const auto& step : result.steps) {
    if (step.state != State::kDone || step.moved.empty()) continue;
    line(Paint(style, Colour::kMagenta, "merged  ") + " " + StepText(step, style.mask) + ": " +
         base::Printable(NoteText(step, style.mask)));
    out += MovedText(step);
  }
  if (cut > 0) {
    line(Paint(style, Colour::kDim,
               "         … and " + base::Thousands(cut) + " more (--full lists them)"));
  }
  line("");
  if (!result.stopped.empty()) line("Stopped: " + base::Printable(result.stopped));
  if (result.interrupted) line("Interrupted: what was in flight was finished, nothing else begun.");
  line(Paint(style, Colour::kBold, CountsLine(result)) +
       Paint(style, Colour::kDim, " " + EffortText(result)));
  if (auto next = NextText(result); !next.empty()) line(next);
  return out;
}

std::string ApplyJson(const ApplyResult& result) {
  using Json = nlohmann::ordered_json;
  auto counts = CountSteps(result);
  Json json = {{"format", "viasync-apply/1"},
               {"environment", result.environment},
               {"org", result.org},
               {"plan", result.plan_id},
               {"interrupted", result.interrupted},
               {"stopped", result.stopped.empty() ? Json(nullptr) : Json(result.stopped)},
               {"tookMs", result.took.count()},
               {"requests", result.requests},
               {"retries", result.retries},
               {"throttled", result.throttled},
               {"settled", result.settled},
               {"summary",
                {{"done", counts.done},
                 {"unprotected", CountUnprotected(result)},
                 {"failed", counts.failed},
                 {"skipped", counts.skipped},
                 {"unknown", counts.unknown},
                 {"conflict", counts.conflict},
                 {"stale", counts.stale},
                 {"notStarted", counts.not_started}}},
               {"steps", Json::array()}};
  for (const auto& step : result.steps) {
    Json item = {
        {"kind", model::KindName(step.change.kind)},
        {"key", step.change.key},
        {"action", reconcile::ActionName(step.change.action)},
        {"state", step.state == State::kNotStarted ? "not-started" : StateName(step.state)}};
    if (step.change.unprotects) item["unprotects"] = true;
    if (!step.note.empty()) item["note"] = step.note;
    for (const auto& field : step.moved) {
      auto term = [](const base::OptionalText& text) {
        return text ? Json(*text) : Json(nullptr);
      };
      item["moved"].push_back({{"name", field.name},
                               {"base", term(field.base)},
                               {"local", term(field.local)},
                               {"remote", term(field.remote)}});
      if (field.merged) item["moved"].back()["merged"] = *field.merged;
    }
    json["steps"].push_back(std::move(item));
  }
  return base::DumpJson(json, 2) + "\n";
}

std::string ApplyMarkdown(const ApplyResult& result, bool mask, std::size_t listed_max) {
  std::string out = "### Applied to " + CodeSpan(Clip(result.environment, kNameMax)) + " (" +
                    CodeSpan(Clip(result.org, kNameMax)) + ")\n\n";
  out += "**" + CountsLine(result) + "** " + EffortText(result) + "\n\n";
  out += "- done: " + DoneText(result) + "\n";
  if (auto text = UnprotectedText(result); !text.empty()) out += "- **" + text + "**\n";
  auto write = [&](std::string_view state, const StepResult& step) {
    out += fmt::format("- {}: {}", state, CodeSpan(StepText(step, mask)));
    if (!step.note.empty()) out += " " + CodeSpan(Clip(NoteText(step, mask), kValueMax));
    out += "\n";
    for (const auto& field : step.moved) {
      for (const auto& [side, text] : TermsOf(field)) {
        out += fmt::format("  - {} {}: {}\n", field.name, side, CodeSpan(Clip(text, kValueMax)));
      }
    }
  };
  const std::size_t cut = ForOpenSteps(
      result, listed_max, [&](State state, const auto& step) { write(StateName(state), step); });
  for (const auto& step : result.steps) {
    if (step.state == State::kDone && !step.moved.empty()) write("merged", step);
  }
  if (cut > 0) out += "- … and " + base::Thousands(cut) + " more\n";
  for (const auto& settled : SettledLines(result, mask)) {
    out += "- settled from the run before: " + CodeSpan(Clip(settled, kValueMax)) + "\n";
  }
  if (!result.stopped.empty()) {
    out += "\nStopped: " + CodeSpan(Clip(result.stopped, kValueMax)) + "\n";
  }
  if (result.interrupted) out += "\nInterrupted: nothing that was in flight was lost.\n";
  if (auto next = NextText(result); !next.empty()) out += "\n" + next + "\n";
  return out;
}

}  // namespace viasync::report
