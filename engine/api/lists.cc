// Lists (notes, "Lists"): a terse collection; only the filter of an item can be changed.
#include <nlohmann/json.hpp>
#include <string>

#include "engine/api/decode.h"
#include "engine/api/items.h"
#include "engine/api/resources.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;
using RemoteList = model::Remote<model::List>;

std::string ListsPath(const Session& session) { return session.CampaignPath("v2", "lists"); }

base::Result<RemoteList> ReadTerse(const Json& item) {
  Reader reader(item, "a list");
  RemoteList list;
  list.detailed = false;
  list.id = reader.Id();
  list.value.name = reader.Text("name");
  return reader.Done(std::move(list));
}

// A type the reference does not know is one that takes no filter as far as we know.
model::ListType TypeFromNumber(std::int64_t number) {
  if (number < 0 || number > static_cast<std::int64_t>(model::ListType::kActiveSort)) {
    return model::ListType::kUnknown;
  }
  return static_cast<model::ListType>(number);
}

base::Result<RemoteList> ReadDetails(const Json& item) {
  Reader reader(item, "a list");
  RemoteList list;
  list.id = reader.Id();
  list.version = reader.Integer("version");
  list.value.name = reader.Text("name");
  list.value.filter = reader.OptionalText("filterName");
  list.value.type = TypeFromNumber(reader.Integer("listType"));
  return reader.Done(std::move(list));
}

}  // namespace

Call<void> StreamLists(Session& session, Receiver<model::List> to) {
  return Stream(session, ListsPath(session), Query(), "contactLists", &ReadTerse, std::move(to));
}

Call<void> StreamListsOfType(Session& session, model::ListType type, Receiver<model::List> to) {
  Query query;
  query.emplace_back("listType", std::to_string(static_cast<int>(type)));
  return Stream(session, ListsPath(session), std::move(query), "contactLists", &ReadTerse,
                std::move(to));
}

Call<std::vector<RemoteList>> ListLists(Session& session) {
  std::vector<RemoteList> lists;
  base::Result<void> walked = co_await StreamLists(session, Keep(lists));
  if (!walked) co_return base::Fail(std::move(walked.error()));
  SortByKey(lists);
  co_return lists;
}

Call<RemoteList> GetList(Session& session, std::string id) {
  return GetOne(session, ItemPath(ListsPath(session), id), Query(), &ReadDetails);
}

Call<void> PatchList(Session& session, std::string id, std::int64_t version, std::string filter) {
  Json body = Json::object();
  body["version"] = version;
  body["filterName"] = filter;
  base::Result<Json> answer = co_await session.Write(
      http::Method::kPatch, ItemPath(ListsPath(session), id), std::move(body));
  if (!answer) co_return base::Fail(std::move(answer.error()));
  co_return base::Result<void>();
}

}  // namespace viasync::api
