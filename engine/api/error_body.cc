#include "engine/api/error_body.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kDescriptionMax = 2000;  // bytes
constexpr std::size_t kReadMax = 64u << 10;    // bytes, of it that are looked at
constexpr std::size_t kExcerptMax = 200;       // bytes, of a body we cannot read

std::string Shorten(std::string text, std::size_t max) {
  if (text.size() <= max) return text;
  text.resize(base::CharacterStart(text, max));
  return text + "…";
}

// Secrets go before the text is shortened, so that none is cut in two and then missed.
std::string Clean(std::string_view text, const Secrets& secrets, std::size_t max) {
  return Shorten(base::Printable(secrets.Redacted(text)), max);
}

// Whatever type a property has, as text; empty = absent.
std::string TextOf(const Json& object, const char* name) {
  if (!object.is_object()) return {};
  auto found = object.find(name);
  if (found == object.end() || found->is_null()) return {};
  if (found->is_string()) return found->get<std::string>();
  return found->dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string DescribeItem(const Json& item) {
  if (item.is_string()) return item.get<std::string>();
  std::string text = TextOf(item, "scope");
  for (const char* name : {"reason", "message"}) {
    std::string part = TextOf(item, name);
    if (part.empty()) continue;
    if (!text.empty()) text += ": ";
    text += part;
  }
  return text;
}

std::string DescribeError(const Json& error, int status) {
  std::string text = TextOf(error, "message");
  const std::string code = TextOf(error, "code");
  if (!code.empty() && code != fmt::format("{}", status)) {
    text += fmt::format("{}(code {})", text.empty() ? "" : " ", code);
  }
  auto items = error.find("errors");
  if (items == error.end() || !items->is_array()) return text;
  for (const auto& item : *items) {
    const std::string part = DescribeItem(item);
    if (part.empty()) continue;
    if (!text.empty()) text += "; ";
    text += part;
    if (text.size() > 2 * kDescriptionMax) break;
  }
  return text;
}

bool IsHtml(const http::Response& response) {
  return http::HeaderOf(response, "content-type").find("html") != std::string_view::npos ||
         base::Trim(response.body.substr(0, kExcerptMax)).starts_with('<');
}

std::string_view TitleOf(std::string_view html) {
  auto start = html.find("<title>");
  if (start == std::string_view::npos) return {};
  start += 7;
  return base::Trim(html.substr(start, html.find("</title>", start) - start));
}

std::string DescribeHtml(const http::Response& response, const Secrets& secrets) {
  const std::string title = Clean(TitleOf(response.body), secrets, kExcerptMax);
  return title.empty() ? "HTML" : fmt::format("HTML (\"{}\")", title);
}

std::string Excerpt(const http::Response& response, const Secrets& secrets) {
  // More than is shown, so that a secret that begins in the excerpt is still recognised.
  return Clean(base::Trim(std::string_view(response.body).substr(0, kReadMax)), secrets,
               kExcerptMax);
}

}  // namespace

std::string DescribeBody(const http::Response& response, const Secrets& secrets) {
  if (base::Trim(response.body).empty()) return {};
  const Json body = base::ParseJson(response.body);
  if (body.is_discarded()) {
    return IsHtml(response) ? "a page of " + DescribeHtml(response, secrets)
                            : Excerpt(response, secrets);
  }
  std::string text;
  if (body.is_object()) {
    auto error = body.find("error");
    if (error != body.end() && error->is_object()) {
      text = DescribeError(*error, response.status);
    } else {
      // The token service (RFC 6749, 5.2) and API gateways.
      for (const char* name : {"error", "error_description", "message"}) {
        const std::string part = TextOf(body, name);
        if (!part.empty()) text += (text.empty() ? "" : ": ") + part;
      }
    }
  }
  return text.empty() ? Excerpt(response, secrets) : Clean(text, secrets, kDescriptionMax);
}

std::string DescribeBrokenJson(const http::Response& response, const Secrets& secrets) {
  if (base::Trim(response.body).empty()) return "is empty";
  if (IsHtml(response)) return "is " + DescribeHtml(response, secrets);
  const auto fault = base::FindJsonFault(response.body);
  using Kind = base::JsonFault::Kind;
  if (fault && fault->kind == Kind::kCutOff) {
    return fmt::format("is cut off after {} bytes", base::Thousands(response.body.size()));
  }
  if (fault && fault->kind == Kind::kTooDeep) {
    return fmt::format("is nested deeper than {} levels", base::kJsonDepthMax);
  }
  if (fault && fault->kind == Kind::kSyntax) {
    return fmt::format("is not JSON at byte {}: {}", base::Thousands(fault->byte),
                       Excerpt(response, secrets));
  }
  // A number out of range: JSON by its form, of no use to us.
  return "is not JSON: " + Excerpt(response, secrets);
}

}  // namespace viasync::api
