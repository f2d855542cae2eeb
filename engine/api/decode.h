// Reader: one JSON object of an answer, read property by property. The first property that is
// missing or of a wrong type becomes the error of Done(); unknown properties are ignored.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/ports.h"
#include "engine/base/result.h"

namespace viasync::api {

// "a string", "an array", "null": for error messages.
std::string_view TypeName(const nlohmann::json& value);

class Reader {
 public:
  // `what` names the object in errors: "a filter".
  Reader(const nlohmann::json& object, std::string what);

  // `id`: the reference has numbers for some kinds and strings for others; both are read as text.
  std::string Id();
  std::string OptionalId(const char* name);  // missing, null, "" = ""

  std::string Text(const char* name);
  std::string OptionalText(const char* name);  // missing, null = ""
  std::int64_t Integer(const char* name);
  base::UtcTime Time(const char* name);
  std::int64_t OptionalInteger(const char* name);  // missing, null = 0
  bool OptionalFlag(const char* name);             // missing, null = false
  // `[{"locale": …, "value": …}]`: the value of en-US, else the first; missing = "".
  std::string FriendlyName(const char* name);

  // For what viasync shows but never decides by: nullopt for anything that is no time.
  std::optional<base::UtcTime> TimeForShow(const char* name) const;

  void Fail(std::string problem);  // keeps the first

  template <class T>
  base::Result<T> Done(T value) {
    if (problem_.empty()) return value;
    return base::Fail(Problem());
  }

 private:
  const nlohmann::json* Find(const char* name) const;  // nullptr = missing or null
  const nlohmann::json* Require(const char* name, const char* expected);
  void WrongType(const char* name, const nlohmann::json& value, const char* expected);
  base::Error Problem() const;

  const nlohmann::json& object_;
  std::string what_;
  std::string problem_;
};

}  // namespace viasync::api
