// What commands that talk to one org directly have in common: the environment, the org, the
// question before a write.
#pragma once

#include <expected>
#include <string>

#include "cli/command.h"
#include "engine/base/result.h"
#include "engine/config/project.h"
#include "engine/workflow/org.h"

namespace viasync::cli {

struct OpenedOrg {
  config::Environment environment;
  workflow::Org org;
};
std::expected<OpenedOrg, base::Errors> OpenOrgOf(const Globals& globals);

// Whether a write may leave: asks on a terminal, else needs `yes`; an error has been reported where
// not. `command` names it in that error.
bool MayWrite(bool yes, const std::string& command, const std::string& question);

// A subcommand: what runs once it was parsed.
Args* AddVerb(Args& args, const char* name, const char* help);

}  // namespace viasync::cli
