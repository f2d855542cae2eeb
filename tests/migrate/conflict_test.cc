#include "engine/migrate/conflict.h"

#include <doctest/doctest.h>

namespace viasync::migrate {
namespace {

using model::OnConflict;

// DISPOSITIONS: {rename: {ABC: DEF}, others: ignore}; INPUTS: salt; default: stop
model::ConflictRules Rules() {
  model::ConflictRules rules;
  rules.types["disposition"] = {.rename = {{"ABC", "DEF"}}, .others = OnConflict::kIgnore};
  rules.types["input"] = {.others = OnConflict::kSalt};
  rules.types["strategy"] = {.rename = {{"S", "T"}}};
  return rules;
}

const model::ImportOptions kOptions{.salt = "A1", .append_salt = true};

}  // namespace

TEST_CASE("rules answer a conflict with exactly the type the job reported") {
  auto answer = AnswerConflict({"Dispositions", {"ABC", "XYZ"}}, Rules(), kOptions);
  REQUIRE(std::holds_alternative<Answered>(answer));
  const auto& resolution = std::get<Answered>(answer).resolution;
  CHECK(resolution.object == "Dispositions");
  CHECK(resolution.ignore_all);
  CHECK_FALSE(resolution.rename_all);
  REQUIRE(resolution.changes.size() == 1);
  CHECK(resolution.changes[0] == std::pair<std::string, std::string>{"ABC", "DEF"});
  CHECK(resolution.salt.empty());
}

TEST_CASE("salt renames all, on the side the options say") {
  auto answer = AnswerConflict({"Input", {"A", "B"}}, Rules(), kOptions);
  REQUIRE(std::holds_alternative<Answered>(answer));
  const auto& answered = std::get<Answered>(answer);
  CHECK(answered.resolution.rename_all);
  CHECK_FALSE(answered.resolution.ignore_all);
  CHECK(answered.resolution.salt == "A1");
  CHECK(answered.resolution.append);
  CHECK(answered.names[0].new_name == "AA1");
}

TEST_CASE("what no rule answers is named, and the rule to add with it") {
  auto unknown = AnswerConflict({"Schedules", {"Night \"x\""}}, Rules(), kOptions);
  REQUIRE(std::holds_alternative<Unanswered>(unknown));
  CHECK(RuleToAdd(std::get<Unanswered>(unknown)) ==
        "conflicts:\n  SCHEDULES: {rename: {\"Night \\\"x\\\"\": \"Night \\\"x\\\"_new\"}}   "
        "# or: ignore, salt");
  // A rename that names one of two leaves the other to the default.
  auto half = AnswerConflict({"Strategy", {"S", "U"}}, Rules(), kOptions);
  REQUIRE(std::holds_alternative<Unanswered>(half));
  CHECK(std::get<Unanswered>(half).names == std::vector<std::string>{"U"});
}

TEST_CASE("the default answers types without a rule") {
  model::ConflictRules rules{.fallback = OnConflict::kIgnore};
  auto answer = AnswerConflict({"Holidays", {"X"}}, rules, {});
  REQUIRE(std::holds_alternative<Answered>(answer));
  CHECK(std::get<Answered>(answer).resolution.ignore_all);
  CHECK(std::get<Answered>(answer).names[0].rule == "conflicts: default");
}

}  // namespace viasync::migrate
