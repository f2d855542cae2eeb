// Who decides where secrets go. The files of a pull request may name hosts and commands, and a CI
// that plans it has the credentials; so what is not the vendor's needs the consent of whoever holds
// them: variables of the process, never a file.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/config/project.h"

namespace viasync::config {

// Whether credentials may be sent to where `environment` says. Free: the vendor's own hosts
// (*.aspect-cloud.net, over the certificates of the system), and this machine (loopback). All else
// must be in VIASYNC_<ENV>_HOSTS: names with commas between them, `*.example.com` for all below
// example.com, with `:port` where only that port is meant. A `ca_file` decides whom to believe, so
// with one the vendor's hosts must be in the list, too.
// Errors: kAuth, with the variable to set; kInvalid, what is in the variable is not a host.
base::Result<void> CheckHosts(const Environment& environment);

// The same for its store on a server: free is this machine alone, sockets included.
base::Result<void> CheckStoreHosts(const Environment& environment);

// Whether the environment's `credential_command` may run: on a CI runner (the variable CI is set)
// only with VIASYNC_ALLOW_COMMANDS=1. Errors: kAuth.
base::Result<void> CheckCommand(const Environment& environment);

}  // namespace viasync::config
