#include "engine/workflow/api_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/api/encoding.h"
#include "engine/base/strings.h"
#include "engine/contract/route.h"

namespace viasync::workflow {
namespace {

using Json = nlohmann::json;

http::Method MethodOf(const std::string& name) {
  for (auto method :
       {http::Method::kPost, http::Method::kPut, http::Method::kPatch, http::Method::kDelete}) {
    if (http::MethodName(method) == name) return method;
  }
  return http::Method::kGet;
}

// What a path may not hold as it is becomes %XX; what is encoded already stays.
std::string EncodePath(std::string_view path) {
  std::string out;
  for (char letter : path) {
    const bool stays = letter == '/' || letter == '%' || letter == ':' || letter == '@';
    out += stays ? std::string(1, letter) : api::PercentEncode(std::string_view(&letter, 1));
  }
  return out;
}

// Moves `?a=1&b=2` from the path into the query.
void SplitQuery(std::string& path, contract::Query& query) {
  auto mark = path.find('?');
  if (mark == std::string::npos) return;
  const std::string text = path.substr(mark + 1);
  path.resize(mark);
  for (std::string_view pair : base::Split(text, '&')) {
    if (pair.empty()) continue;
    auto equals = std::min(pair.find('='), pair.size());
    auto value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view();
    query.emplace(api::PercentDecode(pair.substr(0, equals)), api::PercentDecode(value));
  }
}

void AddProblems(const contract::Problems& problems, const contract::Operation& operation,
                 base::Errors& errors) {
  for (const auto& problem : problems) {
    errors.push_back({.kind = base::ErrorKind::kInvalid,
                      .message = contract::Describe({problem}),
                      .hint = operation.id + ": " + operation.summary +
                              "; `viasync schema openapi` describes it"});
  }
}

void CheckAll(const contract::Operation& operation, const contract::Query& query,
              base::Errors& errors) {
  auto refuse = [&](std::string message, std::string hint) {
    errors.push_back({.kind = base::ErrorKind::kInvalid,
                      .message = std::move(message),
                      .hint = std::move(hint)});
  };
  if (operation.collection.empty()) {
    refuse(operation.id + " has no pages for --all to join", "leave --all out");
  } else if (query.contains("startIndex") || query.contains("maxResults")) {
    refuse("--all fetches every page: `startIndex` and `maxResults` have no place beside it",
           "leave either out");
  }
}

bool HasParameter(const contract::Operation& operation, std::string_view name) {
  return std::ranges::find(operation.parameters, name, &contract::Parameter::name) !=
         operation.parameters.end();
}

// Which walk a collection needs. Objects that can be exported have no id.
bool Pages(const contract::Operation& operation) { return HasParameter(operation, "startIndex"); }
bool HasIds(const contract::Operation& operation) {
  const auto& page = *operation.answers.at(200);
  return page.properties.at(operation.collection)->items->properties.contains("id");
}

// Page after page, repeats dropped, until one is empty; totals prove nothing.
http::Task<base::Result<void>> WalkInOrder(
    api::Session& session, const ApiCall& call,
    const std::function<base::Result<void>(const Json&)>& each) {
  constexpr int kPagesMax = 1'000'000;
  std::set<std::string> seen;
  std::int64_t start = 0;
  for (int page = 0; page < kPagesMax; ++page) {
    api::Query query = call.query;
    if (Pages(*call.operation)) query.emplace_back("startIndex", std::to_string(start));
    base::Result<Json> body = co_await session.Get(call.path, std::move(query));
    if (!body) co_return base::Fail(std::move(body.error()));
    auto items = body->is_object() ? body->find(call.operation->collection) : body->end();
    if (!body->is_object() || items == body->end() || !items->is_array()) {
      co_return base::Fail(
          base::ErrorKind::kProtocol,
          fmt::format("GET {}: \"{}\" is missing", call.path, call.operation->collection),
          "The org's answer does not follow the API reference");
    }
    bool fresh = false;
    for (const Json& item : *items) {
      if (!seen.insert(base::Sha256Hex(item.dump(-1, ' ', true, Json::error_handler_t::replace)))
               .second) {
        continue;
      }
      fresh = true;
      auto taken = each(item);
      if (!taken) co_return taken;
    }
    start += static_cast<std::int64_t>(items->size());
    if (!Pages(*call.operation) || items->empty()) co_return base::Result<void>();
    if (!fresh) {
      co_return base::Fail(base::ErrorKind::kProtocol,
                           fmt::format("GET {}: the page at {} repeats earlier ones: the org seems "
                                       "to ignore startIndex",
                                       call.path, start - static_cast<std::int64_t>(items->size())),
                           "What was printed may not be all; leave --all out to see one page");
    }
  }
  co_return base::Fail(base::ErrorKind::kProtocol,
                       fmt::format("GET {}: the collection does not end", call.path));
}

}  // namespace

std::expected<config::Environment, base::Errors> LoadEnvironment(const std::string& root,
                                                                 const std::string& name) {
  auto project = config::LoadProject(root);
  if (!project) return std::unexpected(project.error());
  if (name.empty() && project->environments.size() == 1) {
    return project->environments.begin()->second;
  }
  auto named = config::FindEnvironment(*project, name);
  if (!named) return std::unexpected(base::Errors{named.error()});
  return **named;
}

std::expected<ApiCall, base::Errors> PrepareApiCall(const config::Environment& environment,
                                                    const ApiRequest& request) {
  auto endpoint = api::MakeEndpoint(environment.org, environment.region, environment.base_url,
                                    environment.token_url, environment.exclusions_api);
  if (!endpoint) return std::unexpected(base::Errors{endpoint.error()});
  std::string typed = request.path;
  contract::Query query = request.query;
  SplitQuery(typed, query);
  auto route = contract::FindRoute(base::ToUpper(request.method), typed, environment.org);
  if (!route) return std::unexpected(base::Errors{route.error()});

  const auto& operation = *route->match.operation;
  contract::ReplaceWords(operation, query);
  base::Errors errors;
  AddProblems(contract::CheckPath(route->match), operation, errors);
  AddProblems(contract::CheckQuery(operation, query), operation, errors);
  AddProblems(contract::CheckBody(operation, "application/json", request.body.value_or("")),
              operation, errors);
  if (request.all) CheckAll(operation, query, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));

  ApiCall call{.operation = &operation,
               .method = MethodOf(operation.method),
               .url = {},
               .path = EncodePath(route->path),
               .query = {query.begin(), query.end()},
               .body = request.body};
  // The short form means the exclusions that the environment says are the right ones.
  const bool is_short = typed.find("via/") == std::string::npos;
  const std::string prefix =
      fmt::format("/via/v2/organizations/{}/campaign/exclusions", environment.org);
  if (is_short && !operation.also_at.empty() && call.path.starts_with(prefix)) {
    call.path = endpoint->exclusions_path + call.path.substr(prefix.size());
  }
  call.url = endpoint->base_url + call.path;
  if (!call.query.empty()) call.url += "?" + api::EncodePairs(call.query);
  return call;
}

base::Result<api::RawAnswer> SendApiCall(Org& org, const ApiCall& call) {
  return http::Run(*org.transport, org.session->Ask(call.method, call.path, call.query, call.body));
}

base::Result<void> WalkApiCall(Org& org, const ApiCall& call,
                               std::function<base::Result<void>(const Json& item)> each,
                               std::function<void()> again) {
  if (Pages(*call.operation) && HasIds(*call.operation)) {
    return http::Run(*org.transport,
                     org.session->Walk(call.path, call.query, call.operation->collection,
                                       std::move(each), std::move(again)));
  }
  return http::Run(*org.transport, WalkInOrder(*org.session, call, each));
}

}  // namespace viasync::workflow
