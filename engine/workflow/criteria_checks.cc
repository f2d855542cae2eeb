#include "engine/workflow/criteria_checks.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/config/problems.h"
#include "engine/model/criteria.h"
#include "engine/model/criteria_grammar.h"

namespace viasync::workflow {
namespace {

using model::CriteriaProblem;
using reconcile::Change;

const std::string* CriteriaOf(const model::Values& values) {
  auto found = std::ranges::find(values, "criteria", &std::pair<std::string, std::string>::first);
  return found == values.end() ? nullptr : &found->second;
}

// The criterion that a push would write; nullptr = it writes none.
const std::string* Written(const Change& change) {
  if (change.kind != model::Kind::kFilter || change.direction != reconcile::Direction::kPush ||
      change.action == reconcile::Action::kDelete ||
      std::ranges::find(change.fields, "criteria", &reconcile::FieldChange::name) ==
          change.fields.end()) {
    return nullptr;
  }
  return CriteriaOf(change.after);
}

// Without quotes or brackets, in lower case: how dialects compare names differs.
std::string NameOf(const model::Token& column) {
  std::string_view text = column.text;
  if (column.kind == model::TokenKind::kString) text = text.substr(1, text.size() - 2);
  return base::ToLower(text);
}

base::Error NewColumns(const std::vector<std::string>& columns,
                       std::optional<base::SourcePos> first) {
  constexpr std::size_t kNamedMax = 4;
  base::Error error{.kind = base::ErrorKind::kInvalid,
                    .message = "no filter of the org uses the column " + config::Quoted(columns[0]),
                    .hint = "check that the column exists in the org",
                    .where = std::move(first)};
  if (columns.size() == 1) return error;
  error.message += " and " + base::Plural(columns.size() - 1, "other");
  error.hint = "check that they exist in the org: ";
  for (std::size_t i = 1; i < std::min(columns.size(), kNamedMax); ++i) {
    error.hint += (i > 1 ? ", " : "") + config::Quoted(columns[i]);
  }
  if (columns.size() > kNamedMax) {
    error.hint += " and " + std::to_string(columns.size() - kNamedMax) + " more";
  }
  return error;
}

}  // namespace

CriteriaFindings CheckPushedCriteria(const plan::Plan& plan, const config::Desired& desired) {
  CriteriaFindings findings;
  // A block ends with a line break, which the entry does not keep.
  std::unordered_map<std::string_view, std::vector<const base::Error*>> places_of;
  for (const auto& fault : desired.criteria_faults) {
    places_of[base::Trim(fault.criteria)].push_back(&fault.error);
  }
  for (const auto& change : plan.changes) {
    const auto* criteria = Written(change);
    if (!criteria) continue;
    auto problems = model::ReadCriteria(*criteria).problems;
    if (problems.empty()) continue;
    const auto* held = CriteriaOf(change.before);
    auto in_org = held ? model::ReadCriteria(*held).problems : std::vector<CriteriaProblem>();
    // The same text in the files, where there is one: there each problem has its own place.
    const auto& places = places_of[base::Trim(*criteria)];
    for (std::size_t i = 0; i < problems.size(); ++i) {
      bool known =
          std::ranges::find(in_org, problems[i].what, &CriteriaProblem::what) != in_org.end();
      auto& list = known ? findings.warnings : findings.errors;
      if (i < places.size()) {
        list.push_back(*places[i]);
        continue;
      }
      list.push_back({.kind = base::ErrorKind::kInvalid,
                      .message = "the criteria of filter " + config::Quoted(change.key) +
                                 " are not a condition: " + problems[i].what,
                      .hint = problems[i].remedy,
                      .where = base::SourcePos{change.source.file.str(), change.source.line, 0}});
    }
  }
  return findings;
}

base::Errors FindUnknownColumns(const config::Desired& desired,
                                const snapshot::Snapshot& snapshot) {
  std::set<std::string> known;
  std::vector<std::string> as_written;
  auto learn = [&](const std::string& criteria) {
    auto reading = model::ReadCriteria(criteria);
    // Of a text that cannot be read, any word may be a column.
    auto names =
        reading.problems.empty() ? std::move(reading.columns) : model::Tokenize(criteria).list;
    for (const auto& name : names) {
      bool text = name.kind == model::TokenKind::kString && name.text.ends_with('\'');
      bool word = name.kind == model::TokenKind::kWord || name.kind == model::TokenKind::kString;
      if (!word || text) continue;
      if (known.insert(NameOf(name)).second) as_written.emplace_back(name.text);
    }
  };
  for (const auto& filter : snapshot.Of<model::Filter>()) learn(filter.value.criteria);
  for (const auto& criteria : snapshot.other_criteria) learn(criteria);
  base::Errors warnings;
  if (known.empty()) return warnings;
  // Most likely mistyped where a known name is near. The others may well be new, and on a first
  // plan are many: one warning for all of them.
  std::set<std::string> told;
  std::vector<std::string> others;
  std::optional<base::SourcePos> first;
  for (const auto& filter : desired.Of<model::Filter>()) {
    if (filter.absent) continue;
    const base::SourcePos where{filter.source.file.str(), filter.source.line, 0};
    for (const auto& column : model::ReadCriteria(filter.value.criteria).columns) {
      auto name = NameOf(column);
      if (known.contains(name) || !told.insert(name).second) continue;
      auto near = base::Nearest(column.text, as_written);
      if (near) {
        warnings.push_back(
            {.kind = base::ErrorKind::kInvalid,
             .message = "no filter of the org uses the column " + config::Quoted(column.text),
             .hint = "did you mean " + config::Quoted(*near) + "?",
             .where = where});
        continue;
      }
      if (!first) first = where;
      others.emplace_back(column.text);
    }
  }
  if (!others.empty()) warnings.push_back(NewColumns(others, std::move(first)));
  return warnings;
}

}  // namespace viasync::workflow
