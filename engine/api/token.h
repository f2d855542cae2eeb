// TokenSource: the access token of one org by OAuth client credentials (notes, "Hosts and
// authentication"). Cached, renewed before it expires; one request at a time however many wait.
// What the token service answers may hold a token: of it only `error` and `error_description` are
// ever shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/api/error_body.h"
#include "engine/api/session.h"
#include "engine/base/result.h"
#include "engine/http/client.h"
#include "engine/http/task.h"

namespace viasync::api {

struct Token {
  std::string text;
  std::uint64_t number = 0;  // counts up with every renewal
};

class TokenSource {
 public:
  // Both outlive the source.
  TokenSource(http::Client& client, const Endpoint& endpoint, const Credentials& credentials);

  // A token that is good now. Errors: kAuth (refused: from then on at once and for good, so that a
  // run of thousands of calls does not hammer the token service), else as http::Client, kProtocol.
  http::Task<base::Result<Token>> Current();

  // The org answered 401 to `token`: the next Current() gets a newer one.
  void Distrust(const Token& token);

  // The org refuses fresh tokens too: `error` for every later call.
  void GiveUp(base::Error error) { refused_ = std::move(error); }

  // What must not be seen in an error: the credentials, and every token there was.
  const Secrets& secrets() const { return secrets_; }

 private:
  http::Task<base::Result<void>> Fetch();
  std::string BasicPair() const;
  base::Result<void> Read(const http::Response& response, base::Millis asked_at);
  base::Error Refusal(const http::Response& response) const;

  http::Client& client_;
  const Endpoint& endpoint_;
  const Credentials& credentials_;
  Secrets secrets_;
  Token token_;
  std::optional<base::Millis> renew_at_;  // steady time; nullopt = no token
  bool fetching_ = false;
  std::optional<base::Error> failure_;  // of the last fetch
  std::optional<base::Error> refused_;
  http::Signal fetched_;
};

// "Check the client id, …": what a person can do about a 401.
std::string CredentialsHint(const Endpoint& endpoint);

}  // namespace viasync::api
