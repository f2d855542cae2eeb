#include "engine/base/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/base/utf8.h"

namespace viasync::base {
namespace {

// As far as a parser gets, it sees the same brackets: up to there the text is JSON.
bool IsTooDeep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kJsonDepthMax) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

template <class Json>
Json Parse(std::string_view text) {
  if (IsTooDeep(text)) return Json(Json::value_t::discarded);
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

template <class Json>
std::string Dump(const Json& json, int indent) {
  return EscapeJson(json.dump(indent, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

nlohmann::json ParseJson(std::string_view text) { return Parse<nlohmann::json>(text); }

nlohmann::ordered_json ParseOrderedJson(std::string_view text) {
  return Parse<nlohmann::ordered_json>(text);
}

bool IsJson(std::string_view text) { return !IsTooDeep(text) && nlohmann::json::accept(text); }

std::optional<JsonFault> FindJsonFault(std::string_view text) {
  if (IsTooDeep(text)) return JsonFault{.kind = JsonFault::Kind::kTooDeep};
  try {
    [[maybe_unused]] const auto json = nlohmann::json::parse(text);
    return std::nullopt;
  } catch (const nlohmann::json::parse_error& error) {
    const bool cut = error.byte > text.size();
    return JsonFault{.kind = cut ? JsonFault::Kind::kCutOff : JsonFault::Kind::kSyntax,
                     .byte = error.byte};
  } catch (const nlohmann::json::exception&) {
    return JsonFault{.kind = JsonFault::Kind::kNumber};
  }
}

std::string DumpJson(const nlohmann::json& json, int indent) { return Dump(json, indent); }

std::string DumpJson(const nlohmann::ordered_json& json, int indent) { return Dump(json, indent); }

std::string EscapeJson(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  while (!json.empty()) {
    const auto [value, length] = DecodeUtf8(json);
    if (length == 0) {
      safe += "\xEF\xBF\xBD";
      json.remove_prefix(1);
      continue;
    }
    // Below U+0020 only the white space between the values is left.
    if (value < 0x20 || !IsUnsafe(value)) {
      safe += json.substr(0, length);
    } else if (value < 0x10000) {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(value));
    } else {
      const unsigned offset = static_cast<unsigned>(value) - 0x10000;
      safe += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (offset >> 10), 0xDC00 + (offset & 0x3FF));
    }
    json.remove_prefix(length);
  }
  return safe;
}

}  // namespace viasync::base
