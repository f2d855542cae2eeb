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

const Filter* FindByUserKey(const Table<Filter>& table, const std::string& key) {
  return table.FindOne(key);
}

const ContactList* FindByUserKey(const Table<ContactList>& table, const std::string& key) {
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

void Touch(Filter& filter, const std::string& user, base::UtcTime now) {
  filter.last_modified_by = user;
  filter.last_modified = now;
}
void Touch(ContactList&, const std::string&, base::UtcTime) {}
void Touch(Exclusion& exclusion, const std::string&, base::UtcTime now) {
  exclusion.last_modified = now;
  exclusion.end_pattern = exclusion.end ? 1 : 0;
}

template <class R>
void NewId(Org& org, R& record) {
  if constexpr (std::is_same_v<R, Filter>) {
    record.id = std::to_string(org.NextId());
  } else {
    record.id = org.NextId();
  }
  if constexpr (std::is_same_v<R, Exclusion>) record.created = record.last_modified;
}

// Filters take their lists along; other kinds are referred to by nobody.
std::string Delete(Org& org, const Filter& filter) {
  if (org.ListUsing(filter.name)) return "a list uses the filter";
  org.filters.Erase(std::string(filter.id));
  return "";
}
std::string Delete(Org& org, const ContactList& list) {
  org.lists.Erase(std::int64_t{list.id});
  return "";
}
std::string Delete(Org& org, const Exclusion& exclusion) {
  org.exclusions.Erase(std::int64_t{exclusion.id});
  return "";
}

template <class R>
std::string Edit(Org& org, Table<R>& table, const json& edit, base::UtcTime now) {
  std::string action = Text(edit, "action");
  std::string key = Text(edit, "key");
  const R* old = FindByUserKey(table, key);
  if (action != "create" && !old) return fmt::format("there is no '{}'", key);
  if (action == "delete") return Delete(org, *old);
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
  std::string kind = Text(edit, "kind");
  if (kind == "filter") return Edit(org, org.filters, edit, now);
  if (kind == "list") return Edit(org, org.lists, edit, now);
  if (kind == "object" || kind == "job") return EditBulk(org, edit);
  if (kind == "exclusion") return Edit(org, org.exclusions, edit, now);
  return "kind must be filter, list, exclusion, object or job";
}

}  // namespace viasync::sandbox
