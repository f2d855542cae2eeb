// Each format of a CI platform, held against a strict reader of what its documentation says: on one
// of everything, on hostile texts, and on 100,000 changes.
#include "engine/report/ci/formats.h"

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "engine/base/strings.h"
#include "engine/report/plan_markdown.h"
#include "schemas/embedded.h"
#include "tests/report/hostile.h"
#include "tests/report/json_schema.h"
#include "tests/report/plans.h"

namespace viasync::report::ci {
namespace {

using namespace report::test;
using Json = nlohmann::json;

RunReport RunOf(const plan::Plan& plan, std::string prefix = {}) {
  RunReport run{.tool = "viasync 0.1.0",
                .command = "plan",
                .environment = base::Printable(plan.environment),
                .org = base::Printable(plan.org),
                .prefix = prefix,
                .exit_code = 3,
                .plan_id = plan.id,
                .summary = plan.summary};
  run.plan_markdown = PlanMarkdown(plan, {.bytes_max = kPlanInCommentBytesMax});
  FindingCollector collector(prefix);
  collector.AddPlan(plan, Purpose::kApply);
  run.findings = collector.Take();
  return run;
}

RunReport Sample() {
  auto plan = SamplePlan();
  plan.warnings = Warnings();
  return RunOf(plan);
}

RunReport Failed() {
  RunReport run{.tool = "viasync 0.1.0", .command = "validate", .exit_code = 1};
  FindingCollector collector;
  collector.AddErrors({{.message = "50% of `a,b:c`",
                        .hint = "write it",
                        .where = base::SourcePos{"config/a b.yaml", 3, 7}}});
  run.findings = collector.Take();
  return run;
}

const plan::Plan& Huge() {
  static const plan::Plan plan = LargePlanThatUnprotects(20'000, 80'000);
  return plan;
}
const RunReport& HugeRun() {
  static const RunReport run = RunOf(Huge());
  return run;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// --- readers ------------------------------------------------------------------------------------

struct Command {
  std::string type, message;
  std::map<std::string, std::string> properties;
};

std::string Unescape(std::string text, bool property) {
  auto all = [&](const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  };
  if (property) {
    all("%3A", ":");
    all("%2C", ",");
  }
  all("%0D", "\r");
  all("%0A", "\n");
  all("%25", "%");
  return text;
}

// As GitHub's runner takes a line apart.
Command ReadCommand(const std::string& line) {
  REQUIRE(line.starts_with("::"));
  const auto end = line.find("::", 2);
  REQUIRE(end != std::string::npos);
  const std::string head = line.substr(2, end - 2);
  const auto blank = head.find(' ');
  REQUIRE(blank != std::string::npos);
  Command command{.type = head.substr(0, blank),
                  .message = Unescape(line.substr(end + 2), false),
                  .properties = {}};
  std::istringstream properties(head.substr(blank + 1));
  for (std::string one; std::getline(properties, one, ',');) {
    const auto equals = one.find('=');
    REQUIRE(equals != std::string::npos);
    command.properties[one.substr(0, equals)] = Unescape(one.substr(equals + 1), true);
  }
  return command;
}

// Elements that close what they opened, attributes in quotes, the five entities, no characters that
// XML 1.0 refuses. Gives how many elements of each name there are.
std::map<std::string, int> ReadXml(const std::string& xml) {
  static const std::regex kTag(R"re(<(/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(/?)>|<\?xml[^?]*\?>)re");
  static const std::regex kBare(R"(&(?!(?:amp|lt|gt|quot|apos);))");
  CHECK(base::IsValidUtf8(xml));
  CHECK_FALSE(std::regex_search(xml, kBare));
  for (char c : xml) CHECK((static_cast<unsigned char>(c) >= ' ' || c == '\n'));
  std::map<std::string, int> counts;
  std::vector<std::string> open;
  std::size_t last = 0;
  for (std::sregex_iterator it(xml.begin(), xml.end(), kTag), end; it != end; ++it) {
    const auto at = static_cast<std::size_t>(it->position());
    CHECK(xml.substr(last, at - last).find('<') == std::string::npos);
    last = at + static_cast<std::size_t>(it->length());
    const std::string name = (*it)[2];
    if (name.empty()) continue;
    if ((*it)[1].length() > 0) {
      REQUIRE_FALSE(open.empty());
      CHECK(open.back() == name);
      open.pop_back();
    } else {
      ++counts[name];
      open.push_back(name);
    }
  }
  CHECK(open.empty());
  return counts;
}

void CheckSarif(const std::string& text) {
  const Json sarif = Json::parse(text);
  CHECK(sarif["version"] == "2.1.0");
  REQUIRE(sarif["runs"].size() == 1);
  const Json& run = sarif["runs"][0];
  CHECK(run["tool"]["driver"]["name"] == "viasync");
  const Json& rules = run["tool"]["driver"]["rules"];
  static const std::regex kUri("(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+");
  for (const auto& result : run["results"]) {
    REQUIRE(result["ruleIndex"].get<std::size_t>() < rules.size());
    CHECK(rules[result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
    CHECK(
        (result["level"] == "error" || result["level"] == "warning" || result["level"] == "note"));
    CHECK_FALSE(result["message"]["text"].get<std::string>().empty());
    REQUIRE(result["locations"].size() == 1);
    const Json& place = result["locations"][0]["physicalLocation"];
    CHECK(std::regex_match(place["artifactLocation"]["uri"].get<std::string>(), kUri));
    CHECK(place["region"]["startLine"] >= 1);
    CHECK(result["partialFingerprints"].size() == 1);
  }
}

void CheckCodeQuality(const std::string& text) {
  static const std::set<std::string> kSeverities = {"info", "minor", "major", "critical",
                                                    "blocker"};
  std::set<std::string> prints;
  for (const auto& issue : Json::parse(text)) {
    CHECK_FALSE(issue["description"].get<std::string>().empty());
    CHECK_FALSE(issue["check_name"].get<std::string>().empty());
    CHECK(kSeverities.contains(issue["severity"]));
    CHECK_FALSE(issue["location"]["path"].get<std::string>().empty());
    CHECK(issue["location"]["lines"]["begin"] >= 1);
    CHECK(prints.insert(issue["fingerprint"]).second);
  }
}

void CheckMetrics(const std::string& text) {
  static const std::regex kType("# TYPE ([a-z_]+) gauge"), kHelp("# HELP ([a-z_]+) .+");
  static const std::regex kSample(
      R"re(([a-z_]+)\{[a-z]+="(?:[^"\\]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\]|\\["\\n])*")*\} [0-9]+)re");
  auto lines = LinesOf(text);
  REQUIRE_FALSE(lines.empty());
  CHECK(lines.back() == "# EOF");
  lines.pop_back();
  std::string family;
  for (const auto& line : lines) {
    CAPTURE(line);
    std::smatch match;
    if (std::regex_match(line, match, kType))
      family = match[1];
    else if (std::regex_match(line, match, kHelp) || std::regex_match(line, match, kSample))
      CHECK(match[1] == family);
    else
      FAIL_CHECK("is not a line of OpenMetrics");
  }
}

// Everything at once, and nothing that a format cannot hold.
void CheckAll(const RunReport& run) {
  CHECK(Json::parse(TerraformWidget(run)).size() == 3);
  CheckCodeQuality(CodeQuality(run));
  ReadXml(JUnit(run));
  CheckMetrics(OpenMetrics(run));
  CheckSarif(Sarif(run));
  static const std::regex kVariable("VIASYNC_[A-Z_]+=(?:[0-9]+|sha256:[0-9a-f]{64})");
  for (const auto& line : LinesOf(Dotenv(run))) CHECK(std::regex_match(line, kVariable));
  std::map<std::string, int> types;
  for (const auto& line : LinesOf(WorkflowCommands(run))) ++types[ReadCommand(line).type];
  for (const auto& [type, count] : types) CHECK(count <= 10);
  CHECK(Comment(run).size() <= kCommentBytesMax);
  CHECK(Comment(run).starts_with("<!-- viasync:"));
  CHECK(Comment(run).find("-->") == CommentMarker(run).size() - 3);
  viasync::test::JsonSchema schema{Json::parse(*schemas::Find("result"))};
  CHECK(schema.Check(Json::parse(ResultJson(run))) == std::vector<std::string>{});
}

std::string Everything(const RunReport& run) {
  return CodeQuality(run) + JUnit(run) + OpenMetrics(run) + Dotenv(run) + Sarif(run) +
         WorkflowCommands(run) + GitHubOutput(run) + Comment(run) + StepSummary(run) +
         ResultJson(run);
}

// --- cases --------------------------------------------------------------------------------------

TEST_CASE("every format of one of everything keeps to its documentation") {
  CheckAll(Sample());
  CheckAll(Failed());
  CHECK(TerraformWidget(Sample()) == "{\"create\":2,\"update\":3,\"delete\":2}\n");
  CHECK(Dotenv(Sample()).find("VIASYNC_PLAN_ID=sha256:") != std::string::npos);
  CHECK(Dotenv(Failed()) == "VIASYNC_EXIT_CODE=1\n");
}

TEST_CASE("no format holds a whole number or mail address") {
  const std::string all = Everything(Sample());
  for (const char* address : {"09876322222", "2065550142", "2025550111", "jane@", "bob@"}) {
    CAPTURE(address);
    CHECK(all.find(address) == std::string::npos);
  }
}

TEST_CASE("hostile texts stay text in every format") {
  for (const auto& text : kHostile) {
    CAPTURE(text);
    const auto run = RunOf(HostilePlan(text));
    CheckAll(run);
    CHECK(WorkflowCommands(run).find("##[") == std::string::npos);
  }
  const auto run = RunOf(HostilePlan("::error::x%0A::y --> \n##[group]z"));
  CheckAll(run);
  CHECK(WorkflowCommands(run).find("##[") == std::string::npos);
}

TEST_CASE("an error of a file is an annotation at its place") {
  const auto lines = LinesOf(WorkflowCommands(Failed()));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("50%25 of") != std::string::npos);
  const auto command = ReadCommand(lines[0]);
  CHECK(command.type == "error");
  CHECK(command.properties.at("file") == "config/a b.yaml");
  CHECK(command.properties.at("line") == "3");
  CHECK(command.properties.at("col") == "7");
  CHECK(command.properties.at("title") == "viasync: A file is not valid");
  CHECK(command.message == "50% of `a,b:c` → write it");
  CHECK(Sarif(Failed()).find("config/a%20b.yaml") != std::string::npos);
}

TEST_CASE("a test report shows each error, and a failed run without one") {
  auto counts = ReadXml(JUnit(Failed()));
  CHECK(counts["failure"] == 1);
  CHECK(counts["testcase"] == 2);
  RunReport silent{.tool = "viasync 0.1.0", .command = "plan", .exit_code = 4};
  CHECK(ReadXml(JUnit(silent))["failure"] == 1);
  silent.exit_code = 2;
  CHECK(ReadXml(JUnit(silent))["failure"] == 0);
}

TEST_CASE("of 100,000 changes every format holds the worst, and says how many are left") {
  const auto& run = HugeRun();
  REQUIRE(run.findings.size() == 80'000);
  CHECK(Json::parse(Sarif(run))["runs"][0]["results"].size() == kListedMax);
  CHECK(Sarif(run).find("and 75,000 more findings") != std::string::npos);
  CHECK(Json::parse(CodeQuality(run)).size() == kListedMax + 1);
  CHECK(CodeQuality(run).find("and 75,000 more findings") != std::string::npos);
  CHECK(JUnit(run).find("and 75,000 more findings") != std::string::npos);
  CHECK(Json::parse(ResultJson(run))["findings"].size() == 80'000);
  const auto commands = LinesOf(WorkflowCommands(run));
  REQUIRE(commands.size() == 10);
  CHECK(commands[9].find("79,991 more") != std::string::npos);
  CHECK(Comment(run).size() <= kCommentBytesMax);
  CHECK(StepSummary(run).size() < 1024u << 10);
  CHECK(Comment(run).find("allow contact again") != std::string::npos);
}

TEST_CASE("a comment of a run without a plan lists what is wrong") {
  const auto comment = Comment(Failed());
  CHECK(comment.starts_with("<!-- viasync:validate: -->\n### `viasync validate`\n"));
  CHECK(comment.find("**1 error, 0 warnings** (exit code 1)") != std::string::npos);
  CHECK(comment.find("- ⛔ `config/a b.yaml:3` `` 50% of `a,b:c` ``") != std::string::npos);
}

TEST_CASE("the link to the page is below the job, and there is none without an address") {
  const auto json =
      Json::parse(Annotations(Sample(), "https://gitlab.example/j/1", "viasync-ci/plan.html"));
  CHECK(json["viasync"][0]["external_link"]["url"] ==
        "https://gitlab.example/j/1/artifacts/file/viasync-ci/plan.html");
  CHECK(Annotations(Sample(), "javascript:alert(1)", "p").empty());
}

TEST_CASE("files stand below the folder of the repository in a larger checkout") {
  const auto run = RunOf(SamplePlan(), "outbound/");
  CHECK(CodeQuality(run).find("\"outbound/config/filters.yaml\"") != std::string::npos);
  CHECK(CodeQuality(run).find("\"outbound/viasync.yaml\"") != std::string::npos);
}

}  // namespace
}  // namespace viasync::report::ci
