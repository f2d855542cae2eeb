// A visitor (records.h) that takes the members of a record from a JSON object, and says what is
// wrong with it.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/ports.h"

namespace viasync::sandbox {

class ObjectReader {
 public:
  // Both outlive the reader. `path` begins each problem.
  ObjectReader(const nlohmann::json& object, const std::string& path)
      : object_(object), path_(path) {}

  void operator()(const char* name, std::string& text);
  void operator()(const char* name, std::int64_t& number);
  void operator()(const char* name, bool& value);
  void operator()(const char* name, base::UtcTime& time);
  void operator()(const char* name, std::optional<base::UtcTime>& time);  // "" and "0" are none
  void operator()(const char* name, std::vector<std::string>& texts);
  void operator()(const char* name, std::map<std::string, std::string>& texts);
  void operator()(const char* name, std::vector<std::pair<std::string, std::string>>& names);

  // The first problem, "" = none: what the visits met, then properties that none of them took.
  std::string Problem();

 private:
  const nlohmann::json* Take(const char* name, bool (nlohmann::json::*is_type)() const noexcept,
                             const char* wanted);
  void Fail(std::string_view name, std::string_view what);

  const nlohmann::json& object_;
  const std::string& path_;
  std::set<std::string, std::less<>> taken_;
  std::string problem_;
};

}  // namespace viasync::sandbox
