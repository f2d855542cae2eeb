// /via/v2/organizations/{orgId}/campaign/lists: read, and assign a filter.
#include <fmt/format.h>

#include "engine/base/strings.h"
#include "engine/sandbox/handlers.h"

namespace viasync::sandbox {
namespace {

constexpr Spec kPatch[] = {{"version", Type::kInteger, true}, {"filterName", Type::kString, true}};
constexpr Spec kQuery[] = {
    {"name", Type::kString}, {"status", Type::kInteger}, {"listType", Type::kInteger}};
constexpr std::int64_t kLastStatus = 5;
constexpr std::int64_t kLastListType = 3;
constexpr std::int64_t kDynamic = 1;
constexpr std::int64_t kActiveSort = 3;

void WriteTerse(std::string& out, const ContactList& list) {
  ObjectWriter writer(out);
  writer("kind", "via#list");
  writer("id", list.id);
  writer("name", list.name);
  writer.Close();
}

Answer List(const Org& org, const Call& call) {
  Problems problems;
  CheckQuery(call, kQuery, /*paging=*/true, problems);
  auto status = IntegerParam(call, "status");
  auto type = IntegerParam(call, "listType");
  if (status && (*status < 0 || *status > kLastStatus)) {
    problems.push_back({"status", "invalidParameter", "Must be 0 to 5"});
  }
  if (type && (*type < 0 || *type > kLastListType)) {
    problems.push_back({"listType", "invalidParameter", "Must be 0 to 3"});
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  auto found = Select(org.lists, Param(call, "name"), [&](const ContactList& list) {
    return (!status || list.status == *status) && (!type || list.list_type == *type);
  });
  return Collection(call, found, "list", "contactLists", WriteTerse);
}

Answer Assign(Org& org, const Call& call, const ContactList& old) {
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  auto body = ParseBody(call, problems);
  if (body) CheckProperties(*body, kPatch, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  if (old.list_type != kDynamic && old.list_type != kActiveSort) {
    problems.push_back({"listType", "notSupported", "Only dynamic and active sort lists take one"});
  }
  std::string filter_name = Text(*body, "filterName");
  // An empty name takes the filter off the list: the reference shows no other way.
  if (!filter_name.empty() && !org.filters.FindOne(filter_name)) {
    problems.push_back({"filterName", "unknownFilter",
                        fmt::format("There is no filter '{}'", base::Printable(filter_name))});
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  std::int64_t version = Integer(*body, "version");
  if (version != old.version) return StaleVersion(version);
  ContactList list = old;
  list.filter_name = filter_name;
  list.version = org.NextVersion();
  org.lists.Replace(std::move(list));
  return {.body = {}, .wrote = true, .headers = {}};
}

}  // namespace

Answer HandleLists(Org& org, const Call& call) {
  if (!call.id) {
    return call.method == "GET" ? List(org, call) : MethodNotAllowed("GET");
  }
  if (call.method != "GET" && call.method != "PATCH") return MethodNotAllowed("GET, PATCH");
  const ContactList* list = FindNumbered(org.lists, *call.id);
  if (!list) return NotFound("list", *call.id);
  return call.method == "PATCH" ? Assign(org, call, *list) : GetItem(call, *list, "list");
}

}  // namespace viasync::sandbox
