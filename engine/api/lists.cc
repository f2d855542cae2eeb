// Lists (notes, "Lists"): a terse collection; only the filter of an item can be changed.
#include "engine/api/lists.h"

#include <nlohmann/json.hpp>
#include <string>

#include "engine/api/decode.h"
#include "engine/api/items.h"

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

using Lists = Calls<model::List>;

Call<void> Lists::Stream(Target target, Receiver<model::List> to) {
  return api::Stream(target.session, ListsPath(target.session), Query(), "contactLists", &ReadTerse,
                     std::move(to));
}

Call<void> StreamListsOfType(Session& session, model::ListType type, Receiver<model::List> to) {
  Query query;
  query.emplace_back("listType", std::to_string(static_cast<int>(type)));
  return Stream(session, ListsPath(session), std::move(query), "contactLists", &ReadTerse,
                std::move(to));
}

// Asked for only to settle a create, which lists do not have.
Call<std::vector<RemoteList>> Lists::Find(Target, model::List) {
  co_return std::vector<RemoteList>();
}

Call<RemoteList> Lists::Get(Target target, std::string id) {
  return GetOne(target.session, ItemPath(ListsPath(target.session), id), Query(), &ReadDetails);
}

Call<RemoteList> Lists::Update(Target target, std::string id, std::int64_t version,
                               model::List list) {
  Json body = Json::object();
  body["version"] = version;
  body["filterName"] = list.filter;
  base::Result<Json> answer = co_await target.session.Write(
      http::Method::kPatch, ItemPath(ListsPath(target.session), id), std::move(body));
  if (!answer) co_return base::Fail(std::move(answer.error()));
  co_return RemoteList{.value = {}, .id = std::move(id), .detailed = false};
}

}  // namespace viasync::api
