// Whom TLS trusts: `ca_file` of the environment, else what the machine's variables name, as curl
// reads them, else the system's certificates.
#pragma once

#include <functional>
#include <string>

#include "engine/base/result.h"

namespace viasync::http {

struct Trust {
  std::string file, folder;  // empty = the system's
};

// CURL_CA_BUNDLE alone, where it is set; else SSL_CERT_FILE and SSL_CERT_DIR, each for itself. An
// empty variable is none. `ca_file` makes all of them idle. Errors: kInvalid, for a file or folder
// that is not there; it names the variable.
base::Result<Trust> FindTrust(const std::string& ca_file,
                              const std::function<const char*(const char*)>& variable);

}  // namespace viasync::http
