#include "engine/sandbox/generate.h"

#include <fmt/format.h>

#include <random>

#include "engine/sandbox/seed_operations.h"

namespace viasync::sandbox {
namespace {

constexpr std::size_t kFastPath = 2;
constexpr std::size_t kStrategies = 5;
constexpr const char* kStates[] = {"AK", "AZ", "CA", "FL", "GA", "IL", "NY", "OH", "TX", "WA"};
constexpr const char* kReasons[] = {"Customer not available", "Do not call", "Legal dispute",
                                    "Deceased", "Payment plan agreed"};

std::string Criteria(std::mt19937_64& random) {
  const char* state = kStates[random() % std::size(kStates)];
  auto days = random() % 120;
  switch (random() % 4) {
    case 0:
      return fmt::format("DaysDelinquent > {} AND State = '{}'", days, state);
    case 1:
      return fmt::format("Balance BETWEEN {} AND {} ORDER BY Balance DESC", days * 10,
                         days * 10 + 500);
    case 2:
      return fmt::format("State IN ('{}', '{}') AND (Attempts < {} OR LastResult LIKE 'NO%')",
                         state, kStates[random() % std::size(kStates)], 1 + days % 9);
    default:
      return fmt::format("DaysDelinquent >= {} ORDER BY DaysDelinquent, AccountId", days);
  }
}

void AddFilters(Org& org, std::size_t count, std::mt19937_64& random, base::UtcTime now) {
  for (std::size_t i = 1; i <= count; ++i) {
    org.filters.Add({.id = std::to_string(org.NextId()),
                     .version = org.NextVersion(),
                     .name = fmt::format("Filter{:04}", i),
                     .description = fmt::format("Phase {} of the campaign", i % 7 + 1),
                     .schema_id = org.schemas.order().front()->id,
                     .criteria = Criteria(random),
                     .last_modified_by = "system",
                     .last_modified = now});
  }
}

void AddLists(Org& org, std::size_t count, std::mt19937_64& random) {
  for (std::size_t i = 1; i <= count; ++i) {
    ContactList list{.id = org.NextId(),
                     .version = org.NextVersion(),
                     .strategy = i % 4 == kFastPath
                                     ? kFastPathStrategy
                                     : fmt::format("Strategy{}", i % kStrategies + 1),
                     .name = fmt::format("List{:04}", i),
                     .description = "Outreach list",
                     .status = static_cast<std::int64_t>(random() % 6),
                     .filter_name = {},
                     .penetration = static_cast<std::int64_t>(random() % 100),
                     .hit_rate = static_cast<std::int64_t>(random() % 100),
                     .saturation = static_cast<std::int64_t>(random() % 100),
                     .exclusion_filter = {},
                     .list_type = static_cast<std::int64_t>(i % 4),
                     .purpose_name = "Telemarketing"};
    if (list.list_type % 2 == 1 && org.filters.size() > 0) {
      list.filter_name = org.filters.order()[random() % org.filters.size()]->name;
    }
    org.lists.Add(std::move(list));
  }
}

void AddExclusions(Org& org, std::size_t count, std::mt19937_64& random, base::UtcTime now) {
  constexpr int kMinutesOfYear = 365 * 24 * 60;
  for (std::size_t i = 1; i <= count; ++i) {
    Exclusion exclusion{.id = org.NextId(),
                        .version = org.NextVersion(),
                        .contact_type = i % 10 == 0 ? 3 : 1,
                        .address = fmt::format("09{:09}", i),
                        .list_name = {},
                        .reason = kReasons[random() % std::size(kReasons)],
                        .created = {},
                        .start = now - std::chrono::minutes(random() % kMinutesOfYear),
                        .end = {},
                        .last_modified = {}};
    // Whole seconds, as people enter them, and entered when it began.
    exclusion.start = std::chrono::floor<std::chrono::seconds>(exclusion.start);
    exclusion.created = exclusion.last_modified = exclusion.start;
    if (org.lists.size() > 0 && random() % 3 != 0) {
      exclusion.list_name = org.lists.order()[random() % org.lists.size()]->name;
    }
    if (random() % 2 == 0) {
      exclusion.end_pattern = 1;
      exclusion.end = exclusion.start + std::chrono::hours(24 * (1 + random() % 365));
    }
    org.exclusions.Add(std::move(exclusion));
  }
}

}  // namespace

Org GenerateOrg(const Generate& wanted, base::UtcTime now) {
  Org org;
  org.name = wanted.org;
  org.client_id = wanted.org + "-client";
  org.client_secret = wanted.org + "-secret";
  org.api_key = wanted.org + "-key";
  std::mt19937_64 random(wanted.seed);
  org.schemas.Add({.id = std::to_string(org.NextId()),
                   .name = "BaseSchema",
                   .description = "Base schema",
                   .last_modified_by = "system",
                   .last_modified = now});
  AddFilters(org, wanted.filters, random, now);
  AddLists(org, wanted.lists, random);
  AddExclusions(org, wanted.exclusions, random, now);
  SeedOperations(org, kStrategies, now);
  return org;
}

}  // namespace viasync::sandbox
