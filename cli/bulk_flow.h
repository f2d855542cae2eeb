// The bulk commands: check the file, ask, send, and tell what became of each row.
#pragma once

#include <string>

#include "cli/command.h"
#include "engine/workflow/bulk.h"

namespace viasync::cli {

struct BulkFlags {
  workflow::BulkKind kind = workflow::BulkKind::kInsert;
  std::string target;          // strategy or list, by name or id
  std::string client_session;  // fast path
  std::string file, results, format = "text";
  bool yes = false, resend_unknown = false, wait = false;
};

// FILE, --results, --yes, --resend-unknown, --format.
void AddBulkFlags(Args& args, BulkFlags& flags);

// `command` as typed: "records insert"; `what` the rows are: "record".
ExitCode RunBulkCommand(const Globals& globals, BulkFlags flags, const std::string& command,
                        const std::string& what);

}  // namespace viasync::cli
