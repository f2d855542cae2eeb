#include "engine/plan/limits.h"

#include <algorithm>
#include <charconv>

#include "engine/base/strings.h"

namespace viasync::plan {

using model::Kind;
using reconcile::Action;

std::optional<Limit> ParseLimit(std::string_view text) {
  Limit limit;
  text = base::Trim(text);
  limit.percent = text.ends_with('%');
  if (limit.percent) text.remove_suffix(1);
  text = base::Trim(text);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit.value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (limit.percent && limit.value > 100) return std::nullopt;
  return limit;
}

std::string LimitText(const Limit& limit) {
  return std::to_string(limit.value) + (limit.percent ? "%" : "");
}

std::size_t Allowed(const Limit& limit, std::size_t population) {
  if (!limit.percent) return limit.value;
  if (limit.value == 0) return 0;
  return std::max(population * limit.value / 100, limit.at_least);
}

Limits DefaultLimits() {
  constexpr std::size_t kSmallOrg = 10;
  const Limit half{.percent = true, .value = 50, .at_least = kSmallOrg};
  Limits limits;
  for (Kind kind : model::kKinds) limits.For(kind, Action::kUpdate) = half;
  limits.For(Kind::kFilter, Action::kDelete) = Limit{.value = 5};
  limits.For(Kind::kExclusion, Action::kDelete) = Limit{.value = 100};
  return limits;
}

base::Errors CheckLimits(const Plan& plan, const Limits& limits) {
  std::array<std::array<std::size_t, 3>, 3> counts{};
  for (const auto& change : plan.changes) {
    if (change.direction != reconcile::Direction::kPush) continue;
    ++counts[static_cast<std::size_t>(change.kind)][static_cast<std::size_t>(change.action)];
  }
  base::Errors errors;
  for (Kind kind : model::kKinds) {
    for (Action action : {Action::kCreate, Action::kUpdate, Action::kDelete}) {
      const auto& limit = limits.For(kind, action);
      auto count = counts[static_cast<std::size_t>(kind)][static_cast<std::size_t>(action)];
      auto population = plan.population[static_cast<std::size_t>(kind)];
      if (!limit || count <= Allowed(*limit, population)) continue;
      std::string name =
          std::string(model::KindPlural(kind)) + "." + std::string(reconcile::ActionName(action));
      std::string of = limit->percent ? " of " + base::Thousands(population) : std::string();
      errors.push_back(
          {.kind = base::ErrorKind::kLimit,
           .message = "the plan would " + std::string(reconcile::ActionName(action)) + " " +
                      base::Plural(count, model::KindName(kind)) + of + "; the limit " + name +
                      " is " + LimitText(*limit) + " (" +
                      base::Thousands(Allowed(*limit, population)) + ")",
           .hint = "look at the plan; if it is right, allow this one run with --limit " + name +
                   "=" + std::to_string(count) + ", or raise limits." + name + " in viasync.yaml"});
    }
  }
  return errors;
}

}  // namespace viasync::plan
