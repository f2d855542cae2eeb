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

// The password of the environment's store on a server: VIASYNC_<ENV>_STORE_PASSWORD; else nothing
// where PGPASSWORD or PGPASSFILE is set, which libpq reads; else `store_password` in the output of
// the `credential_command`, where there is one. Empty: none is known, libpq may find one.
// Errors: kAuth.
base::Result<std::string> ReadStorePassword(const Environment& environment,
                                            base::Millis command_limit = base::Millis{60'000});

}  // namespace viasync::config
