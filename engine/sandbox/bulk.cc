#include "engine/sandbox/bulk.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/strings.h"

namespace viasync::sandbox {
namespace {

using nlohmann::json;

constexpr TypeNames kTypes[] = {
    {"DISPOSITIONS", "Dispositions", "Dispositions"},
    {"DISPOSITIONPLANS", "DispositionPlans", "DispositionPlans"},
    {"DISPOSITIONGROUPS", "DispositionGroups", "DispositionGroups"},
    {"CONTACTSTRATEGIES", "ContactStrategies", "ContactStrategies"},
    {"HOLIDAYS", "Holidays", "Holidays"},
    {"HOLIDAYSETS", "HolidaySets", "HolidaySets"},
    {"FILTERS", "Filters", "Filters"},
    {"FILTERPURPOSES", "FilterPurposes", "FilterPurposes"},
    {"SCHEDULES", "Schedules", "Schedules"},
    {"LISTTEMPLATE", "ListTemplates", "ListTemplate"},
    {"PRIORITYTEMPLATE", "PriorityTemplates", "PriorityTemplate"},
    {"TIMEZONETEMPLATE", "TimeZoneTemplates", "TimeZoneTemplates"},
    {"AREACODETEMPLATE", "AreaCodeTemplates", "AreaCodeTemplate"},
    {"POSTALCODETEMPLATE", "PostalCodeTemplates", "PostalCodeTemplate"},
    {"COUNTERTEMPLATE", "CounterTemplates", "CounterTemplate"},
    {"GEOCODETEMPLATE", "GeocodeTemplates", "GeocodeTemplate"},
    {"WORKTYPETEMPLATE", "WorkTypeTemplates", "WorkTypeTemplate"},
    {"SMSTEMPLATE", "SmsTemplates", "SmsTemplate"},
    {"STRATEGY", "Strategies", "Strategy"},
    {"BATCHUPLOAD", "BatchUploads", "BatchUpload"},
    {"INPUTS", "Inputs", "Inputs"},
    {"LISTDEFINITIONS", "ListDefinitions", "ListDefinitions"},
    {"WORKTYPES", "WorkTypes", "WorkTypes"},
    {"SCHEMADEFINITIONS", "SchemaDefinitions", "SchemaDefinition"},
};

std::string TextOf(const json& object, const char* name) {
  auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> SplitNames(const std::string& text) {
  std::vector<std::string> names;
  for (std::string_view part : base::Split(text, ',')) {
    if (auto name = base::Trim(part); !name.empty()) names.emplace_back(name);
  }
  return names;
}

}  // namespace

const TypeNames* FindType(std::string_view type) {
  auto found = std::ranges::find(kTypes, type, &TypeNames::type);
  return found == std::end(kTypes) ? nullptr : &*found;
}

BulkObject* Bulk::Find(std::string_view type, std::string_view name) {
  auto found = std::ranges::find_if(
      objects, [&](const BulkObject& other) { return other.type == type && other.name == name; });
  return found == objects.end() ? nullptr : &*found;
}

std::string ReadObject(const json& value, const std::string& path, BulkObject& object) {
  if (!value.is_object()) return path + " must be an object";
  object.type = TextOf(value, "objectType");
  object.name = TextOf(value, "objectName");
  object.description = TextOf(value, "objectDescription");
  if (!FindType(object.type)) return path + "/objectType is none of the 24";
  if (object.name.empty()) return path + "/objectName is missing";
  if (value.contains("data")) object.data = value["data"];
  if (!value.contains("relatedItems")) return "";
  if (!value["relatedItems"].is_array()) return path + "/relatedItems must be an array";
  for (const json& entry : value["relatedItems"]) {
    if (!entry.is_object()) return path + "/relatedItems must hold objects";
    object.related.push_back(
        {TextOf(entry, "objectType"), SplitNames(TextOf(entry, "objectNames"))});
  }
  return "";
}

json WriteObject(const BulkObject& object) {
  json value = {{"objectType", object.type},
                {"objectName", object.name},
                {"objectDescription", object.description},
                {"relatedItems", json::array()},
                {"data", object.data}};
  for (const ObjectRefs& refs : object.related) {
    value["relatedItems"].push_back(
        {{"objectType", refs.type}, {"objectNames", base::Join(refs.names, ", ")}});
  }
  return value;
}

std::string ReadObjects(const json& array, const std::string& path, Bulk& bulk) {
  if (!array.is_array()) return path + " must be an array";
  for (std::size_t i = 0; i < array.size(); ++i) {
    BulkObject object;
    std::string problem = ReadObject(array[i], fmt::format("{}/{}", path, i), object);
    if (problem.empty() && bulk.Find(object.type, object.name)) {
      problem = fmt::format("{}/{}: the name is used twice", path, i);
    }
    if (!problem.empty()) return problem;
    bulk.objects.push_back(std::move(object));
  }
  return "";
}

void WriteObjects(std::string& out, const Bulk& bulk) {
  json array = json::array();
  for (const BulkObject& object : bulk.objects) array.push_back(WriteObject(object));
  out += array.dump();
}

}  // namespace viasync::sandbox
