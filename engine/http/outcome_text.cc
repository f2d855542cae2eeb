#include "engine/http/outcome_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/redact.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"

namespace viasync::http {
namespace {

constexpr std::size_t kExcerptMax = 300;

// A server in debug mode may echo what it was sent. A content type is no secret.
std::string WithoutSecrets(std::string_view text, const Headers& headers) {
  base::Redactor sent;
  for (const auto& [name, value] : headers) {
    if (value.find('/') == std::string::npos || base::EqualsIgnoreCase(name, "authorization")) {
      sent.Add(std::string_view(value).substr(value.find(' ') + 1));
    }
  }
  return base::RunSecrets()->Redacted(sent.Redacted(text));
}

// ` (the error body)`; nothing where it is not JSON, for instance a proxy's HTML page.
std::string BodyExcerpt(const Request& request, const base::Result<Response>& outcome) {
  if (!outcome || request.answer_is_secret) return {};
  if (HeaderOf(*outcome, "content-type").find("json") == std::string_view::npos) return {};
  const std::string text =
      WithoutSecrets(std::string_view(outcome->body).substr(0, 64u << 10), request.headers);
  std::string_view shown = base::Trim(text);
  if (shown.empty()) return {};
  const bool cut = shown.size() > kExcerptMax;
  return fmt::format(" ({}{})", base::Printable(shown.substr(0, kExcerptMax)), cut ? "…" : "");
}

std::string_view AfterScheme(std::string_view url) {
  const auto scheme = url.find("://");
  return scheme == std::string_view::npos ? url : url.substr(scheme + 3);
}

}  // namespace

std::string_view PathOf(std::string_view url) {
  std::string_view rest = AfterScheme(url);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const auto slash = rest.find('/');
  return slash == std::string_view::npos ? "/" : rest.substr(slash);
}

std::string HostOf(std::string_view url) {
  const std::string_view rest = AfterScheme(url);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  return base::Printable(host.substr(host.rfind('@') + 1));
}

std::string NameOf(Method method, std::string_view url) {
  const std::string_view scheme = url.substr(0, url.size() - AfterScheme(url).size());
  return base::Printable(
      fmt::format("{} {}{}{}", MethodName(method), scheme, HostOf(url), PathOf(url)));
}

std::string ReasonOf(const Request& request, const base::Result<Response>& outcome) {
  if (outcome) return fmt::format("{}", outcome->status);
  std::string_view message = outcome.error().message;
  const std::string name = NameOf(request.method, request.url) + ": ";
  if (message.starts_with(name)) message.remove_prefix(name.size());
  return std::string(message);
}

base::Error GaveUp(const Request& request, const base::Result<Response>& last, int tries,
                   base::Millis spent) {
  const bool unreached = !last && last.error().kind == base::ErrorKind::kNetwork;
  const int status = last ? last->status : 0;
  std::string hint = "Run the command again later; nothing is lost";
  if (unreached) hint = last.error().hint;
  if (status == 429) hint = "Lower `concurrency` of the environment, or run again later";
  return {.kind = unreached ? base::ErrorKind::kNetwork : base::ErrorKind::kUnavailable,
          .message = fmt::format("{}: gave up after {} {} in {}; the last answer: {}{}",
                                 NameOf(request.method, request.url), tries,
                                 tries == 1 ? "try" : "tries", base::FormatDuration(spent),
                                 ReasonOf(request, last), BodyExcerpt(request, last)),
          .hint = std::move(hint),
          .http_status = status};
}

base::Error Unsure(const Request& request, const base::Result<Response>& outcome) {
  return {.kind = base::ErrorKind::kUnknown,
          .message = fmt::format("{}: may or may not have been carried out; the answer: {}{}",
                                 NameOf(request.method, request.url), ReasonOf(request, outcome),
                                 BodyExcerpt(request, outcome)),
          .hint = "The next run reads the org and finds out",
          .http_status = outcome ? outcome->status : 0};
}

base::Error PausedTooLong(const Request& request, base::Millis pause) {
  return {.kind = base::ErrorKind::kUnavailable,
          .message = fmt::format("{}: the org asks (429) to wait {}",
                                 NameOf(request.method, request.url), base::FormatDuration(pause)),
          .hint = "Run the command again after that time",
          .http_status = 429};
}

}  // namespace viasync::http
