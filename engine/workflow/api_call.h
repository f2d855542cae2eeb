// One operation of the API, as a person asks for it: found, checked against the contract, sent.
#pragma once

#include <expected>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "engine/api/session.h"
#include "engine/base/result.h"
#include "engine/config/project.h"
#include "engine/contract/contract.h"
#include "engine/http/transport.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

// What was typed.
struct ApiRequest {
  std::string method, path;  // as contract::FindRoute takes them; the path may carry a query
  contract::Query query;     // words for codes allowed
  std::optional<std::string> body;
  bool all = false;  // every page of a collection
};

// What is to be sent.
struct ApiCall {
  const contract::Operation* operation = nullptr;
  http::Method method = http::Method::kGet;
  std::string url;   // whole, for people
  std::string path;  // percent-encoded
  api::Query query;
  std::optional<std::string> body;
};

// Finds the operation and checks everything. Sends nothing and needs no credentials. Errors: all
// that breaks the contract, kInvalid.
std::expected<ApiCall, base::Errors> PrepareApiCall(const config::Environment& environment,
                                                    const ApiRequest& request);

// Sends it. Errors: as api::Session::Ask.
base::Result<api::RawAnswer> SendApiCall(Org& org, const ApiCall& call);

// Hands over every item of a collection, complete or with an error; `again`: what was handed over
// so far is void. Requires: request.all.
base::Result<void> WalkApiCall(Org& org, const ApiCall& call,
                               std::function<base::Result<void>(const nlohmann::json& item)> each,
                               std::function<void()> again);

// The environment `name` of the project, or its only one.
std::expected<config::Environment, base::Errors> LoadEnvironment(const std::string& root,
                                                                 const std::string& name);

}  // namespace viasync::workflow
