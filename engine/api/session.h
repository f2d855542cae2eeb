// Session: one org, reached with credentials. It holds the token, builds URLs, sends, and turns
// every answer into JSON or into an error that says all the org said. The typed calls stand beside
// it, one file per resource group.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/http/client.h"

namespace viasync::api {

// Never printed, logged or stored.
struct Credentials {
  std::string client_id, client_secret, api_key;
};

// Where an org is (notes, "Hosts and authentication").
struct Endpoint {
  std::string org;
  std::string base_url;  // `https://acme-dev.via.aspect-cloud.net`, no slash at the end
  std::string token_url;
  std::string exclusions_path;  // `/via/v2/organizations/acme-dev/campaign/exclusions`
  // Client id and secret are form-encoded before they become HTTP Basic (RFC 6749, 2.3.1).
  bool form_encoded_client = false;
};

// region: us | eu | uk | ca. exclusions_api: campaign-v2 | compliance-v3.
base::Result<Endpoint> MakeEndpoint(std::string_view org, std::string_view region,
                                    std::string_view base_url, std::string_view token_url,
                                    std::string_view exclusions_api);

using Query = std::vector<std::pair<std::string, std::string>>;

// An answer as it came. Where it is no success, `refusal` says so as Session's errors do, and the
// secrets of the session are taken out of the body.
struct RawAnswer {
  http::Response response;
  std::optional<base::Error> refusal;
};

class Session {
 public:
  Session(http::Client& client, Endpoint endpoint, Credentials credentials);
  ~Session();

  // `/via/v3/organizations/{org}/campaign/filters` for ("v3", "filters").
  std::string CampaignPath(std::string_view version, std::string_view rest) const;
  const std::string& exclusions_path() const;

  // One call. `path` begins with `/via/` and is percent-encoded by the caller, query here. Success:
  // the parsed body. Renews the token before it expires and once on a 401.
  // Errors: kAuth (401 again, token refused), kConflict (409), kNotFound (404), kRejected (other
  // 4xx), each with everything the error body says and http_status; kProtocol (no JSON, a
  // redirection); kUnavailable, kNetwork, kUnknown as http::Client.
  http::Task<base::Result<nlohmann::json>> Get(std::string path, Query query = {});
  // A null `body` sends none; a null result means that the answer had none. An accepted write with
  // an answer that is no JSON is kUnknown: to be settled by reading. Never repeated where the org
  // may have carried it out.
  // `headers`: besides those that every call carries.
  http::Task<base::Result<nlohmann::json>> Write(http::Method method, std::string path,
                                                 nlohmann::json body, http::Headers headers = {});

  // One call whose answer nobody understands here, for people who ask the API themselves: the body
  // as it came. Repeated as Get or Write would. Errors: those without an answer of the org's.
  http::Task<base::Result<RawAnswer>> Ask(http::Method method, std::string path, Query query,
                                          std::optional<std::string> body);

  // Every item of a collection, page 1 first, then the others side by side and handed over as they
  // arrive; repeats by id are dropped. Each item is handed over and forgotten, so memory does not
  // grow with the collection. `property` is the collection's array ("filters").
  // Complete or an error (kProtocol): where the pages do not add up (a total that moved, fewer
  // items than the total, a page that repeats) it starts anew, a few times. Then `again` is called:
  // what was handed over before it no longer counts. An error of `each` ends the walk.
  http::Task<base::Result<void>> Walk(
      std::string path, Query query, std::string property,
      std::function<base::Result<void>(const nlohmann::json& item)> each,
      std::function<void()> again = {});

  // The earliest `Date` of the org's answers since ForgetDates: by its clock, everything that was
  // read since is at least as new. nullopt: it sent none.
  std::optional<base::UtcTime> EarliestDate() const;
  void ForgetDates();

  // How near the org is: by the address that answered last, else by its URL where that says it.
  http::Reach reach() const;

  http::Client& client();
  const Endpoint& endpoint() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace viasync::api
