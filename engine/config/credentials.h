// The credentials of an environment: never from a file.
#pragma once

#include <string>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/config/project.h"

namespace viasync::config {

struct Secrets {
  std::string client_id;
  std::string client_secret;
  std::string api_key;
};

// From VIASYNC_<ENV>_CLIENT_ID, …_CLIENT_SECRET and …_API_KEY; what is not set there, from the
// environment's `credential_command`: run by /bin/sh in the current folder, it prints a JSON object
// with client_id, client_secret, api_key. Its output never gets into an error. It sees the
// credentials of no other environment, and is stopped after `command_limit`.
// Errors: kAuth.
base::Result<Secrets> ReadCredentials(const Environment& environment,
                                      base::Millis command_limit = base::Millis{60'000});

}  // namespace viasync::config
