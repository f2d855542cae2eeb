#include "engine/plan/limits.h"

#include <algorithm>
#include <charconv>

#include "engine/base/strings.h"

namespace viasync::plan {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::kActions;

std::string NameOf(Kind kind, Action action) {
  return std::string(model::KindPlural(kind)) + "." + std::string(reconcile::ActionName(action));
}

void Check(const std::optional<Limit>& limit, std::string name, std::size_t count,
           std::size_t population, std::vector<Exceeded>& exceeded) {
  if (!limit || count <= Allowed(*limit, population)) return;
  exceeded.push_back({.limit = std::move(name),
                      .value = LimitText(*limit),
                      .allowed = Allowed(*limit, population),
                      .count = count,
                      .population = population});
}

// "delete 12 filters", "update 12 filters of 22".
std::string Deed(const Exceeded& exceeded) {
  auto dot = exceeded.limit.find('.');
  std::string noun = exceeded.limit.substr(0, dot);
  if (exceeded.count == 1) noun.pop_back();
  std::string text =
      exceeded.limit.substr(dot + 1) + " " + base::Thousands(exceeded.count) + " " + noun;
  if (exceeded.value.ends_with('%')) text += " of " + base::Thousands(exceeded.population);
  return text;
}

}  // namespace

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
  for (Kind kind : model::kKinds) {
    limits.For(kind, Action::kUpdate) = half;
    if (auto most = model::InfoOf(kind).delete_limit) {
      limits.For(kind, Action::kDelete) = Limit{.value = *most};
    }
  }
  limits.unprotect = Limit{.value = 10};
  return limits;
}

std::span<const std::string> LimitNames() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (Kind kind : model::kKinds) {
      for (Action action : kActions) names.push_back(NameOf(kind, action));
    }
    names.emplace_back(kUnprotectLimit);
    return names;
  }();
  return kNames;
}

std::optional<Limit>* FindLimit(Limits& limits, std::string_view name) {
  if (name == kUnprotectLimit) return &limits.unprotect;
  for (Kind kind : model::kKinds) {
    for (Action action : kActions) {
      if (name == NameOf(kind, action)) return &limits.For(kind, action);
    }
  }
  return nullptr;
}

std::vector<Exceeded> CheckLimits(const Plan& plan, const Limits& limits) {
  model::ByKind<reconcile::ByAction<std::size_t>> counts;
  for (const auto& change : plan.changes) {
    if (change.direction != reconcile::Direction::kPush) continue;
    ++counts[change.kind][change.action];
  }
  counts[Kind::kFilter][Action::kDelete] -= plan.renames.size();
  std::vector<Exceeded> exceeded;
  Check(limits.unprotect, std::string(kUnprotectLimit), plan.summary.unprotect,
        plan.population[model::kProtector], exceeded);
  for (Kind kind : model::kKinds) {
    for (Action action : kActions) {
      Check(limits.For(kind, action), NameOf(kind, action), counts[kind][action],
            plan.population[kind], exceeded);
    }
  }
  return exceeded;
}

base::Errors LimitErrors(std::span<const Exceeded> exceeded) {
  base::Errors errors;
  for (const auto& one : exceeded) {
    const bool unprotect = one.limit == kUnprotectLimit;
    std::string what = unprotect ? base::Plural(one.count, "change") + " of the plan " +
                                       (one.count == 1 ? "allows" : "allow") + " contact again"
                                 : "the plan would " + Deed(one);
    errors.push_back({.kind = base::ErrorKind::kLimit,
                      .message = what + "; the limit " + one.limit + " is " + one.value +
                                 (one.value == std::to_string(one.allowed)
                                      ? ""
                                      : " (" + base::Thousands(one.allowed) + ")"),
                      .hint = (unprotect ? "look at them, they come first in the plan; if they are"
                                         : "look at the plan; if it is") +
                              std::string(" right, allow this one run with --limit ") + one.limit +
                              "=" + std::to_string(one.count) + ", or raise limits." + one.limit +
                              " in viasync.yaml"});
  }
  return errors;
}

}  // namespace viasync::plan
