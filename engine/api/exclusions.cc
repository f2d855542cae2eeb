// Exclusions (notes, "Exclusions"): a terse collection, everything else by the item.
#include "engine/api/exclusions.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/api/decode.h"
#include "engine/api/items.h"
#include "engine/base/times.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;
using RemoteExclusion = model::Remote<model::Exclusion>;

constexpr const char* kCollection = "accountControlItems";
constexpr std::int64_t kNoEnd = 0;  // endPattern
constexpr std::int64_t kEndsAt = 1;

// What collection and item have in common.
RemoteExclusion ReadKey(Reader& reader) {
  RemoteExclusion exclusion;
  exclusion.detailed = false;
  exclusion.id = reader.Id();
  const std::int64_t number = reader.Integer("contactType");
  auto type = model::ContactTypeFromNumber(number);
  if (!type) reader.Fail(fmt::format("has the unknown \"contactType\" {}", number));
  exclusion.value.type = type.value_or(model::ContactType::kAccount);
  exclusion.value.address = reader.Text("contactAddress");
  exclusion.value.list = reader.OptionalText("contactListName");
  return exclusion;
}

base::Result<RemoteExclusion> ReadTerse(const Json& item) {
  Reader reader(item, "an exclusion");
  RemoteExclusion exclusion = ReadKey(reader);
  return reader.Done(std::move(exclusion));
}

base::Result<RemoteExclusion> ReadDetails(const Json& item) {
  Reader reader(item, "an exclusion");
  RemoteExclusion exclusion = ReadKey(reader);
  exclusion.detailed = true;
  exclusion.version = reader.Integer("version");
  exclusion.value.reason = reader.OptionalText("reason");
  exclusion.value.start = reader.Time("startTime");
  const std::int64_t pattern = reader.Integer("endPattern");
  if (pattern == kEndsAt) {
    exclusion.value.end = reader.Time("endTime");
  } else if (pattern != kNoEnd) {
    reader.Fail(fmt::format("has the unknown \"endPattern\" {}", pattern));
  }
  exclusion.modified_at = reader.TimeForShow("lastModifiedTime");
  return reader.Done(std::move(exclusion));
}

base::Result<Json> BodyOf(const model::Exclusion& exclusion) {
  if (!exclusion.start) {
    return base::Fail(base::ErrorKind::kInvalid,
                      fmt::format("exclusion {} has no start", KeyOf(exclusion)),
                      "An exclusion is sent with the start the org has, or with the present time");
  }
  Json body = Json::object();
  body["contactType"] = static_cast<int>(exclusion.type);
  body["contactAddress"] = exclusion.address;
  body["contactListName"] = exclusion.list.str();
  body["reason"] = exclusion.reason.str();
  body["startTime"] = base::FormatTime(*exclusion.start);
  body["endPattern"] = exclusion.end ? kEndsAt : kNoEnd;
  body["endTime"] = exclusion.end ? base::FormatTime(*exclusion.end) : "0";
  return body;
}

// `{"ids": [{"id": 123}]}`
base::Result<std::string> ReadNewId(const Json& answer) {
  auto ids = answer.is_object() ? answer.find("ids") : answer.end();
  if (ids == answer.end() || !ids->is_array() || ids->size() != 1) {
    return base::Fail(base::ErrorKind::kProtocol,
                      "the org created an exclusion, but its answer has no \"ids\" with one entry");
  }
  Reader reader((*ids)[0], "an entry of \"ids\"");
  std::string id = reader.Id();
  return reader.Done(std::move(id));
}

}  // namespace

using Exclusions = Calls<model::Exclusion>;

Call<void> Exclusions::Stream(Target target, Receiver<model::Exclusion> to) {
  return api::Stream(target.session, target.session.exclusions_path(), Query(), kCollection,
                     &ReadTerse, std::move(to));
}

Call<void> StreamModifiedExclusions(Session& session, TimeRange range,
                                    Receiver<model::Exclusion> to) {
  Query query;
  query.emplace_back("fromLastModifiedTime", base::FormatTime(range.from));
  query.emplace_back("toLastModifiedTime", base::FormatTime(range.to));
  return Stream(session, session.exclusions_path(), std::move(query), kCollection, &ReadTerse,
                std::move(to));
}

Call<std::vector<RemoteExclusion>> FindTerse(Session& session, model::Exclusion key) {
  std::vector<RemoteExclusion> exclusions = {};
  auto found = co_await FindAddress(session, key.type, key.address, key.list.str());
  if (!found) co_return base::Fail(std::move(found.error()));
  for (auto& exclusion : *found) {
    if (exclusion.value.list == key.list) exclusions.push_back(std::move(exclusion));
  }
  co_return exclusions;
}

Call<std::vector<RemoteExclusion>> FindAddress(Session& session, model::ContactType type,
                                               std::string address, std::string list) {
  std::vector<RemoteExclusion> exclusions;
  Query query;
  query.emplace_back("contactType", fmt::format("{}", static_cast<int>(type)));
  query.emplace_back("contactAddress", address);
  // "All lists" is no name one could ask for.
  if (!list.empty()) query.emplace_back("contactListName", list);
  auto same = [type, address](const RemoteExclusion& exclusion) {
    return exclusion.value.type == type && exclusion.value.address == address;
  };
  base::Result<void> walked =
      co_await api::Stream(session, session.exclusions_path(), std::move(query), kCollection,
                           &ReadTerse, Keep<model::Exclusion>(exclusions, same));
  if (!walked) co_return base::Fail(std::move(walked.error()));
  SortByKey(exclusions);
  co_return exclusions;
}

Call<std::vector<RemoteExclusion>> Exclusions::Find(Target target, model::Exclusion key) {
  auto terse = co_await FindTerse(target.session, std::move(key));
  if (!terse) co_return base::Fail(terse.error());
  std::vector<RemoteExclusion> found;
  for (auto& entry : *terse) {
    auto item = co_await Get(target, entry.id);
    if (item)
      found.push_back(std::move(*item));
    else if (item.error().kind != base::ErrorKind::kNotFound)
      co_return base::Fail(item.error());
  }
  co_return found;
}

Call<RemoteExclusion> Exclusions::Get(Target target, std::string id) {
  return GetOne(target.session, ItemPath(target.session.exclusions_path(), id), Query(),
                &ReadDetails);
}

Call<RemoteExclusion> Exclusions::Create(Target target, model::Exclusion exclusion) {
  auto item = BodyOf(exclusion);
  if (!item) co_return base::Fail(std::move(item.error()));
  Json items = Json::array();
  items.push_back(std::move(*item));
  Json body = Json::object();
  body[kCollection] = std::move(items);
  base::Result<Json> answer = co_await target.session.Write(
      http::Method::kPost, target.session.exclusions_path(), std::move(body));
  if (!answer) co_return base::Fail(std::move(answer.error()));
  auto id = ReadNewId(*answer);
  if (!id) co_return base::Fail(AfterWrite(std::move(id.error())));
  co_return RemoteExclusion{.value = {}, .id = std::move(*id), .detailed = false};
}

Call<RemoteExclusion> Exclusions::Update(Target target, std::string id, std::int64_t version,
                                         model::Exclusion exclusion) {
  auto body = BodyOf(exclusion);
  if (!body) co_return base::Fail(std::move(body.error()));
  (*body)["version"] = version;
  base::Result<Json> answer = co_await target.session.Write(
      http::Method::kPut, ItemPath(target.session.exclusions_path(), id), std::move(*body));
  if (!answer) co_return base::Fail(std::move(answer.error()));
  co_return RemoteExclusion{.value = {}, .id = std::move(id), .detailed = false};
}

Call<void> Exclusions::Delete(Target target, std::string id) {
  return DeleteOne(target.session, ItemPath(target.session.exclusions_path(), id));
}

}  // namespace viasync::api
