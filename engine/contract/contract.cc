#include "engine/contract/contract.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/contract/codes.h"
#include "engine/contract/document.h"

namespace viasync::contract {
namespace {

using Json = nlohmann::json;

bool IsParameter(std::string_view part) { return part.starts_with('{') && part.ends_with('}'); }

// The values, when `parts` fit the template.
std::optional<std::map<std::string, std::string>> Fit(std::string_view pattern,
                                                      std::span<const std::string_view> parts) {
  auto wanted = base::Split(pattern, '/');
  if (wanted.size() != parts.size()) return std::nullopt;
  std::map<std::string, std::string> values;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (IsParameter(wanted[i])) {
      if (parts[i].empty()) return std::nullopt;
      values.emplace(wanted[i].substr(1, wanted[i].size() - 2), parts[i]);
    } else if (wanted[i] != parts[i]) {
      return std::nullopt;
    }
  }
  return values;
}

// The text of a parameter as the JSON value that its schema speaks of.
Json ValueOf(const Schema& schema, const std::string& text) {
  const bool integer = std::ranges::find(schema.types, "integer") != schema.types.end();
  if (!integer) return text;
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return text;
  return number;
}

const Parameter* FindParameter(const Operation& operation, In in, std::string_view name) {
  for (const auto& parameter : operation.parameters) {
    if (parameter.in == in && parameter.name == name) return &parameter;
  }
  return nullptr;
}

std::string Suggestion(const Operation& operation, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& parameter : operation.parameters) {
    if (parameter.in != In::kQuery) continue;
    if (base::EqualsIgnoreCase(parameter.name, name)) {
      return "; did you mean `" + parameter.name + "`?";
    }
    known.push_back(parameter.name);
  }
  if (auto nearest = base::Nearest(name, known)) return "; did you mean `" + *nearest + "`?";
  if (known.empty()) return "; it takes none";
  return "; it takes " + base::Join(known, ", ");
}

void AddQuery(Problems& problems, const std::string& name, std::string message) {
  problems.push_back({"/query/" + name, name, std::move(message)});
}

void CheckGiven(const Operation& operation, const Query& query, Problems& problems) {
  std::string last;
  for (const auto& [name, value] : query) {
    const std::string shown = base::Printable(name);
    const Parameter* parameter = FindParameter(operation, In::kQuery, name);
    if (!parameter) {
      AddQuery(problems, shown,
               fmt::format("the parameter `{}` is not known to {}{}", shown, operation.id,
                           Suggestion(operation, name)));
      continue;
    }
    if (name == last) AddQuery(problems, name, fmt::format("`{}` is given more than once", name));
    last = name;
    Check(*parameter->schema, ValueOf(*parameter->schema, value), "/query/" + name, name, problems);
  }
}

}  // namespace

std::span<const Operation> Operations() { return Document::Get().operations(); }

const Operation* FindOperation(std::string_view id) {
  auto all = Operations();
  auto found = std::ranges::find(all, id, &Operation::id);
  return found == all.end() ? nullptr : &*found;
}

std::optional<Match> MatchRequest(std::string_view method, std::string_view path) {
  auto parts = base::Split(path, '/');
  std::optional<Match> best;
  std::size_t fewest = 0;
  bool best_allows = false;
  for (const auto& operation : Operations()) {
    auto values = Fit(operation.path, parts);
    if (!values && !operation.also_at.empty()) values = Fit(operation.also_at, parts);
    if (!values) continue;
    const bool allows = operation.method == method;
    if (best && values->size() > fewest) continue;
    if (best && values->size() == fewest && (best_allows || !allows)) continue;
    fewest = values->size();
    best_allows = allows;
    best = Match{&operation, std::move(*values)};
  }
  if (!best_allows) return std::nullopt;
  return best;
}

Problems CheckPath(const Match& match) {
  Problems problems;
  for (const auto& [name, value] : match.values) {
    const Parameter* parameter = FindParameter(*match.operation, In::kPath, name);
    if (!parameter) continue;
    Check(*parameter->schema, ValueOf(*parameter->schema, value), "/path/" + name, name, problems);
  }
  return problems;
}

Problems CheckQuery(const Operation& operation, const Query& query) {
  Problems problems;
  CheckGiven(operation, query, problems);
  for (const auto& parameter : operation.parameters) {
    if (parameter.in != In::kQuery || !parameter.required || query.contains(parameter.name)) {
      continue;
    }
    AddQuery(problems, parameter.name,
             fmt::format("the parameter `{}` is missing", parameter.name));
  }
  for (const auto& row : operation.together) {
    auto missing = std::ranges::find_if(row, [&](auto& name) { return !query.contains(name); });
    const bool some = std::ranges::any_of(row, [&](auto& name) { return query.contains(name); });
    if (some && missing != row.end()) {
      AddQuery(problems, *missing,
               fmt::format("`{}` is missing: {} go together", *missing, base::Join(row, " and ")));
    }
  }
  const bool none =
      std::ranges::none_of(operation.any_of, [&](auto& name) { return query.contains(name); });
  if (!operation.any_of.empty() && none) {
    AddQuery(problems, operation.any_of.front(),
             "one of " + base::Join(operation.any_of, ", ") + " is needed");
  }
  return problems;
}

void ReplaceWords(const Operation& operation, Query& query) {
  for (auto& [name, value] : query) {
    const Parameter* parameter = FindParameter(operation, In::kQuery, name);
    if (!parameter || parameter->schema->words.empty()) continue;
    if (auto code = Codes(parameter->schema->name).Parse(value)) value = std::to_string(*code);
  }
}

Problems CheckBody(const Operation& operation, std::string_view content_type,
                   std::string_view body) {
  const bool empty = base::Trim(body).empty();
  if (!operation.body) {
    if (empty) return {};
    return {{"", "body", operation.id + " takes no body"}};
  }
  Problems problems;
  if (empty) return {{"", "body", "the body is missing"}};
  if (!content_type.starts_with("application/json")) {
    problems.push_back({"", "Content-Type",
                        fmt::format("Content-Type is `{}`; it must be application/json",
                                    base::Printable(content_type))});
  }
  Json value = base::ParseJson(body);
  if (value.is_discarded()) {
    problems.push_back({"", "body", "the body is not JSON"});
  } else {
    Check(*operation.body, value, "", "body", problems);
  }
  return problems;
}

Problems CheckAnswer(const Operation& operation, int status, std::string_view body) {
  auto answer = operation.answers.find(status);
  const Schema* schema = nullptr;
  if (answer != operation.answers.end()) {
    schema = answer->second;
  } else if (status == 404) {
    schema = operation.answers.at(400);  // an unknown org
  } else {
    return {{"", "status", fmt::format("{} does not answer {}", operation.id, status)}};
  }
  const bool empty = base::Trim(body).empty();
  if (!schema) {
    if (empty) return {};
    return {{"", "body", fmt::format("the answer {} has a body, and must have none", status)}};
  }
  if (empty) return {{"", "body", fmt::format("the answer {} has no body", status)}};
  Json value = base::ParseJson(body);
  if (value.is_discarded()) return {{"", "body", "the answer is not JSON"}};
  Problems problems;
  Check(*schema, value, "", "body", problems);
  return problems;
}

std::string Describe(const Problems& problems) {
  std::vector<std::string> parts;
  for (const auto& problem : problems) {
    // `/version` says nothing that "`version` is missing" does not.
    const bool nested = std::ranges::count(problem.pointer, '/') > 1;
    const bool parameter =
        problem.pointer.starts_with("/query/") || problem.pointer.starts_with("/path/");
    parts.push_back((nested && !parameter ? problem.pointer + ": " : "") + problem.message);
  }
  return base::Join(parts, "; ");
}

}  // namespace viasync::contract
