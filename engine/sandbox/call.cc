#include "engine/sandbox/call.h"

#include <fmt/format.h>

#include <charconv>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"

namespace viasync::sandbox {
namespace {

std::string_view StatusText(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Error";
  }
}

void CheckParameter(const std::string& name, const std::string& value, Type type,
                    Problems& problems) {
  if (type == Type::kInteger && !ReadInteger(value)) {
    problems.push_back(
        {name, "invalidParameter", fmt::format("'{}' is not an integer", base::Printable(value))});
  }
  if (type == Type::kTime && !base::ParseTime(value)) {
    problems.push_back({name, "invalidParameter",
                        fmt::format("'{}' is not an ISO 8601 time", base::Printable(value))});
  }
}

constexpr Spec kPaging[] = {{"startIndex", Type::kInteger}, {"maxResults", Type::kInteger}};

const Spec* FindSpec(std::span<const Spec> specs, std::string_view name) {
  auto it = std::ranges::find(specs, name, &Spec::name);
  return it == specs.end() ? nullptr : &*it;
}

}  // namespace

std::optional<std::int64_t> ReadInteger(std::string_view text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Answer ErrorAnswer(int status, const Problems& problems) {
  Answer answer{.status = status, .body = {}, .headers = {}};
  ObjectWriter outer(answer.body);
  ObjectWriter error(outer.Raw("error"));
  AppendArray(error.Raw("errors"), problems, [](std::string& out, const Problem& problem) {
    ObjectWriter item(out);
    item("scope", problem.scope);
    item("reason", problem.reason);
    item("message", problem.message);
    item.Close();
  });
  error("code", status);
  error("message", StatusText(status));
  error.Close();
  outer.Close();
  return answer;
}

Answer ErrorAnswer(int status, std::string scope, std::string reason, std::string message) {
  return ErrorAnswer(status, {{std::move(scope), std::move(reason), std::move(message)}});
}

Answer NotFound(std::string_view kind, std::string_view id) {
  return ErrorAnswer(404, std::string(kind), "notFound",
                     fmt::format("There is no {} '{}'", kind, base::Printable(id)));
}

Answer MethodNotAllowed(std::string_view allowed) {
  Answer answer =
      ErrorAnswer(405, "method", "methodNotAllowed", fmt::format("Allowed here: {}", allowed));
  answer.headers.emplace_back("Allow", allowed);
  return answer;
}

Answer StaleVersion(std::int64_t given) {
  return ErrorAnswer(409, "version", "staleVersion",
                     fmt::format("Version {} is not the current one", given));
}

void CheckQuery(const Call& call, std::span<const Spec> specs, bool paging, Problems& problems) {
  for (const auto& [name, value] : call.params) {
    const Spec* spec = FindSpec(specs, name);
    if (!spec && paging) spec = FindSpec(kPaging, name);
    if (!spec) {
      problems.push_back({base::Printable(name), "unknownParameter", "Unknown query parameter"});
      continue;
    }
    if (call.params.count(name) > 1) {
      problems.push_back({name, "repeatedParameter", "Given more than once"});
    }
    CheckParameter(name, value, spec->type, problems);
  }
  if (!paging) return;
  if (IntegerParam(call, "startIndex").value_or(0) < 0) {
    problems.push_back({"startIndex", "invalidParameter", "Must not be negative"});
  }
  if (IntegerParam(call, "maxResults").value_or(1) < 1) {
    problems.push_back({"maxResults", "invalidParameter", "Must be at least 1"});
  }
}

bool HasFilter(const Call& call) {
  return std::ranges::any_of(
      call.params, [](const auto& param) { return FindSpec(kPaging, param.first) == nullptr; });
}

std::optional<std::string> Param(const Call& call, const std::string& name) {
  auto it = call.params.find(name);
  if (it == call.params.end()) return std::nullopt;
  return it->second;
}

std::optional<std::int64_t> IntegerParam(const Call& call, const std::string& name) {
  auto text = Param(call, name);
  return text ? ReadInteger(*text) : std::nullopt;
}

std::optional<TimeRange> RangeParam(const Call& call, const std::string& name, Problems& problems) {
  auto from = Param(call, "from" + name);
  auto to = Param(call, "to" + name);
  if (!from && !to) return std::nullopt;
  if (!from || !to) {
    problems.push_back({(from ? "from" : "to") + name, "missingParameter",
                        fmt::format("from{0} and to{0} go together", name)});
    return std::nullopt;
  }
  auto first = base::ParseTime(*from);
  auto last = base::ParseTime(*to);
  if (!first || !last) return std::nullopt;  // CheckQuery has named it
  if (*last < *first) {
    problems.push_back({"to" + name, "invalidParameter", "Lies before from" + name});
    return std::nullopt;
  }
  return TimeRange{*first, *last};
}

std::optional<nlohmann::json> ParseBody(const Call& call, Problems& problems) {
  if (!call.content_type.starts_with("application/json")) {
    problems.push_back({"Content-Type", "invalidHeader", "Must be application/json"});
  }
  auto json = base::ParseJson(call.body);
  if (json.is_object()) return json;
  problems.push_back({"body", "invalidBody", "The body is not a JSON object"});
  return std::nullopt;
}

void CheckProperties(const nlohmann::json& object, std::span<const Spec> specs,
                     Problems& problems) {
  for (const auto& [name, value] : object.items()) {
    const Spec* spec = FindSpec(specs, name);
    if (!spec) {
      problems.push_back({base::Printable(name), "unknownProperty", "Unknown property"});
    } else if (spec->type == Type::kInteger ? !value.is_number_integer() : !value.is_string()) {
      problems.push_back(
          {name, "invalidType",
           spec->type == Type::kInteger ? "Must be an integer" : "Must be a string"});
    } else if (spec->type == Type::kTime && !base::ParseTime(Text(object, name))) {
      problems.push_back({name, "invalidTime", "Must be an ISO 8601 time"});
    }
  }
  for (const Spec& spec : specs) {
    if (spec.required && !object.contains(spec.name)) {
      problems.push_back({std::string(spec.name), "missingProperty", "Is required"});
    }
  }
}

std::string Text(const nlohmann::json& object, std::string_view name) {
  auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::int64_t Integer(const nlohmann::json& object, std::string_view name) {
  auto it = object.find(name);
  return it != object.end() && it->is_number_integer() ? it->get<std::int64_t>() : 0;
}

PageBounds Page(const Call& call, std::size_t total) {
  auto wanted = IntegerParam(call, "maxResults").value_or(call.settings.page_default);
  auto count = static_cast<std::size_t>(std::min(wanted, call.settings.page_cap));
  auto first = static_cast<std::size_t>(IntegerParam(call, "startIndex").value_or(0));
  // lastIndexReturned beyond the end is startIndex + 0, as notes on paging read it.
  if (first >= total) return {first, first};
  return {first, std::min(total, first + count)};
}

}  // namespace viasync::sandbox
