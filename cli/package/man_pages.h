// The man pages: what --help says, in the language of man. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/args.h"

namespace viasync::package {

struct ManPage {
  std::string name;  // `viasync-jobs-list.1`
  std::string text;
};

// One page for `program` and one for each command below it, at every depth. `tool` is what the foot
// of a page names ("viasync 0.1.0"), `date` its day ("2026-11-29").
std::vector<ManPage> ManPages(const cli::Args& program, std::string_view tool,
                              std::string_view date);

}  // namespace viasync::package
