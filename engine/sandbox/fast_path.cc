// /via/v2/organizations/{orgId}/campaign/lists/{listId}/fastPathRecords: records for a fast path
// list. With a streaming session (via-client-sessionid) the answer names it.
#include "engine/sandbox/array_body.h"
#include "engine/sandbox/handlers.h"

namespace viasync::sandbox {
namespace {

constexpr Spec kRecord[] = {{"fastPathRecord", Type::kString}};
constexpr Spec kCustom[] = {{"string", Type::kString}};
constexpr const char* kCollection = "customFieldsStringCollection";
constexpr std::size_t kCustomMax = 3;
constexpr std::int64_t kFastPath = 2;

FastPathRecord Read(const Call& call, const nlohmann::json& item, const std::string& place,
                    Problems& problems) {
  FastPathRecord record{
      .record = Text(item, "fastPathRecord"), .custom = {}, .session = call.client_session};
  CheckItem(Without(item, kCollection), place, kRecord, problems);
  if (item.contains("fastPathRecord") && record.record.empty()) {
    problems.push_back({place + ".fastPathRecord", "invalidValue", "Must not be empty"});
  }
  if (!item.contains(kCollection)) return record;
  std::string inside = place + "." + kCollection;
  VisitArray(item, kCollection, inside, problems,
             [&](const nlohmann::json& custom, const std::string& at) {
               CheckItem(custom, at, kCustom, problems);
               if (!custom.empty()) record.custom.push_back(Text(custom, "string"));
             });
  if (record.custom.size() > kCustomMax) {
    problems.push_back({inside, "invalidValue", "Takes 3 items at most"});
  }
  return record;
}

}  // namespace

Answer HandleFastPath(Org& org, const Call& call) {
  if (call.method != "POST") return MethodNotAllowed("POST");
  const ContactList* list = FindNumbered(org.lists, *call.id);
  if (!list) return NotFound("list", *call.id);
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  std::vector<FastPathRecord> records;
  VisitBody(call, "fastPathRecords", problems,
            [&](const nlohmann::json& item, const std::string& place) {
              records.push_back(Read(call, item, place, problems));
            });
  if (list->list_type != kFastPath) {
    problems.push_back({"listType", "notSupported", "Only fast path lists take these records"});
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  for (FastPathRecord& record : records) {
    record.id = org.NextId();
    record.list = list->id;
    org.fast_path.Add(record);
  }
  Answer answer{.status = 201, .body = {}, .wrote = true, .headers = {}};
  ObjectWriter writer(answer.body);
  AppendArray(writer.Raw("fastPathResponseCollection"), records,
              [](std::string& out, const FastPathRecord& record) {
                ObjectWriter item(out);
                if (!record.session.empty()) item("sessionId", record.session);
                item("requestId", std::to_string(record.id));
                item.Close();
              });
  writer.Close();
  return answer;
}

}  // namespace viasync::sandbox
