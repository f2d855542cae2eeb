#include "cli/org_flow.h"

#include <utility>

#include "cli/console.h"
#include "engine/base/strings.h"
#include "engine/workflow/api_call.h"

namespace viasync::cli {

std::expected<OpenedOrg, base::Errors> OpenOrgOf(const Globals& globals) {
  auto environment = workflow::LoadEnvironment(globals.directory, globals.environment);
  if (!environment) return std::unexpected(std::move(environment.error()));
  auto org = workflow::OpenOrg(*environment, TraceLog(), NoticeLog());
  if (!org) return std::unexpected(base::Errors{std::move(org.error())});
  return OpenedOrg{std::move(*environment), std::move(*org)};
}

bool MayWrite(bool yes, const std::string& command, const std::string& question) {
  if (yes) return true;
  if (!CanAsk()) {
    Report({.kind = base::ErrorKind::kInvalid,
            .message = command + " asks before it writes, and there is no terminal to ask on",
            .hint = "give --yes"});
    return false;
  }
  if (Confirm(base::Printable(question))) return true;
  Log(Level::kInfo, "nothing was sent");
  return false;
}

Args* AddVerb(Args& args, const char* name, const char* help) { return &args.Command(name, help); }

}  // namespace viasync::cli
