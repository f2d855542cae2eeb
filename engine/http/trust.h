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
// empty variable is none. `ca_file` makes all of them idle. Where nothing is named, OtherBundle.
// Errors: kInvalid, for a file or folder
// that is not there; it names the variable.
base::Result<Trust> FindTrust(const std::string& ca_file,
                              const std::function<const char*(const char*)>& variable);

// The system's certificates where they do not lie where Debian's libcurl looks: as Fedora, openSUSE
// and others have them. `root` stands before each path. Empty: they lie where Debian's do, or none
// are known.
std::string OtherBundle(const std::string& root);

}  // namespace viasync::http
