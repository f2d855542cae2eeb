// As much of JSON Schema 2020-12 as the project's schemas use; a key word it does not know is a
// problem, so that none is passed over.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace viasync::test {

class JsonSchema {
 public:
  using Json = nlohmann::json;
  explicit JsonSchema(Json root) : root_(std::move(root)) {}

  // What is wrong with `value`, one line each; empty = valid.
  std::vector<std::string> Check(const Json& value) const {
    std::vector<std::string> problems;
    Check(root_, value, "", problems);
    return problems;
  }

 private:
  using Problems = std::vector<std::string>;

  void Check(const Json& schema, const Json& value, const std::string& at, Problems& out) const {
    static const std::set<std::string> kSilent = {"$schema", "title", "description", "default",
                                                  "$defs"};
    for (const auto& [word, rule] : schema.items()) {
      if (kSilent.contains(word)) continue;
      if (!Holds(word, rule, schema, value, at, out)) out.push_back(at + ": " + word);
    }
  }

  bool Valid(const Json& schema, const Json& value) const {
    Problems problems;
    Check(schema, value, "", problems);
    return problems.empty();
  }

  bool Holds(const std::string& word, const Json& rule, const Json& schema, const Json& value,
             const std::string& at, Problems& out) const {
    if (word == "$ref") return Check(Resolve(rule), value, at, out), true;
    if (word == "type") return IsType(rule, value);
    if (word == "const") return value == rule;
    if (word == "enum") return std::ranges::find(rule, value) != rule.end();
    if (word == "anyOf") {
      return std::ranges::any_of(rule, [&](const auto& one) { return Valid(one, value); });
    }
    if (value.is_object()) return HoldsForObject(word, rule, schema, value, at, out);
    if (word == "items" && value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        Check(rule, value[i], at + "/" + std::to_string(i), out);
      }
      return true;
    }
    if (value.is_string()) return HoldsForString(word, rule, value.get<std::string>());
    if (word == "minimum") return !value.is_number() || value >= rule;
    if (word == "maximum") return !value.is_number() || value <= rule;
    return IsKnown(word);
  }

  bool HoldsForObject(const std::string& word, const Json& rule, const Json& schema,
                      const Json& value, const std::string& at, Problems& out) const {
    if (word == "required") {
      return std::ranges::all_of(
          rule, [&](const auto& name) { return value.contains(name.template get<std::string>()); });
    }
    if (word == "minProperties") return value.size() >= rule;
    if (word != "properties" && word != "additionalProperties" && word != "propertyNames") {
      return IsKnown(word);
    }
    for (const auto& [name, member] : value.items()) {
      bool listed = schema.contains("properties") && schema["properties"].contains(name);
      if (word == "propertyNames")
        Check(rule, name, at + "/" + name, out);
      else if (word == "properties" && listed)
        Check(rule[name], member, at + "/" + name, out);
      else if (word == "additionalProperties" && !listed)
        Extra(rule, member, at + "/" + name, out);
    }
    return true;
  }

  void Extra(const Json& rule, const Json& member, const std::string& at, Problems& out) const {
    if (rule.is_object())
      Check(rule, member, at, out);
    else if (rule == false)
      out.push_back(at + ": additionalProperties");
  }

  static bool HoldsForString(const std::string& word, const Json& rule, const std::string& text) {
    if (word == "pattern") return std::regex_search(text, std::regex(rule.get<std::string>()));
    if (word == "minLength") return text.size() >= rule;
    if (word == "maxLength") return text.size() <= rule;
    return IsKnown(word);
  }

  // A key word that says nothing about a value of this type.
  static bool IsKnown(const std::string& word) {
    static const std::set<std::string> kKnown = {
        "required",      "properties",   "additionalProperties",
        "propertyNames", "items",        "pattern",
        "minLength",     "maxLength",    "minimum",
        "maximum",       "minProperties"};
    return kKnown.contains(word);
  }

  static bool IsType(const Json& rule, const Json& value) {
    if (rule.is_array()) {
      return std::ranges::any_of(rule, [&](const auto& one) { return IsType(one, value); });
    }
    if (rule == "integer") return value.is_number_integer();
    if (rule == "number") return value.is_number();
    return rule == value.type_name();
  }

  const Json& Resolve(const Json& ref) const {
    return root_.at(Json::json_pointer(ref.get<std::string>().substr(1)));
  }

  Json root_;
};

}  // namespace viasync::test
