// Who runs this, and of which commit: for audit trail and lock.
#pragma once

#include <string>

namespace viasync::workflow {

struct Provenance {
  std::string user;    // of the CI job where there is one, else of the machine
  std::string commit;  // of the repository at `root`; empty where it cannot be told
  std::string job;     // the address of the CI job; empty: none
};

Provenance WhoRuns(const std::string& root);

}  // namespace viasync::workflow
