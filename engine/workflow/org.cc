#include "engine/workflow/org.h"

#include <cstdlib>
#include <utility>

#include "engine/base/ports.h"
#include "engine/base/redact.h"
#include "engine/config/credentials.h"
#include "engine/config/hosts.h"
#include "engine/http/curl_transport.h"
#include "engine/http/trust.h"
#include "engine/workflow/version.h"

namespace viasync::workflow {

base::Result<Org> OpenOrg(const config::Environment& environment,
                          std::function<void(std::string)> trace,
                          std::function<void(std::string)> notice) {
  auto endpoint = api::MakeEndpoint(environment.org, environment.region, environment.base_url,
                                    environment.token_url, environment.exclusions_api);
  if (!endpoint) return base::Fail(endpoint.error());
  if (auto allowed = config::CheckHosts(environment); !allowed) return base::Fail(allowed.error());
  endpoint->form_encoded_client = environment.token_encoding == "form";
  auto secrets = config::ReadCredentials(environment);
  if (!secrets) return base::Fail(secrets.error());
  auto trust = http::FindTrust(environment.ca_file, [](const char* name) { return getenv(name); });
  const bool secure =
      endpoint->base_url.starts_with("https:") || endpoint->token_url.starts_with("https:");
  if (!trust && secure) return base::Fail(trust.error());
  if (!trust) trust.emplace();
  // What libcurl reads them from; an error of its may quote it.
  for (const char* name :
       {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) {
    if (const char* proxy = std::getenv(name)) base::NoteUrlCredentials(proxy);
  }
  const auto concurrency = static_cast<std::size_t>(environment.concurrency);
  Org org;
  org.transport = http::MakeCurlTransport({.ca_file = trust->file,
                                           .ca_folder = trust->folder,
                                           .connections_max = concurrency,
                                           .user_agent = "viasync/" + std::string(Version()),
                                           .waiting = notice});
  org.client = std::make_unique<http::Client>(
      *org.transport, base::SystemRandom(),
      http::ClientOptions{.in_flight_max = concurrency, .rate_max = environment.rate_max});
  org.client->trace = std::move(trace);
  org.client->notice = std::move(notice);
  org.session = std::make_unique<api::Session>(
      *org.client, std::move(*endpoint),
      api::Credentials{secrets->client_id, secrets->client_secret, secrets->api_key});
  return org;
}

}  // namespace viasync::workflow
