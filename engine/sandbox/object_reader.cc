#include "engine/sandbox/object_reader.h"

#include <fmt/format.h>

#include "engine/base/strings.h"
#include "engine/base/times.h"

namespace viasync::sandbox {

using nlohmann::json;

void ObjectReader::operator()(const char* name, std::string& text) {
  if (const json* value = Take(name, &json::is_string, "a string")) text = *value;
}

void ObjectReader::operator()(const char* name, std::int64_t& number) {
  if (const json* value = Take(name, &json::is_number_integer, "an integer")) number = *value;
}

void ObjectReader::operator()(const char* name, bool& truth) {
  if (const json* value = Take(name, &json::is_boolean, "true or false")) truth = *value;
}

void ObjectReader::operator()(const char* name, base::UtcTime& time) {
  std::optional<base::UtcTime> read;
  (*this)(name, read);
  if (read) time = *read;
}

void ObjectReader::operator()(const char* name, std::optional<base::UtcTime>& time) {
  const json* value = Take(name, &json::is_string, "a string");
  if (!value) return;
  time = base::ParseTime(value->get_ref<const std::string&>());
  if (!time && *value != "0" && *value != "") Fail(name, "is not an ISO 8601 time");
}

void ObjectReader::operator()(const char* name, std::vector<std::string>& texts) {
  const json* value = Take(name, &json::is_array, "an array");
  if (!value) return;
  texts.clear();
  for (const json& item : *value) {
    if (!item.is_string()) return Fail(name, "must hold strings");
    texts.push_back(item);
  }
}

void ObjectReader::operator()(const char* name, std::map<std::string, std::string>& texts) {
  const json* value = Take(name, &json::is_object, "an object");
  if (!value) return;
  texts.clear();
  for (const auto& [key, item] : value->items()) {
    if (!item.is_string()) return Fail(name, "must hold strings");
    texts[key] = item;
  }
}

void ObjectReader::operator()(const char* name,
                              std::vector<std::pair<std::string, std::string>>& names) {
  const json* value = Take(name, &json::is_array, "an array");
  if (!value) return;
  names.clear();
  for (const json& item : *value) {
    auto is_text = [&](const char* key) { return item.contains(key) && item[key].is_string(); };
    if (!item.is_object() || !is_text("locale") || !is_text("value")) {
      return Fail(name, "must hold objects with locale and value");
    }
    names.emplace_back(item["locale"], item["value"]);
  }
}

std::string ObjectReader::Problem() {
  for (const auto& [name, value] : object_.items()) {
    if (!taken_.contains(name)) Fail(base::Printable(name), "is not a property of it");
  }
  return problem_;
}

const json* ObjectReader::Take(const char* name, bool (json::*is_type)() const noexcept,
                               const char* wanted) {
  taken_.insert(name);
  auto it = object_.find(name);
  if (it == object_.end()) return nullptr;
  if (((*it).*is_type)()) return &*it;
  Fail(name, fmt::format("must be {}", wanted));
  return nullptr;
}

void ObjectReader::Fail(std::string_view name, std::string_view what) {
  if (problem_.empty()) problem_ = fmt::format("{}/{} {}", path_, name, what);
}

}  // namespace viasync::sandbox
