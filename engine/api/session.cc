#include "engine/api/session.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "engine/api/encoding.h"
#include "engine/api/error_body.h"
#include "engine/api/token.h"
#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/http/backoff.h"
#include "engine/http/outcome_text.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kAnswerMax = 32u << 20;  // bytes

// A request without its token.
struct Outline {
  http::Method method;
  std::string url;
  std::optional<std::string> body;
  http::Headers headers{};
};

bool IsSuccess(const http::Response& response) {
  return response.status >= 200 && response.status < 300;
}

base::ErrorKind KindOf(int status) {
  switch (status) {
    case 401:
      return base::ErrorKind::kAuth;
    case 404:
      return base::ErrorKind::kNotFound;
    case 409:
      return base::ErrorKind::kConflict;
    default:
      return status >= 400 ? base::ErrorKind::kRejected : base::ErrorKind::kProtocol;
  }
}

std::string HintOf(int status, const Endpoint& endpoint) {
  switch (status) {
    case 401:
      return CredentialsHint(endpoint);
    case 403:
      return "Check the API key, and that the client may do this in the org";
    case 404:
      return fmt::format(
          "It may have been deleted meanwhile; check also org ({}), base_url and "
          "exclusions_api of the environment",
          endpoint.org);
    case 409:
      return "The org holds another version, or an object of that name: plan again";
    default:
      break;
  }
  if (status >= 400) return {};
  return "Check base_url of the environment: the org does not redirect; a proxy or a sign-in page "
         "may have answered";
}

}  // namespace

struct Session::State {
  State(http::Client& client_in, Endpoint endpoint_in, Credentials credentials_in)
      : client(client_in),
        endpoint(std::move(endpoint_in)),
        credentials(std::move(credentials_in)),
        tokens(client, endpoint, credentials) {}

  http::Request Fill(const Outline& outline, const Token& token) const;
  http::Task<base::Result<http::Response>> Answered(Outline outline, http::Repeat repeat);
  http::Task<base::Result<http::Response>> Exchange(Outline outline, http::Repeat repeat);
  void NoteDate(const http::Response& response);
  base::Error Refusal(const Outline& outline, const http::Response& response) const;
  base::Result<Json> Parse(const Outline& outline, const http::Response& response) const;

  http::Client& client;
  const Endpoint endpoint;
  const Credentials credentials;
  TokenSource tokens;
  std::optional<base::UtcTime> earliest_date{};
  std::string last_date{};  // as it was written
  std::string peer{};       // of the last answer
};

http::Request Session::State::Fill(const Outline& outline, const Token& token) const {
  http::Request request;
  request.method = outline.method;
  request.url = outline.url;
  request.response_bytes_max = kAnswerMax;
  request.headers.reserve(4);
  request.headers.emplace_back("Authorization", "Bearer " + token.text);
  request.headers.emplace_back("x-api-key", credentials.api_key);
  request.headers.emplace_back("Accept", "application/json");
  for (const auto& header : outline.headers) request.headers.push_back(header);
  if (outline.body) {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = *outline.body;
  }
  return request;
}

// The answer, whatever it is. A 401 says that the org did nothing, so that a write may be sent
// again as well.
http::Task<base::Result<http::Response>> Session::State::Answered(Outline outline,
                                                                  http::Repeat repeat) {
  for (bool renewed = false;; renewed = true) {
    base::Result<Token> token = co_await tokens.Current();
    if (!token) co_return base::Fail(std::move(token.error()));
    base::Result<http::Response> response = co_await client.Send(Fill(outline, *token), repeat);
    if (response) NoteDate(*response);
    if (!response || response->status != 401) co_return response;
    if (renewed) {
      tokens.GiveUp(Refusal(outline, *response));
      co_return response;
    }
    tokens.Distrust(*token);
  }
}

void Session::State::NoteDate(const http::Response& response) {
  peer = response.peer;
  // Of a second's answers all bear the same one.
  const auto header = http::HeaderOf(response, "date");
  if (header == last_date) return;
  last_date = header;
  const auto date = http::ParseHttpDate(header);
  if (date && (!earliest_date || *date < *earliest_date)) earliest_date = date;
}

// The answer, if it is a success.
http::Task<base::Result<http::Response>> Session::State::Exchange(Outline outline,
                                                                  http::Repeat repeat) {
  base::Result<http::Response> response = co_await Answered(outline, repeat);
  if (!response || IsSuccess(*response)) co_return response;
  co_return base::Fail(Refusal(outline, *response));
}

base::Error Session::State::Refusal(const Outline& outline, const http::Response& response) const {
  std::string message =
      fmt::format("{} answered {}", http::NameOf(outline.method, outline.url), response.status);
  if (response.status == 401) message += " twice, the second time to a fresh token";
  const std::string said = DescribeBody(response, tokens.secrets());
  if (!said.empty()) message += ": " + said;
  return base::Error{.kind = KindOf(response.status),
                     .message = std::move(message),
                     .hint = HintOf(response.status, endpoint),
                     .http_status = response.status};
}

base::Result<Json> Session::State::Parse(const Outline& outline,
                                         const http::Response& response) const {
  const bool read = outline.method == http::Method::kGet;
  // What is taken from an answer ends up in files, the store and the org.
  if (tokens.secrets().FoundIn(response.body)) {
    return base::Fail(base::Error{
        .kind = read ? base::ErrorKind::kProtocol : base::ErrorKind::kUnknown,
        .message =
            fmt::format("{} answered {}, but the body holds a secret of this run, so nothing "
                        "of it is used",
                        http::NameOf(outline.method, outline.url), response.status),
        .hint = "A server or proxy echoes credentials: have that stopped, and the secret replaced",
        .http_status = response.status});
  }
  Json body = base::ParseJson(response.body);
  if (!body.is_discarded()) return body;
  return base::Fail(base::Error{
      .kind = read ? base::ErrorKind::kProtocol : base::ErrorKind::kUnknown,
      .message =
          fmt::format("{} answered {}, but the body {}", http::NameOf(outline.method, outline.url),
                      response.status, DescribeBrokenJson(response, tokens.secrets())),
      .hint = read
                  ? "Check base_url of the environment: a proxy or a sign-in page may have answered"
                  : "Whether it was carried out shows when the org is read again",
      .http_status = response.status});
}

Session::Session(http::Client& client, Endpoint endpoint, Credentials credentials)
    : state_(std::make_unique<State>(client, std::move(endpoint), std::move(credentials))) {}

Session::~Session() = default;

std::string Session::CampaignPath(std::string_view version, std::string_view rest) const {
  return fmt::format("/via/{}/organizations/{}/campaign/{}", version, state_->endpoint.org, rest);
}

const std::string& Session::exclusions_path() const { return state_->endpoint.exclusions_path; }

std::optional<base::UtcTime> Session::EarliestDate() const { return state_->earliest_date; }

http::Reach Session::reach() const {
  if (const auto literal = http::LiteralReach(state_->endpoint.base_url)) return *literal;
  return http::ReachOf(state_->peer).value_or(http::Reach::kPublic);
}

void Session::ForgetDates() {
  state_->earliest_date.reset();
  state_->last_date.clear();
}

http::Client& Session::client() { return state_->client; }

const Endpoint& Session::endpoint() const { return state_->endpoint; }

http::Task<base::Result<Json>> Session::Get(std::string path, Query query) {
  Outline outline{
      .method = http::Method::kGet, .url = state_->endpoint.base_url + path, .body = std::nullopt};
  if (!query.empty()) outline.url += "?" + EncodePairs(query);
  base::Result<http::Response> response = co_await state_->Exchange(outline, http::Repeat::kSafe);
  if (!response) co_return base::Fail(std::move(response.error()));
  co_return state_->Parse(outline, *response);
}

http::Task<base::Result<Json>> Session::Write(http::Method method, std::string path, Json body,
                                              http::Headers headers) {
  Outline outline{.method = method,
                  .url = state_->endpoint.base_url + path,
                  .body = std::nullopt,
                  .headers = std::move(headers)};
  if (!body.is_null()) {
    try {
      outline.body = body.dump();
    } catch (const Json::exception&) {
      co_return base::Fail(base::ErrorKind::kInvalid,
                           fmt::format("{} cannot be sent: a text in it is not UTF-8",
                                       http::NameOf(method, outline.url)),
                           "Save the file it comes from as UTF-8.");
    }
  }
  base::Result<http::Response> response =
      co_await state_->Exchange(outline, http::Repeat::kRefusals);
  if (!response) co_return base::Fail(std::move(response.error()));
  if (base::Trim(response->body).empty()) co_return Json();
  co_return state_->Parse(outline, *response);
}

http::Task<base::Result<RawAnswer>> Session::Ask(http::Method method, std::string path, Query query,
                                                 std::optional<std::string> body) {
  Outline outline{
      .method = method, .url = state_->endpoint.base_url + path, .body = std::move(body)};
  if (!query.empty()) outline.url += "?" + EncodePairs(query);
  const auto repeat = method == http::Method::kGet ? http::Repeat::kSafe : http::Repeat::kRefusals;
  base::Result<http::Response> response = co_await state_->Answered(outline, repeat);
  if (!response) co_return base::Fail(std::move(response.error()));
  RawAnswer answer{.response = std::move(*response), .refusal = std::nullopt};
  if (!IsSuccess(answer.response)) {
    answer.refusal = state_->Refusal(outline, answer.response);
    answer.response.body = state_->tokens.secrets().Redacted(answer.response.body);
  }
  co_return answer;
}

}  // namespace viasync::api
