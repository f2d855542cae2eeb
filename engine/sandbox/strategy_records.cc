// /via/v2/organizations/{orgId}/campaign/strategies/{strategyId}/records: POST inserts, PATCH
// updates. Both are accepted at once; what became of each record shows in the statuses later.
#include <fmt/format.h>

#include "engine/sandbox/array_body.h"
#include "engine/sandbox/handlers.h"
#include "engine/sandbox/strategies.h"

namespace viasync::sandbox {
namespace {

constexpr Spec kItem[] = {{"field", Type::kString}, {"value", Type::kString}};
constexpr Spec kLookup[] = {{"lookupKey", Type::kString}, {"lookupValue", Type::kString}};
constexpr Spec kField[] = {{"fieldKey", Type::kString}, {"fieldValue", Type::kString}};
constexpr const char* kAccount = "@ACCOUNT";
constexpr std::int64_t kDynamic = 1;
constexpr std::int64_t kFastPath = 2;
constexpr std::size_t kDetailsMax = 1000;

using Fields = std::vector<std::pair<std::string, std::string>>;
struct Update {
  std::string key, value;
  Fields fields;
};

bool HasList(const Org& org, const Strategy& strategy, std::int64_t type) {
  return std::ranges::any_of(org.lists.order(), [&](const ContactList* list) {
    return list->strategy == strategy.name && list->list_type == type;
  });
}

bool NeverBuilt(const Strategy& strategy) {
  auto status = strategy.status;
  return status == kBuilding || status == kNotBuilt || status == kBuildFailed ||
         status == kBuildAborted || status == kNoStatus || status == kDelayedBuild;
}

void CheckBuilt(const Strategy& strategy, Problems& problems) {
  if (!NeverBuilt(strategy)) return;
  problems.push_back(
      {"strategyId", "notBuilt",
       fmt::format("The strategy '{}' has no prospect database: build it first", strategy.name)});
}

bool HasField(const Strategy& strategy, const std::string& name) {
  return std::ranges::find(strategy.fields, name) != strategy.fields.end();
}

// One line of detailStatuses, as the reference writes it.
std::string Detail(const std::string& lookup_key, const std::string& lookup_value,
                   const std::string& field, const std::string& value, std::string_view what) {
  return fmt::format("'Lookup key: {} Lookup value: {} Field key {} Field value: {} Status : {}'",
                     lookup_key, lookup_value, field, value, what);
}

// Begins an operation, or joins the one that is going on. `failed`: details of this request.
void Begin(Org& org, const Call& call, Strategy strategy, std::int64_t status,
           std::int64_t done_status, std::int64_t failed_status, const Texts& failed) {
  if (!strategy.busy_until) {
    strategy.details.clear();
    strategy.status_then = done_status;
  }
  if (!failed.empty()) strategy.status_then = failed_status;
  for (const auto& line : failed) {
    if (strategy.details.size() < kDetailsMax) strategy.details.push_back(line);
  }
  strategy.status = status;
  strategy.progress = status == kAppending ? "Appending records" : "Updating records";
  strategy.busy_until = call.now + base::Millis(strategy.operation_ms);
  strategy.last_modified = call.now;
  strategy.version = org.NextVersion();
  org.strategies.Replace(std::move(strategy));
}

// Adds a record; the lines say what is wrong with it, and then it is not added.
Texts Insert(Org& org, const Strategy& strategy, const Fields& fields, std::int64_t id) {
  Prospect record{.id = id, .strategy = strategy.id, .fields = {}};
  for (const auto& [name, value] : fields) record.fields[name] = value;
  const std::string account = record.fields.contains(kAccount) ? record.fields[kAccount] : "";
  Texts wrong;
  for (const auto& [name, value] : fields) {
    if (HasField(strategy, name)) continue;
    wrong.push_back(Detail(kAccount, account, name, value, "Field key not found"));
  }
  bool exists =
      !account.empty() && org.prospects.FindOne(ProspectKey(strategy.id, account)) != nullptr;
  if (exists) wrong.push_back(Detail(kAccount, account, kAccount, account, "Record exists"));
  if (wrong.empty()) org.prospects.Add(std::move(record));
  return wrong;
}

Answer Post(Org& org, const Call& call, const Strategy& found) {
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  std::vector<Fields> records;
  VisitBody(call, "records", problems, [&](const nlohmann::json& record, const std::string& at) {
    CheckItem(Without(record, "items"), at, {}, problems);
    Fields& fields = records.emplace_back();
    VisitArray(record, "items", at + ".items", problems,
               [&](const nlohmann::json& item, const std::string& place) {
                 CheckItem(item, place, kItem, problems);
                 fields.emplace_back(Text(item, "field"), Text(item, "value"));
               });
  });
  const Strategy strategy = StrategyAt(found, call.now);
  CheckBuilt(strategy, problems);
  if (HasList(org, strategy, kFastPath)) {
    problems.push_back({"strategyId", "notSupported", "The strategy has fast path lists"});
  }
  if (problems.empty() && strategy.busy_until && strategy.status != kAppending) {
    problems.push_back({"strategyId", "busy", "The strategy is busy with something else"});
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  // The reference shows one id, also where several records are sent: the first one's.
  std::int64_t first = 0;
  Texts failed;
  for (const Fields& fields : records) {
    std::int64_t id = org.NextId();
    if (first == 0) first = id;
    for (auto& line : Insert(org, strategy, fields, id)) failed.push_back(std::move(line));
  }
  Answer answer{.status = 201, .body = {}, .wrote = true, .headers = {}};
  ObjectWriter writer(answer.body);
  writer("id", first);
  writer.Close();
  Begin(org, call, strategy, kAppending, kAppendComplete, kAppendCompleteWithErrors, failed);
  return answer;
}

const Prospect* Look(const Org& org, const Strategy& strategy, const Update& update) {
  if (update.key == kAccount) {
    return org.prospects.FindOne(ProspectKey(strategy.id, update.value));
  }
  for (const Prospect* record : org.prospects.order()) {
    auto field = record->fields.find(update.key);
    bool same = field != record->fields.end() && field->second == update.value;
    if (same && record->strategy == strategy.id) return record;
  }
  return nullptr;
}

// Changes what can be changed; the lines say what cannot.
Texts Apply(Org& org, const Strategy& strategy, const Update& update) {
  Texts wrong;
  const Prospect* old = Look(org, strategy, update);
  const char* missing = !HasField(strategy, update.key) ? "Lookup key not found"
                        : !old                          ? "Lookup value not found"
                                                        : nullptr;
  Prospect record = old ? *old : Prospect{};
  for (const auto& [name, value] : update.fields) {
    const char* what = missing                    ? missing
                       : HasField(strategy, name) ? nullptr
                                                  : "Field key not found";
    if (what) {
      wrong.push_back(Detail(update.key, update.value, name, value, what));
    } else {
      record.fields[name] = value;
    }
  }
  if (old) org.prospects.Replace(std::move(record));
  return wrong;
}

Answer Patch(Org& org, const Call& call, const Strategy& found) {
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  std::vector<Update> updates;
  VisitBody(call, "records", problems, [&](const nlohmann::json& record, const std::string& at) {
    CheckItem(Without(record, "fields"), at, kLookup, problems);
    Update& update = updates.emplace_back();
    update.key = Text(record, "lookupKey");
    update.value = Text(record, "lookupValue");
    VisitArray(record, "fields", at + ".fields", problems,
               [&](const nlohmann::json& field, const std::string& place) {
                 CheckItem(field, place, kField, problems);
                 update.fields.emplace_back(Text(field, "fieldKey"), Text(field, "fieldValue"));
               });
  });
  const Strategy strategy = StrategyAt(found, call.now);
  CheckBuilt(strategy, problems);
  if (!HasList(org, strategy, kDynamic)) {
    problems.push_back({"strategyId", "notSupported", "The strategy has no dynamic list"});
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  if (strategy.busy_until) {
    return ErrorAnswer(409, "strategyId", "busy", "The strategy is busy: one operation at a time");
  }
  Texts failed;
  for (const Update& update : updates) {
    for (auto& line : Apply(org, strategy, update)) failed.push_back(std::move(line));
  }
  Begin(org, call, strategy, kUpdatingRecords, kUpdateRecordsComplete,
        kUpdateRecordsCompleteWithErrors, failed);
  return {.status = 202, .body = {}, .wrote = true, .headers = {}};
}

}  // namespace

Answer HandleRecords(Org& org, const Call& call) {
  if (call.method != "POST" && call.method != "PATCH") return MethodNotAllowed("POST, PATCH");
  const Strategy* strategy = FindNumbered(org.strategies, *call.id);
  if (!strategy) return NotFound("strategy", *call.id);
  return call.method == "POST" ? Post(org, call, *strategy) : Patch(org, call, *strategy);
}

}  // namespace viasync::sandbox
