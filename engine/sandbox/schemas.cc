// /via/v3/organizations/{orgId}/campaign/schemaDefinitions: read only, and only as a collection.
#include "engine/sandbox/handlers.h"

namespace viasync::sandbox {

Answer HandleSchemas(Org& org, const Call& call) {
  static constexpr Spec kQuery[] = {{"schemaName", Type::kString}};
  if (call.id) return NotFound("path below", "schemaDefinitions");
  if (call.method != "GET") return MethodNotAllowed("GET");
  Problems problems;
  CheckQuery(call, kQuery, /*paging=*/true, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  auto found = Select(org.schemas, Param(call, "schemaName"), [](const Schema&) { return true; });
  return Collection(
      call, found, "schemaDefinition", "schemaDefinitions",
      [](std::string& out, const Schema& schema) { WriteItem(out, schema, "schemaDefinition"); });
}

}  // namespace viasync::sandbox
