// An environment's org, reached: transport, client and session put together.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/api/session.h"
#include "engine/base/result.h"
#include "engine/config/project.h"
#include "engine/http/client.h"
#include "engine/http/transport.h"

namespace viasync::workflow {

struct Org {
  std::unique_ptr<http::Transport> transport;
  std::unique_ptr<http::Client> client;
  std::unique_ptr<api::Session> session;
};

// Reads the credentials and builds the session; sends nothing yet. `trace`: one line per exchange;
// `notice`: a line for people, where the org slows things down.
// Errors: kAuth (credentials missing), kInvalid (an address that cannot be).
base::Result<Org> OpenOrg(const config::Environment& environment,
                          std::function<void(std::string)> trace,
                          std::function<void(std::string)> notice = {});

}  // namespace viasync::workflow
