#include "engine/sandbox/edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "engine/base/times.h"
#include "engine/sandbox/call.h"
#include "engine/sandbox/jobs.h"
#include "engine/sandbox/state.h"

namespace viasync::sandbox {
namespace {

using nlohmann::json;

constexpr std::string_view kContactTypes[] = {"account", "voice", "email", "sms", "secondary"};

template <class R>
const R* FindByUserKey(const Table<R>& table, const std::string& key) {
  return table.FindOne(key);
}

// `voice:0987@ContactList1`; of several the one of a start, with `#2026-01-05T00:00:00Z` behind it.
const Exclusion* FindByUserKey(const Table<Exclusion>& table, std::string key) {
  std::optional<base::UtcTime> start;
  if (auto mark = key.rfind('#'); mark != std::string::npos) {
    start = base::ParseTime(std::string_view(key).substr(mark + 1));
    if (start) key.resize(mark);
  }
  std::size_t colon = key.find(':');
  std::size_t at = key.rfind('@');
  if (colon == std::string::npos || at == std::string::npos || at < colon) return nullptr;
  auto type = std::ranges::find(kContactTypes, std::string_view(key).substr(0, colon));
  std::string list_name = key.substr(at + 1);
  if (list_name == "*") list_name.clear();
  for (const Exclusion* exclusion : table.FindByKey(key.substr(colon + 1, at - colon - 1))) {
    bool same_type = exclusion->contact_type == std::distance(std::begin(kContactTypes), type);
    if (start && exclusion->start != *start) continue;
    if (same_type && exclusion->list_name == list_name) return exclusion;
  }
  return nullptr;
}

template <class R>
void Touch(R& record, const std::string& user, base::UtcTime now) {
  if constexpr (requires { record.last_modified_by; }) record.last_modified_by = user;
  if constexpr (requires { record.last_modified; }) record.last_modified = now;
  if constexpr (requires { record.end_pattern; }) record.end_pattern = record.end ? 1 : 0;
}

template <class R>
void NewId(Org& org, R& record) {
  if constexpr (std::is_same_v<decltype(record.id), std::string>) {
    record.id = std::to_string(org.NextId());
  } else {
    record.id = org.NextId();
  }
  if constexpr (requires { record.created; }) record.created = record.last_modified;
}

template <class R>
std::string Delete(Org& org, Table<R>& table, const R& record) {
  if constexpr (std::is_same_v<R, Filter>) {
    if (org.ListUsing(record.name)) return "a list uses the filter";
  }
  table.Erase(typename Table<R>::Id(record.id));
  return "";
}

template <class R>
std::string Edit(Org& org, Table<R>& table, const json& edit, base::UtcTime now) {
  std::string action = Text(edit, "action");
  std::string key = Text(edit, "key");
  const R* old = FindByUserKey(table, key);
  if (action != "create" && !old) return fmt::format("there is no '{}'", key);
  if (action == "delete") return Delete(org, table, *old);
  if (action != "create" && action != "update") return "action must be create, update or delete";
  R record = action == "update" ? *old : R{};
  json set = edit.value("set", json::object());
  if (std::string problem = ReadRecord(set, "set", record); !problem.empty()) return problem;
  Touch(record, Text(edit, "user"), now);
  if (action == "update" && record.id != old->id) return "an id cannot be changed";
  if (std::string problem = RecordProblem(org, record); !problem.empty()) return problem;
  if (action == "create") NewId(org, record);
  record.version = org.NextVersion();
  if constexpr (std::is_same_v<R, Filter>) {
    if (old && action == "update" && old->name != record.name) {
      org.RenameFilter(std::string(old->name), record.name);
    }
  }
  action == "create" ? table.Add(std::move(record)) : table.Replace(std::move(record));
  return "";
}

}  // namespace

std::string EditAsUser(Org& org, const json& edit, base::UtcTime now) {
  const std::string kind = Text(edit, "kind");
  if (kind == "object" || kind == "job") return EditBulk(org, edit);
  std::optional<std::string> problem;
  std::string kinds;
  VisitTables(org, [&]<class R>(const char*, Table<R>& table) {
    if constexpr (requires { R::kKind; }) {
      kinds += std::string(R::kKind) + ", ";
      if (kind == R::kKind) problem = Edit(org, table, edit, now);
    }
  });
  return problem ? *problem : "kind must be " + kinds + "object or job";
}

}  // namespace viasync::sandbox
