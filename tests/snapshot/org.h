// A small org for the tests of the snapshot: collections with pages of any size, details by id, and
// a hook before each call.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/api/world.h"

namespace viasync::snapshot {

using Json = nlohmann::json;

struct Org {
  std::vector<Json> filters, exclusions, lists, schemas;  // with details
  int page = 1000;
  bool refuses_types = false;  // answers 400 to a question by listType
  bool knows_types = true;     // false: finds nothing by it
  std::function<void(Org&, const std::string& path)> before{};
  std::map<std::string, int> status{};  // by path: answered instead

  void AddFilter(int id, const std::string& name, const std::string& schema = "1") {
    filters.push_back({{"id", std::to_string(id)},
                       {"version", 1},
                       {"filterName", name},
                       {"schemaId", schema},
                       {"filterCriteria", "1=1"}});
  }
  void AddExclusion(int id, const std::string& address, const std::string& list = "L") {
    exclusions.push_back({{"id", id},
                          {"version", 3},
                          {"contactType", 1},
                          {"contactAddress", address},
                          {"contactListName", list},
                          {"reason", "because"},
                          {"startTime", "2017-11-04T23:20:50.525Z"},
                          {"endPattern", 0},
                          {"endTime", "0"}});
  }
  void AddList(int id, const std::string& name) {
    lists.push_back(
        {{"id", id}, {"version", 5}, {"name", name}, {"listType", 1}, {"filterName", "A"}});
  }
  void AddSchema(int id, const std::string& name) {
    schemas.push_back({{"id", std::to_string(id)}, {"schemaName", name}});
  }

  fakes::Outcome Serve(const http::Request& request) {
    const std::string target = request.url.substr(std::string(api::kBase).size());
    const std::string path = target.substr(0, target.find('?'));
    if (before) before(*this, path);
    if (status.contains(path)) return fakes::Answer(status[path], "");
    if (path == api::kFilters) return Page(request, "filters", filters, {});
    if (path == api::kSchemas) return Page(request, "schemaDefinitions", schemas, {});
    if (path == api::kExclusions) {
      return Page(request, "accountControlItems", exclusions,
                  {"version", "reason", "startTime", "endPattern", "endTime"});
    }
    if (path == api::kLists && target.find("listType=") != std::string::npos) {
      if (refuses_types) return fakes::Answer(400, "");
      const int type = std::stoi(target.substr(target.find("listType=") + 9));
      std::vector<Json> some;
      std::ranges::copy_if(lists, std::back_inserter(some), [&](const Json& list) {
        return knows_types && list["listType"] == type;
      });
      return Page(request, "contactLists", some, {"version", "listType", "filterName"});
    }
    if (path == api::kLists) {
      return Page(request, "contactLists", lists, {"version", "listType", "filterName"});
    }
    const std::string id = path.substr(path.rfind('/') + 1);
    for (const auto* kind : {&exclusions, &lists}) {
      if (path.starts_with(api::kLists) != (kind == &lists)) continue;
      for (const auto& item : *kind) {
        if (item["id"].dump() == id) return fakes::Answer(200, item.dump());
      }
    }
    return fakes::Answer(404, "");
  }

 private:
  fakes::Outcome Page(const http::Request& request, const char* property,
                      const std::vector<Json>& all, const std::vector<std::string>& hidden) const {
    auto param = [&](const std::string& name) {
      const auto at = request.url.find(name + "=");
      return std::stoul(request.url.substr(at + name.size() + 1));
    };
    Json items = Json::array();
    const std::size_t start = param("startIndex");
    const std::size_t count = std::min(static_cast<std::size_t>(page), param("maxResults"));
    for (std::size_t i = start; i < std::min(start + count, all.size()); ++i) {
      Json item = all[i];
      for (const auto& name : hidden) item.erase(name);
      items.push_back(std::move(item));
    }
    return fakes::Answer(200, Json{{property, items}, {"totalItems", all.size()}}.dump());
  }
};

}  // namespace viasync::snapshot
