// The sandbox: orgs behind an HTTP server on loopback, with faults, a request log and a control
// endpoint (control.h). It has no TLS.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/sandbox/sandbox_options.h"

namespace viasync::sandbox {

// What a client of an org needs.
struct OrgAccess {
  std::string org, client_id, client_secret, api_key;
};

class Server {
 public:
  Server();
  ~Server();  // stops

  // Loads or makes the orgs, and serves them on threads of its own. Gives the port. Errors:
  // kInvalid (a data or seed file that is broken, a fault rule that makes no sense), kIo (a file,
  // or a port that is taken). Requires: not started before.
  base::Result<int> Start(const Options& options);

  // Ends all connections, also those whose answers are being delayed, and saves. Errors: kIo, when
  // the data file could not be written. Idempotent.
  base::Result<void> Stop();

  std::string Url() const;              // http://127.0.0.1:PORT, what `base_url` is set to
  std::string TokenUrl() const;         // what `token_url` is set to
  std::vector<OrgAccess> Orgs() const;  // sorted by name

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace viasync::sandbox
