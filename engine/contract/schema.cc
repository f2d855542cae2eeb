#include "engine/contract/schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/base/times.h"

namespace viasync::contract {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kShownBytesMax = 60;     // of a value in a message
constexpr std::size_t kChoicesMax = 12;        // named in a message
constexpr std::size_t kPatternBytesMax = 512;  // std::regex recurses by the byte

bool IsType(const Json& value, const std::string& type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return type == "null" ? value.is_null() : value.is_number();
}

std::string WithArticle(const std::string& type) {
  const bool vowel = std::string_view("aeiou").find(type.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + type;
}

// A value for people: cut, and safe to print.
std::string Shown(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  std::string text = value.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
  if (text.size() > kShownBytesMax) text = text.substr(0, kShownBytesMax) + "…";
  return base::Printable(text);
}

// Where the check stands.
struct Place {
  const std::string& pointer;
  const std::string& name;
  Problems& problems;

  void Add(std::string message) const { problems.push_back({pointer, name, std::move(message)}); }
};

std::string Escaped(std::string_view name) {
  std::string out;
  for (char letter : name) {
    if (letter == '~') {
      out += "~0";
    } else if (letter == '/') {
      out += "~1";
    } else {
      out += letter;
    }
  }
  return out;
}

std::string Suggestion(const Schema& schema, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [property, unused] : schema.properties) {
    if (base::EqualsIgnoreCase(property, name)) return "; did you mean `" + property + "`?";
    known.push_back(property);
  }
  auto nearest = base::Nearest(name, known);
  return nearest ? "; did you mean `" + *nearest + "`?" : "";
}

void CheckObject(const Schema& schema, const Json& value, const Place& place) {
  for (const auto& name : schema.required) {
    if (value.contains(name)) continue;
    place.problems.push_back(
        {place.pointer + "/" + Escaped(name), name, fmt::format("`{}` is missing", name)});
  }
  for (const auto& [name, member] : value.items()) {
    const std::string at = place.pointer + "/" + Escaped(name);
    auto property = schema.properties.find(name);
    if (property != schema.properties.end()) {
      Check(*property->second, member, at, name, place.problems);
    } else if (schema.closed) {
      place.problems.push_back({base::Printable(at), base::Printable(name),
                                fmt::format("`{}` is not known here{}", base::Printable(name),
                                            Suggestion(schema, name))});
    }
  }
}

void CheckArray(const Schema& schema, const Json& value, const Place& place) {
  const bool few = schema.items_min && value.size() < *schema.items_min;
  const bool many = schema.items_max && value.size() > *schema.items_max;
  if (few || many) {
    std::string rule = schema.items_min == schema.items_max
                           ? fmt::format("exactly {}", *schema.items_min)
                       : few ? fmt::format("at least {}", *schema.items_min)
                             : fmt::format("at most {}", *schema.items_max);
    place.Add(fmt::format("`{}` has {}; it must have {}", place.name,
                          base::Plural(value.size(), "item"), rule));
  }
  if (!schema.items) return;
  for (std::size_t i = 0; i < value.size(); ++i) {
    Check(*schema.items, value[i], place.pointer + "/" + std::to_string(i),
          place.name + "[" + std::to_string(i) + "]", place.problems);
  }
}

void CheckText(const Schema& schema, const std::string& text, const Json& value,
               const Place& place) {
  // A blank for the T is common, and no date-time of RFC 3339 as the API writes it.
  constexpr std::size_t kT = 10;
  const bool time = base::ParseTime(text) && text.size() > kT && text[kT] == 'T';
  if (schema.is_time && !time) {
    place.Add(fmt::format("`{}` is {}; it must be a time such as 2017-11-03T23:20:50.525Z",
                          place.name, Shown(value)));
  }
  if (!schema.pattern) return;
  if (text.size() > kPatternBytesMax || !std::regex_search(text, *schema.pattern)) {
    place.Add(
        fmt::format("`{}` is {}; it must match {}", place.name, Shown(value), schema.pattern_text));
  }
}

bool Fits(const Schema& schema, const Json& value, const Place& place) {
  Problems scratch;
  Check(schema, value, place.pointer, place.name, scratch);
  return scratch.empty();
}

void CheckBranches(const Schema& schema, const Json& value, const Place& place) {
  if (!schema.one_of.empty()) {
    auto fitting = std::ranges::count_if(
        schema.one_of, [&](const Schema* branch) { return Fits(*branch, value, place); });
    if (fitting != 1) {
      std::vector<std::string> wanted;
      for (const Schema* branch : schema.one_of) {
        wanted.push_back(branch->is_time ? "a time such as 2017-11-03T23:20:50.525Z"
                                         : Choices(*branch));
      }
      place.Add(fmt::format("`{}` is {}; it must be {}", place.name, Shown(value),
                            base::Join(wanted, " or ")));
    }
  }
  if (schema.condition && Fits(*schema.condition, value, place)) {
    Check(*schema.consequence, value, place.pointer, place.name, place.problems);
  }
}

}  // namespace

std::string Choices(const Schema& schema) {
  std::vector<std::string> choices;
  for (std::size_t i = 0; i < std::min(schema.values.size(), kChoicesMax); ++i) {
    choices.push_back(schema.values[i].dump() +
                      (schema.words.empty() ? "" : " " + schema.words[i]));
  }
  std::string text = base::Join(choices, ", ");
  if (schema.values.size() <= kChoicesMax) return text;
  return text + fmt::format(" and {} more", schema.values.size() - kChoicesMax);
}

void Check(const Schema& schema, const Json& value, const std::string& pointer,
           const std::string& name, Problems& problems) {
  const Place place{pointer, name, problems};
  const bool typed = schema.types.empty() || std::ranges::any_of(schema.types, [&](auto& type) {
                       return IsType(value, type);
                     });
  if (!typed) {
    std::vector<std::string> types;
    for (const auto& type : schema.types) types.push_back(WithArticle(type));
    std::string wanted =
        schema.words.empty() ? base::Join(types, " or ") : "one of " + Choices(schema);
    return place.Add(fmt::format("`{}` is {}; it must be {}", name, Shown(value), wanted));
  }
  if (!schema.values.empty() && std::ranges::find(schema.values, value) == schema.values.end()) {
    return place.Add(fmt::format("`{}` is {}; it must be {}{}", name, Shown(value),
                                 schema.values.size() > 1 ? "one of " : "", Choices(schema)));
  }
  if (schema.minimum && value.is_number_integer() && value < *schema.minimum) {
    place.Add(
        fmt::format("`{}` is {}; it must be at least {}", name, Shown(value), *schema.minimum));
  }
  if (value.is_object()) CheckObject(schema, value, place);
  if (value.is_array()) CheckArray(schema, value, place);
  if (value.is_string()) {
    CheckText(schema, value.get_ref<const std::string&>(), value, place);
  }
  CheckBranches(schema, value, place);
}

}  // namespace viasync::contract
