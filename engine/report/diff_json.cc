#include "engine/report/diff_json.h"

#include <nlohmann/json.hpp>

#include "engine/base/json.h"

namespace viasync::report {
namespace {

using nlohmann::ordered_json;

ordered_json Fields(const reconcile::Change& change) {
  ordered_json fields = ordered_json::array();
  for (const auto& field : change.fields) {
    ordered_json one = {{"name", field.name}};
    if (field.local) one["first"] = *field.local;
    if (field.remote) one["second"] = *field.remote;
    fields.push_back(std::move(one));
  }
  return fields;
}

ordered_json Differences(const plan::Plan& plan) {
  constexpr std::string_view kWhat[] = {"missing", "different", "extra"};
  ordered_json all = ordered_json::array();
  for (const auto& change : plan.changes) {
    all.push_back({{"kind", std::string(model::KindName(change.kind))},
                   {"key", change.key},
                   {"what", kWhat[static_cast<std::size_t>(change.action)]},
                   {"fields", Fields(change)}});
  }
  return all;
}

}  // namespace

std::string DiffJson(const plan::Plan& unasked, const plan::Plan& intended, std::string_view first,
                     std::string_view first_org) {
  ordered_json json = {{"format", "viasync-diff/2"},
                       {"first", {{"environment", first}, {"org", first_org}}},
                       {"second", {{"environment", unasked.environment}, {"org", unasked.org}}},
                       {"summary",
                        {{"missing", unasked.summary.create},
                         {"different", unasked.summary.update},
                         {"extra", unasked.summary.remove},
                         {"identical", unasked.summary.unchanged},
                         {"intended", intended.changes.size()}}},
                       {"differences", Differences(unasked)},
                       {"intended", Differences(intended)},
                       {"ambiguous", ordered_json::array()}};
  for (const auto& conflict : unasked.conflicts) {
    json["ambiguous"].push_back({{"kind", std::string(model::KindName(conflict.change.kind))},
                                 {"key", conflict.change.key},
                                 {"reason", conflict.reason}});
  }
  return base::DumpJson(json, 2) + "\n";
}

}  // namespace viasync::report
