// Schema definitions (v3): read only.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/api/calls.h"
#include "engine/api/decode.h"
#include "engine/base/strings.h"

namespace viasync::api {
namespace {

struct Schema {
  std::string id, name;
};

// Shorter ids first, so that 9 comes before 10.
bool ById(const Schema& a, const Schema& b) {
  return a.id.size() != b.id.size() ? a.id.size() < b.id.size() : a.id < b.id;
}

base::Result<Schema> ReadSchema(const nlohmann::json& item) {
  Reader reader(item, "a schema definition");
  Schema schema{.id = reader.Id(), .name = reader.Text("schemaName")};
  return reader.Done(std::move(schema));
}

}  // namespace

const Schemas& Target::None() {
  static const Schemas kNone;
  return kNone;
}

Call<Schemas> ListSchemas(Session& session) {
  std::vector<Schema> found;
  base::Result<void> walked = co_await session.Walk(
      session.CampaignPath("v3", "schemaDefinitions"), Query(), "schemaDefinitions",
      [&found](const nlohmann::json& item) -> base::Result<void> {
        auto schema = ReadSchema(item);
        if (!schema) return base::Fail(std::move(schema.error()));
        found.push_back(std::move(*schema));
        return {};
      },
      [&found] { found.clear(); });
  if (!walked) co_return base::Fail(std::move(walked.error()));

  std::ranges::sort(found, ById);
  Schemas schemas;
  for (auto& schema : found) {
    if (!schemas.id_by_name.emplace(schema.name, schema.id).second) continue;
    schemas.name_by_id.emplace(std::move(schema.id), std::move(schema.name));
  }
  co_return schemas;
}

base::Result<std::string> SchemaIdOf(const std::string& name, const Schemas& schemas) {
  if (name.empty()) return std::string();
  auto found = schemas.id_by_name.find(name);
  if (found != schemas.id_by_name.end()) return found->second;
  if (name.starts_with('#') && name.size() > 1) return name.substr(1);

  std::vector<std::string> names;
  for (const auto& [known, id] : schemas.id_by_name) names.push_back(known);
  std::string hint;
  if (auto near = base::Nearest(name, names)) {
    hint = fmt::format("Did you mean {}?", base::Printable(*near));
  } else if (names.empty()) {
    hint = "The org has no schema definitions";
  } else {
    constexpr std::size_t kNamesMax = 10;
    const bool more = names.size() > kNamesMax;
    if (more) names.resize(kNamesMax);
    hint = fmt::format("The org has {}{}", base::Printable(base::Join(names, ", ")),
                       more ? " and more" : "");
  }
  return base::Fail(base::ErrorKind::kInvalid,
                    fmt::format("the org has no schema \"{}\"", base::Printable(name)), hint);
}

}  // namespace viasync::api
