#include "engine/api/token.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/api/encoding.h"
#include "engine/base/json.h"
#include "engine/base/strings.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kTokenAnswerMax = 1u << 20;  // bytes
constexpr std::int64_t kUsualLifetime = 3600;      // seconds, where the answer does not say
constexpr std::int64_t kLifetimeMax = 10 * 365 * 86'400;
constexpr base::Millis kRenewAheadMax{60'000};

// Seconds; a number or, from some servers, a number in quotes. nullopt = neither.
std::optional<std::int64_t> LifetimeOf(const Json& body) {
  auto found = body.find("expires_in");
  if (found == body.end() || found->is_null()) return kUsualLifetime;
  if (found->is_number())
    return static_cast<std::int64_t>(
        std::clamp(found->get<double>(), 0.0, static_cast<double>(kLifetimeMax)));
  if (!found->is_string()) return std::nullopt;
  const auto& text = found->get_ref<const std::string&>();
  if (text.empty() || text.size() > 9 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return std::min<std::int64_t>(std::stoll(text), kLifetimeMax);
}

// The answer as an object: JSON or, from some servers, a form (`access_token=…&expires_in=3600`).
// null = neither.
Json Parsed(const http::Response& response) {
  Json body = base::ParseJson(response.body);
  if (!body.is_discarded()) return body;
  const std::string_view text = base::Trim(response.body);
  if (text.find_first_of(" \r\n<>\"{}") != std::string_view::npos) return nullptr;
  for (std::string_view pair : base::Split(text, '&')) {
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) return nullptr;
    if (body.is_discarded()) body = Json::object();
    body[FormDecode(pair.substr(0, equals))] = FormDecode(pair.substr(equals + 1));
  }
  return body.is_discarded() ? Json() : body;
}

// Why an answer is none, in our own words.
std::string DescribeForm(const http::Response& response) {
  const std::string_view text = base::Trim(response.body);
  if (text.empty()) return "is empty";
  const bool html = http::HeaderOf(response, "content-type").find("html") != std::string_view::npos;
  if (html || text.starts_with('<')) return "is HTML";
  if (text.starts_with('{') && !text.ends_with('}')) {
    return fmt::format("is cut off after {} bytes", base::Thousands(response.body.size()));
  }
  return "is not JSON";
}

void GatherTexts(const Json& value, Secrets& texts) {
  constexpr std::size_t kTextMin = 8;  // bytes; shorter ones, such as `Bearer`, are words
  if (value.is_string() && value.get_ref<const std::string&>().size() >= kTextMin) {
    texts.Add(value.get_ref<const std::string&>());
  }
  if (!value.is_structured()) return;
  for (const Json& inner : value) GatherTexts(inner, texts);
}

// `error: error_description` of RFC 6749 (5.2), without anything that the answer says beside them;
// "" where it has neither.
std::string DescribeRefusal(const http::Response& response, Secrets secrets) {
  constexpr std::size_t kShownMax = 500;         // bytes
  constexpr std::size_t kRefusalMax = 16 << 10;  // longer, and it is something else
  if (response.body.size() > kRefusalMax) return {};
  const Json body = base::ParseJson(response.body);
  if (!body.is_object()) return {};
  std::string text;
  for (const auto& [name, value] : body.items()) {
    if (name != "error" && name != "error_description") GatherTexts(value, secrets);
  }
  for (const char* name : {"error", "error_description"}) {
    Json said = body.value(name, Json());
    // A gateway before it may answer as the API does: {"error": {"message": …}}.
    if (said.is_object()) said = said.value("message", Json());
    if (!said.is_string()) continue;
    text += (text.empty() ? "" : ": ") + said.get<std::string>();
  }
  text = base::Printable(secrets.Redacted(text));
  return text.size() <= kShownMax ? text : base::Printable(text.substr(0, kShownMax)) + "…";
}

base::Error TokenProblem(int status, std::string what) {
  return base::Error{.kind = base::ErrorKind::kProtocol,
                     .message = "the token service's answer " + std::move(what),
                     .hint =
                         "Check token_url and region of the environment: something other than "
                         "the token service may have answered",
                     .http_status = status};
}

}  // namespace

std::string CredentialsHint(const Endpoint& endpoint) {
  return fmt::format(
      "Check this environment's client id, client secret and API key (VIASYNC_<ENV>_CLIENT_ID, "
      "_CLIENT_SECRET, _API_KEY or its credential_command): do they belong to org {}, has the "
      "client the scope outreachapi, and is the region right?",
      endpoint.org);
}

TokenSource::TokenSource(http::Client& client, const Endpoint& endpoint,
                         const Credentials& credentials)
    : client_(client), endpoint_(endpoint), credentials_(credentials) {
  const auto& [id, secret, key] = credentials_;
  secrets_.AddPair(id, secret);
  secrets_.AddPair(FormEncode(id), FormEncode(secret));
  secrets_.Add(key);
  base::NoteSecretPair(id, secret);
  base::NoteSecretPair(FormEncode(id), FormEncode(secret));
  base::NoteSecret(key);
}

// As HTTP Basic carries it, before Base64.
std::string TokenSource::BasicPair() const {
  const auto& [id, secret, key] = credentials_;
  if (!endpoint_.form_encoded_client) return id + ":" + secret;
  return FormEncode(id) + ":" + FormEncode(secret);
}

http::Task<base::Result<Token>> TokenSource::Current() {
  if (refused_) co_return base::Fail(*refused_);
  if (fetching_) {
    co_await fetched_.Wait();
    if (failure_) co_return base::Fail(*failure_);
    co_return token_;
  }
  if (renew_at_ && client_.transport().clock().Steady() < *renew_at_) co_return token_;

  fetching_ = true;
  base::Result<void> fetched = co_await Fetch();
  fetching_ = false;
  failure_.reset();
  if (!fetched) failure_ = fetched.error();
  if (failure_ && failure_->kind == base::ErrorKind::kAuth) refused_ = failure_;
  fetched_.Notify();
  if (!fetched) co_return base::Fail(fetched.error());
  co_return token_;
}

void TokenSource::Distrust(const Token& token) {
  if (token.number == token_.number) renew_at_.reset();
}

http::Task<base::Result<void>> TokenSource::Fetch() {
  if (!FitsHeader(credentials_.api_key)) {
    co_return base::Fail(base::ErrorKind::kAuth,
                         "the API key holds a line break or another character no header can carry",
                         "Set VIASYNC_<ENV>_API_KEY to the key alone");
  }
  http::Request request;
  request.method = http::Method::kPost;
  request.url = endpoint_.token_url;
  request.response_bytes_max = kTokenAnswerMax;
  request.answer_is_secret = true;
  request.headers.emplace_back("Authorization", "Basic " + Base64(BasicPair()));
  request.headers.emplace_back("Accept", "application/json");
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.body = EncodePairs(
      {{"grant_type", "client_credentials"}, {"scope", "outreachapi"}, {"realm", endpoint_.org}});
  // The lifetime counts from before the request left: too early is harmless, too late is a 401.
  const base::Millis asked_at = client_.transport().clock().Steady();
  // A token that is handed out twice harms nobody.
  base::Result<http::Response> response =
      co_await client_.Send(std::move(request), http::Repeat::kSafe);
  if (!response) {
    base::Error error = std::move(response.error());
    error.message = "no access token: " + error.message;
    co_return base::Fail(std::move(error));
  }
  if (response->status < 200 || response->status > 299) co_return base::Fail(Refusal(*response));
  co_return Read(*response, asked_at);
}

base::Error TokenSource::Refusal(const http::Response& response) const {
  std::string message =
      fmt::format("the token service refused the credentials (HTTP {})", response.status);
  const std::string said = DescribeRefusal(response, secrets());
  if (!said.empty()) message += ": " + said;
  base::Error error{.kind = base::ErrorKind::kAuth,
                    .message = std::move(message),
                    .hint = CredentialsHint(endpoint_),
                    .http_status = response.status};
  if (response.status != 400 && response.status != 401 && response.status != 403) {
    error.kind = base::ErrorKind::kProtocol;
    error.message = fmt::format("the token service answered HTTP {}", response.status);
    if (!said.empty()) error.message += ": " + said;
    error.hint = "Check token_url and region of the environment";
  }
  return error;
}

base::Result<void> TokenSource::Read(const http::Response& response, base::Millis asked_at) {
  const int status = response.status;
  const Json body = Parsed(response);
  if (body.is_null()) return base::Fail(TokenProblem(status, DescribeForm(response)));
  for (const char* name : {"access_token", "refresh_token", "id_token"}) {
    auto secret = body.is_object() ? body.find(name) : body.end();
    if (secret == body.end() || !secret->is_string()) continue;
    secrets_.Add(secret->get_ref<const std::string&>());
    base::NoteSecret(secret->get_ref<const std::string&>());
  }
  auto text = body.is_object() ? body.find("access_token") : body.end();
  if (text == body.end() || !text->is_string()) {
    std::string what = "has no \"access_token\"";
    const std::string said = DescribeRefusal(response, secrets());
    if (!said.empty()) what += ": " + said;
    return base::Fail(TokenProblem(status, std::move(what)));
  }
  std::string token = text->get<std::string>();
  if (token.empty() || !FitsHeader(token)) {
    return base::Fail(TokenProblem(status, "has an \"access_token\" that no header can carry"));
  }
  auto lifetime = LifetimeOf(body);
  if (!lifetime || *lifetime <= 0) {
    return base::Fail(
        TokenProblem(status, "has an \"expires_in\" that is not a number of seconds to come"));
  }
  const base::Millis life = std::chrono::seconds(*lifetime);
  token_ = Token{.text = std::move(token), .number = token_.number + 1};
  renew_at_ = asked_at + life - std::min(kRenewAheadMax, life / 10);
  return {};
}

}  // namespace viasync::api
