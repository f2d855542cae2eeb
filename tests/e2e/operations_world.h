// An org with strategies, lists, scripts and exclusions, for the commands that act on one.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/e2e/harness.h"

namespace viasync::e2e {

using nlohmann::json;

// Strategies 50 Built (with the dynamic list), 51 Never, 52 Quick (with the fast path list 62);
// scripts Nightly (0.2 s, ends well), Broken (ends with an error), Long (an hour).
inline json OperationsOrg() {
  json name = {{{"locale", "en-US"}, {"value", "Some name"}}};
  return {
      {"schemas", {{{"id", "7"}, {"schemaName", "BaseSchema"}, {"schemaDescription", "the base"}}}},
      {"lists",
       {{{"id", 60}, {"name", "Dynamic"}, {"listType", 1}, {"strategy", "Built"}},
        {{"id", 61}, {"name", "Static"}, {"listType", 0}, {"strategy", "Built"}},
        {{"id", 62}, {"name", "Fast"}, {"listType", 2}, {"strategy", "Quick"}}}},
      {"strategies",
       {{{"id", 50}, {"name", "Built"}, {"status", 4}, {"operationMs", 300}},
        {{"id", 51}, {"name", "Never"}, {"status", 1}},
        {{"id", 52}, {"name", "Quick"}, {"status", 4}}}},
      {"automationScripts",
       {{{"id", 80}, {"scriptName", "Nightly"}, {"runMs", 200}, {"statusMessageThen", "All well"}},
        {{"id", 81}, {"scriptName", "Broken"}, {"runMs", 0}, {"statusThen", 2}},
        {{"id", 82}, {"scriptName", "Long"}, {"runMs", 3'600'000}}}},
      {"exclusions",
       {{{"contactType", 1},
         {"contactAddress", "0900"},
         {"startTime", "2020-01-01T00:00:00Z"},
         {"reason", "Do not call"}},
        {{"contactType", 1},
         {"contactAddress", "0901"},
         {"startTime", "2020-01-01T00:00:00Z"},
         {"endTime", "2020-02-01T00:00:00Z"}},
        {{"contactType", 2},
         {"contactAddress", "a@example.com"},
         {"contactListName", "Static"},
         {"startTime", "2020-01-01T00:00:00Z"}}}},
      {"purposes", {{{"id", 90}, {"friendlyName", name}, {"purposeType", "Telemarketing"}}}},
      {"geocodeTemplates", {{{"id", "Default"}, {"friendlyName", name}}}},
      {"dispositions", {{{"id", 91}, {"dispositionCode", "BZ"}, {"friendlyName", name}}}},
      {"numberTypes", {{{"id", "HomePhone"}, {"numberTypeCode", 1}, {"friendlyName", name}}}}};
}

inline bool Holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// How often each account was sent, as the org has seen it.
inline std::map<std::string, int> Sent(World& world) {
  std::map<std::string, int> sent;
  for (const auto& entry : world.Writes()) {
    std::string target = entry.at("target");
    if (!target.ends_with("/records")) continue;
    auto body = json::parse(entry.at("body").get<std::string>());
    ++sent[body.at("records").at(0).at("items").at(0).at("value")];
  }
  return sent;
}

// A CSV of `count` records with the accounts 1000, 1001, …
inline std::string Records(int count) {
  std::string csv = "@ACCOUNT,@NAME\n";
  for (int i = 0; i < count; ++i) csv += std::to_string(1000 + i) + ",somebody\n";
  return csv;
}

// The rows of each state that a result file ends with.
inline std::map<std::string, int> States(const std::string& results) {
  std::map<std::string, std::string> last;
  for (std::size_t at = results.find('\n') + 1; at < results.size();) {
    auto end = results.find('\n', at);
    std::string line = results.substr(at, end - at);
    at = end + 1;
    auto first = line.find(','), second = line.find(',', first + 1);
    auto third = line.find(',', second + 1);
    if (line.starts_with("0,")) continue;
    last[line.substr(0, first)] = line.substr(second + 1, third - second - 1);
  }
  std::map<std::string, int> states;
  for (const auto& [line, state] : last) ++states[state];
  return states;
}

}  // namespace viasync::e2e
