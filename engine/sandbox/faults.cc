#include "engine/sandbox/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "engine/base/globs.h"
#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/sandbox/json_writer.h"

namespace viasync::sandbox {
namespace {

constexpr std::string_view kActions[] = {"status",  "lose",  "reset",        "delay",
                                         "html",    "cut",   "cut_transfer", "wrong_type",
                                         "endless", "stall", "total",        "first_page"};
constexpr std::string_view kTotals[] = {"page", "short", "zero", "none"};
constexpr std::int64_t kShort = 3;

// SplitMix64: small, and the same everywhere for the same seed.
std::uint64_t NextRandom(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

template <class Number>
bool ReadNumber(std::string_view text, Number& number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool SetKey(FaultRule& rule, std::string_view key, std::string_view value) {
  if (key == "after") return ReadNumber(value, rule.after);
  if (key == "every") return ReadNumber(value, rule.every);
  if (key == "times") return ReadNumber(value, rule.times);
  if (key == "seed") return ReadNumber(value, rule.seed);
  if (key == "probability") return ReadNumber(value, rule.probability);
  if (key == "retry_after") return (rule.retry_after = value), true;
  if (key == "carry_out") return (rule.carry_out = value == "true"), value == "true";
  if (key == "status") return (rule.action = key), ReadNumber(value, rule.status);
  if (key == "total") return (rule.action = key), (rule.total = value), true;
  if (key == "delay") return (rule.action = key), ReadNumber(value, rule.delay_ms);
  return false;
}

}  // namespace

base::Result<FaultRule> ParseFault(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::string_view word : base::Split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  FaultRule rule;
  std::string problem = words.size() < 3 ? "it has fewer than three parts" : "";
  for (std::size_t i = 2; i < words.size() && problem.empty(); ++i) {
    std::size_t equals = words[i].find('=');
    if (equals == std::string_view::npos && i == 2) {
      rule.action = words[i];
    } else if (equals == std::string_view::npos ||
               !SetKey(rule, words[i].substr(0, equals), words[i].substr(equals + 1))) {
      problem = fmt::format("'{}' is not understood", words[i]);
    }
  }
  if (problem.empty()) {
    rule.method = words[0];
    rule.path = words[1];
    problem = FaultProblem(rule);
  }
  if (problem.empty()) return rule;
  return base::Fail(base::ErrorKind::kInvalid,
                    fmt::format("Fault '{}': {}", base::Printable(text), base::Printable(problem)),
                    "Write METHOD PATH ACTION [KEY=VALUE]…, such as: PUT */filters/* lose after=3");
}

std::string FaultProblem(const FaultRule& rule) {
  for (const auto& pattern : {rule.method, rule.path}) {
    if (auto fault = base::GlobFault(pattern)) return fault->what + ": " + fault->remedy;
  }
  if (std::ranges::find(kActions, rule.action) == std::end(kActions)) {
    return fmt::format("there is no action '{}'; there are {}", rule.action,
                       fmt::join(kActions, ", "));
  }
  if (rule.every < 1) return "every must be at least 1";
  if (rule.after < 0 || rule.times < 0 || rule.delay_ms < 0) return "numbers must not be negative";
  if (!(rule.probability >= 0 && rule.probability <= 1)) return "probability must be 0 to 1";
  if (rule.status < 100 || rule.status > 599) return "status must be 100 to 599";
  if (rule.action == "total" && std::ranges::find(kTotals, rule.total) == std::end(kTotals)) {
    return fmt::format("total must be one of {}", fmt::join(kTotals, ", "));
  }
  return "";
}

void Faults::Add(FaultRule rule) {
  std::lock_guard lock(mutex_);
  std::uint64_t seed = rule.seed;
  rules_.push_back({std::move(rule), 0, 0, seed});
}

void Faults::Clear() {
  std::lock_guard lock(mutex_);
  rules_.clear();
}

bool Faults::Fires(Counted& counted) {
  const FaultRule& rule = counted.rule;
  std::int64_t number = ++counted.matched - rule.after;
  if (number <= 0 || number % rule.every != 0) return false;
  if (rule.times > 0 && counted.struck >= rule.times) return false;
  constexpr double kTwoTo53 = 9007199254740992.0;
  double chance = static_cast<double>(NextRandom(counted.chance) >> 11) / kTwoTo53;
  if (chance >= rule.probability) return false;
  ++counted.struck;
  return true;
}

std::optional<FaultRule> Faults::Strike(const std::string& method, const std::string& path) {
  std::lock_guard lock(mutex_);
  for (Counted& counted : rules_) {
    bool matches =
        base::GlobMatch(counted.rule.method, method) && base::GlobMatch(counted.rule.path, path);
    if (matches && Fires(counted)) return counted.rule;
  }
  return std::nullopt;
}

std::string Faults::Counts() const {
  std::lock_guard lock(mutex_);
  std::string out;
  AppendArray(out, rules_, [](std::string& text, const Counted& counted) {
    ObjectWriter writer(text);
    writer("action", counted.rule.action);
    writer("method", counted.rule.method);
    writer("path", counted.rule.path);
    writer("matched", counted.matched);
    writer("struck", counted.struck);
    writer.Close();
  });
  return out;
}

std::string WithOtherTotal(const std::string& body, std::string_view total) {
  auto json = base::ParseJson(body);
  if (!json.is_object() || !json.contains("totalItems")) return body;
  auto& said = json["totalItems"];
  if (total == "page") {
    auto items = std::ranges::find_if(json, [](const auto& value) { return value.is_array(); });
    said = items == json.end() ? 0 : items->size();
  } else if (total == "short") {
    said = std::max<std::int64_t>(0, said.get<std::int64_t>() - kShort);
  } else if (total == "zero") {
    said = 0;
  } else {
    json.erase("totalItems");
  }
  return json.dump();
}

std::string WithWrongTypes(const std::string& body) {
  auto json = base::ParseJson(body);
  if (!json.is_object()) return "[]";
  for (auto& [name, value] : json.items()) {
    if (value.is_string()) {
      value = 7;
    } else if (value.is_number()) {
      value = "seven";
    } else {
      value = false;
    }
  }
  return json.dump();
}

}  // namespace viasync::sandbox
