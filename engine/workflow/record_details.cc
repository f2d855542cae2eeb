#include "engine/workflow/record_details.h"

#include <algorithm>

#include "engine/base/strings.h"

namespace viasync::workflow {
namespace {

constexpr std::string_view kKey = "Lookup key: ", kValue = " Lookup value: ";
constexpr std::string_view kField = " Field key", kStatus = "Status";

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ':' || text.front() == ' ')) text.remove_prefix(1);
  while (text.ends_with('\'') || text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// What stands behind the last `Status`, or the whole text.
std::string_view StatusOf(std::string_view text) {
  const auto at = text.rfind(kStatus);
  return Trimmed(at == std::string_view::npos ? text : text.substr(at + kStatus.size()));
}

// `@NUMBER2` of ` Field key @NUMBER2 Field value: …`; "" where no field is named.
std::string_view FieldOf(std::string_view text) {
  const auto at = text.find(kField);
  if (at == std::string_view::npos) return {};
  const std::string_view field = Trimmed(text.substr(at + kField.size()));
  return field.substr(0, field.find(' '));
}

bool IsFine(std::string_view status) {
  constexpr std::string_view kFine[] = {"success", "successful", "succeeded", "updated",
                                        "ok",      "complete",   "completed"};
  return std::ranges::find(kFine, base::ToLower(status)) != std::end(kFine);
}

// The longest of `lookups` that the text names; "" = none. A value may begin another one.
std::string NamedIn(std::string_view text, const std::vector<std::string>& lookups) {
  const auto at = text.find(kKey);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + kKey.size());
  std::string_view named;
  for (const std::string& lookup : lookups) {
    if (!text.starts_with(lookup) || lookup.size() <= named.size()) continue;
    const std::string_view rest = text.substr(lookup.size());
    if (rest.empty() || rest.front() == ' ' || rest.front() == '\'') named = lookup;
  }
  return std::string(named);
}

}  // namespace

std::string LookupOf(std::string_view key, std::string_view value) {
  return std::string(key) + std::string(kValue) + std::string(value);
}

RecordDetails ReadDetails(const api::StrategyStatuses& statuses,
                          const std::vector<std::string>& lookups) {
  RecordDetails details;
  details.complete = statuses.details_total <= static_cast<std::int64_t>(statuses.details.size());
  for (const std::string& text : statuses.details) {
    const std::string lookup = NamedIn(text, lookups);
    if (lookup.empty()) {
      details.unclear.push_back(text);
      continue;
    }
    const std::string_view status = StatusOf(text), field = FieldOf(text);
    if (IsFine(status)) continue;
    std::string& problem = details.problems[lookup];
    if (!problem.empty()) problem += "; ";
    if (!field.empty()) problem += std::string(field) + ": ";
    problem += status;
  }
  return details;
}

}  // namespace viasync::workflow
