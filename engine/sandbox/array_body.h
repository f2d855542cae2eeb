// Bodies that hold one array of objects, as most operations take them:
// {"records": [{…}, {…}]}. Problems name the place: `records[1].items`.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "engine/base/strings.h"
#include "engine/sandbox/call.h"

namespace viasync::sandbox {

// Calls visit(item, place) per object of the array `name`; what is no such body is a problem.
template <class Visit>
void VisitArray(const nlohmann::json& body, const std::string& name, const std::string& place,
                Problems& problems, Visit visit) {
  auto items = body.find(name);
  if (items == body.end() || !items->is_array() || items->empty()) {
    problems.push_back({place, "invalidValue", "Must be an array with at least one item"});
    return;
  }
  for (std::size_t i = 0; i < items->size(); ++i) {
    std::string at = fmt::format("{}[{}]", place, i);
    if ((*items)[i].is_object()) {
      visit((*items)[i], at);
    } else {
      problems.push_back({at, "invalidType", "Must be an object"});
    }
  }
}

// The body of `call` with exactly one property, an array of objects.
template <class Visit>
void VisitBody(const Call& call, const std::string& name, Problems& problems, Visit visit) {
  auto body = ParseBody(call, problems);
  if (!body) return;
  for (const auto& [key, value] : body->items()) {
    if (key != name)
      problems.push_back({base::Printable(key), "unknownProperty", "Unknown property"});
  }
  VisitArray(*body, name, name, problems, visit);
}

// CheckProperties, with the place in front of each name.
inline void CheckItem(const nlohmann::json& item, const std::string& place,
                      std::span<const Spec> specs, Problems& problems) {
  Problems found;
  CheckProperties(item, specs, found);
  for (Problem& problem : found) {
    problem.scope = place + "." + problem.scope;
    problems.push_back(std::move(problem));
  }
}

// `item` without `name`, which is no plain text or number and is checked by itself.
inline nlohmann::json Without(nlohmann::json item, const std::string& name) {
  item.erase(name);
  return item;
}

}  // namespace viasync::sandbox
