#include "engine/sandbox/seed_operations.h"

#include <fmt/format.h>

#include "engine/sandbox/strategies.h"

namespace viasync::sandbox {
namespace {

FriendlyName English(std::string text) { return {{"en-US", std::move(text)}}; }

void AddReferenceData(Org& org) {
  org.purposes.Add({org.NextId(), English("Telemarketing"), "Telemarketing"});
  org.purposes.Add({org.NextId(), English("Collections"), "General"});
  org.geocodes.Add({"Default", English("Default")});
  org.geocodes.Add({"USA", English("United States")});
  const NumberType number_types[] = {{"HomePhone", 1, English("Home Phone")},
                                     {"WorkPhone", 2, English("Work Phone")},
                                     {"OtherPhone", 3, English("Other Phone")},
                                     {"WirelessPhone", 4, English("Wireless Phone")}};
  for (const NumberType& type : number_types) org.number_types.Add(type);
  const struct {
    const char *code, *name, *type;
    std::int64_t local;
  } dispositions[] = {{"BZ", "Busy", "Raw", 0},
                      {"NA", "No Answer", "Raw", 0},
                      {"CB", "Service Level Callback", "Agent", 0},
                      {"SL", "Sale", "Agent", 0},
                      {"DN", "Do Not Call", "Agent", 0},
                      {"EX", "Excluded", "System", 1},
                      {"LT", "Locally Terminated", "System", 1}};
  for (const auto& d : dispositions) {
    org.dispositions.Add({org.NextId(), d.code, English(d.name), d.type, d.local});
  }
}

void AddStrategies(Org& org, std::size_t count, base::UtcTime now) {
  constexpr std::size_t kNeverBuiltEvery = 5;
  for (std::size_t i = 1; i <= count; ++i) {
    Strategy strategy{.id = org.NextId(),
                      .version = org.NextVersion(),
                      .name = fmt::format("Strategy{}", i),
                      .description = fmt::format("Strategy {} of the campaign", i),
                      .status = kBuildComplete,
                      .last_modified = now,
                      .purpose_name = "Telemarketing",
                      .progress = "Complete",
                      .details = {}};
    if (i % kNeverBuiltEvery == 0) {
      strategy.status = kNotBuilt;
      strategy.progress.clear();
    } else {
      strategy.last_build = now - std::chrono::hours(24);
    }
    org.strategies.Add(std::move(strategy));
  }
  org.strategies.Add({.id = org.NextId(),
                      .version = org.NextVersion(),
                      .name = kFastPathStrategy,
                      .description = "Records that are dialled at once",
                      .status = kBuildComplete,
                      .last_modified = now,
                      .last_build = now,
                      .purpose_name = "Telemarketing",
                      .progress = "Complete",
                      .details = {}});
}

void AddScripts(Org& org, base::UtcTime now) {
  Script nightly{.id = org.NextId(),
                 .name = "NightlyBuild",
                 .description = "Builds all strategies",
                 .last_modified = now,
                 .status_message = {},
                 .status_message_then = "All strategies were built"};
  org.scripts.Add(std::move(nightly));
  Script recycle{.id = org.NextId(),
                 .name = "RecycleLists",
                 .description = "Recycles the lists of yesterday",
                 .last_modified = now,
                 .status_message = {},
                 .status_then = 2,
                 .status_message_then = "Strategy is active"};
  org.scripts.Add(std::move(recycle));
}

}  // namespace

void SeedOperations(Org& org, std::size_t strategies, base::UtcTime now) {
  AddReferenceData(org);
  AddStrategies(org, strategies, now);
  AddScripts(org, now);
}

}  // namespace viasync::sandbox
