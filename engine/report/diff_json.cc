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

}  // namespace

std::string DiffJson(const plan::Plan& plan, std::string_view first, std::string_view first_org) {
  constexpr std::string_view kWhat[] = {"missing", "different", "besides"};
  ordered_json json = {{"format", "viasync-diff/1"},
                       {"first", {{"environment", first}, {"org", first_org}}},
                       {"second", {{"environment", plan.environment}, {"org", plan.org}}},
                       {"summary",
                        {{"missing", plan.summary.create},
                         {"different", plan.summary.update},
                         {"besides", plan.summary.remove},
                         {"alike", plan.summary.unchanged}}},
                       {"differences", ordered_json::array()},
                       {"ambiguous", ordered_json::array()}};
  for (const auto& change : plan.changes) {
    json["differences"].push_back({{"kind", std::string(model::KindName(change.kind))},
                                   {"key", change.key},
                                   {"what", kWhat[static_cast<std::size_t>(change.action)]},
                                   {"fields", Fields(change)}});
  }
  for (const auto& conflict : plan.conflicts) {
    json["ambiguous"].push_back({{"kind", std::string(model::KindName(conflict.change.kind))},
                                 {"key", conflict.change.key},
                                 {"reason", conflict.reason}});
  }
  return base::DumpJson(json, 2) + "\n";
}

}  // namespace viasync::report
