// purposes, geocodeTemplates, dispositions and numberTypes under /via/v2/…/campaign/: read only,
// and only as collections, which have no lastIndexReturned.
#include "engine/sandbox/handlers.h"

namespace viasync::sandbox {
namespace {

constexpr bool kNoLastIndex = false;

// Refuses what is no plain GET of the collection; nullopt: go on.
std::optional<Answer> Refuse(const Call& call, const char* resource, std::span<const Spec> query,
                             Problems problems = {}) {
  if (call.id) return NotFound("path below", resource);
  if (call.method != "GET") return MethodNotAllowed("GET");
  CheckQuery(call, query, /*paging=*/true, problems);
  if (problems.empty()) return std::nullopt;
  return ErrorAnswer(400, problems);
}

template <class R>
auto ItemWriter(std::string_view kind) {
  return [kind](std::string& out, const R& record) { WriteItem(out, record, kind); };
}

void WriteDisposition(std::string& out, const Disposition& disposition) {
  ObjectWriter writer(out);
  writer("kind", "via#disposition");
  VisitShown(disposition, writer);
  writer.Close();
}

}  // namespace

Answer HandlePurposes(Org& org, const Call& call) {
  if (auto refused = Refuse(call, "purposes", {})) return *refused;
  return Collection(call, org.purposes.order(), "purpose", "purposes",
                    ItemWriter<Purpose>("purpose"), kNoLastIndex);
}

Answer HandleGeocodes(Org& org, const Call& call) {
  if (auto refused = Refuse(call, "geocodeTemplates", {})) return *refused;
  return Collection(call, org.geocodes.order(), "geocodeTemplate", "geocodeTemplates",
                    ItemWriter<Geocode>("geocodeTemplate"), kNoLastIndex);
}

Answer HandleNumberTypes(Org& org, const Call& call) {
  if (auto refused = Refuse(call, "numberTypes", {})) return *refused;
  return Collection(call, org.number_types.order(), "numberType", "numberTypes",
                    ItemWriter<NumberType>("numberType"), kNoLastIndex);
}

Answer HandleDispositions(Org& org, const Call& call) {
  static constexpr Spec kQuery[] = {{"dispositionCode", Type::kString},
                                    {"locallyTerminated", Type::kInteger}};
  Problems problems;
  auto local = IntegerParam(call, "locallyTerminated");
  if (local && *local != 0 && *local != 1) {
    problems.push_back({"locallyTerminated", "invalidParameter", "Must be 0 or 1"});
  }
  if (auto refused = Refuse(call, "dispositions", kQuery, problems)) return *refused;
  auto found = Select(org.dispositions, Param(call, "dispositionCode"), [&](const Disposition& d) {
    return !local || d.locally_terminated == *local;
  });
  return Collection(call, found, "disposition", "dispositions", WriteDisposition, kNoLastIndex);
}

}  // namespace viasync::sandbox
