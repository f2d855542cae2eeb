#include "engine/api/decode.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/base/strings.h"
#include "engine/base/times.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

// An id becomes a segment of a path: these would address something else.
bool IsUsableId(std::string_view id) { return !id.empty() && id != "." && id != ".."; }

std::string IdText(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string Shown(const Json& value) {
  constexpr std::size_t kShownMax = 60;
  std::string text = value.dump(-1, ' ', /*ensure_ascii=*/true);
  if (text.size() > kShownMax) text = text.substr(0, kShownMax) + "…";
  return text;
}

}  // namespace

std::string_view TypeName(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "a truth value";
  if (value.is_string()) return "a string";
  if (value.is_array()) return "an array";
  if (value.is_object()) return "an object";
  return "a number";
}

Reader::Reader(const Json& object, std::string what) : object_(object), what_(std::move(what)) {
  if (!object.is_object()) Fail(fmt::format("is {}, not an object", TypeName(object)));
}

void Reader::Fail(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

base::Error Reader::Problem() const {
  std::string name = what_;
  if (const Json* id = Find("id"); id != nullptr && (id->is_string() || id->is_number())) {
    name += " (id " + base::Printable(IdText(*id)) + ")";
  }
  return base::Error{.kind = base::ErrorKind::kProtocol,
                     .message = fmt::format("the org answered {} that {}", name, problem_),
                     .hint =
                         "The answer does not follow the API reference. Nothing was changed by "
                         "guesswork; report it to the vendor if it stays"};
}

const Json* Reader::Find(const char* name) const {
  if (!object_.is_object()) return nullptr;
  auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const Json* Reader::Require(const char* name, const char* expected) {
  const Json* value = Find(name);
  if (value == nullptr) Fail(fmt::format("has no \"{}\" ({} expected)", name, expected));
  return value;
}

void Reader::WrongType(const char* name, const Json& value, const char* expected) {
  Fail(fmt::format("has {} as \"{}\", {} expected", Shown(value), name, expected));
}

std::string Reader::Id() {
  const Json* value = Require("id", "a number or string");
  if (value == nullptr) return {};
  if (!value->is_number_integer() && !(value->is_string() && IsUsableId(IdText(*value)))) {
    WrongType("id", *value, "a number or string");
    return {};
  }
  return IdText(*value);
}

std::string Reader::OptionalId(const char* name) {
  const Json* value = Find(name);
  if (value == nullptr) return {};
  if (!value->is_number_integer() && !value->is_string()) {
    WrongType(name, *value, "a number or string");
    return {};
  }
  return IdText(*value);
}

std::string Reader::Text(const char* name) {
  return Require(name, "a string") == nullptr ? std::string() : OptionalText(name);
}

std::string Reader::OptionalText(const char* name) {
  const Json* value = Find(name);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    WrongType(name, *value, "a string");
    return {};
  }
  return value->get<std::string>();
}

std::int64_t Reader::Integer(const char* name) {
  const Json* value = Require(name, "a whole number");
  if (value == nullptr) return 0;
  const bool fits = value->is_number_integer() &&
                    (!value->is_number_unsigned() || value->get<std::uint64_t>() <= INT64_MAX);
  if (!fits) {
    WrongType(name, *value, "a whole number");
    return 0;
  }
  return value->get<std::int64_t>();
}

std::int64_t Reader::OptionalInteger(const char* name) {
  return Find(name) == nullptr ? 0 : Integer(name);
}

bool Reader::OptionalFlag(const char* name) {
  const Json* value = Find(name);
  if (value == nullptr) return false;
  if (!value->is_boolean()) WrongType(name, *value, "true or false");
  return value->is_boolean() && value->get<bool>();
}

std::string Reader::FriendlyName(const char* name) {
  const Json* names = Find(name);
  if (names == nullptr) return {};
  if (!names->is_array()) {
    WrongType(name, *names, "an array of names");
    return {};
  }
  std::string first, english;
  for (const Json& entry : *names) {
    Reader reader(entry, what_ + " with a name");
    const std::string locale = reader.OptionalText("locale");
    const std::string value = reader.OptionalText("value");
    if (first.empty()) first = value;
    if (english.empty() && locale == "en-US") english = value;
    if (!reader.problem_.empty()) Fail(reader.problem_);
  }
  return english.empty() ? first : english;
}

base::UtcTime Reader::Time(const char* name) {
  const Json* value = Require(name, "a time");
  if (value == nullptr) return {};
  std::optional<base::UtcTime> time;
  if (value->is_string()) time = base::ParseTime(value->get_ref<const std::string&>());
  if (!time) WrongType(name, *value, "a time");
  return time.value_or(base::UtcTime());
}

std::optional<base::UtcTime> Reader::TimeForShow(const char* name) const {
  const Json* value = Find(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return base::ParseTime(value->get_ref<const std::string&>());
}

}  // namespace viasync::api
