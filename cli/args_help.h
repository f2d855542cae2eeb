// What --help prints, and what a man page is made of. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/args.h"

namespace viasync::cli {

// The texts of one command (or of the program), in the order in which they are shown.
struct HelpPage {
  using Rows = std::vector<std::pair<std::string, std::string>>;  // what is typed, and what it does
  struct Section {
    std::string heading;
    Rows rows;  // never empty
  };
  std::string usage;  // `viasync plan [OPTIONS]`
  std::vector<Section> sections;
};

HelpPage HelpPageOf(const Args& args);

// Usage, arguments, options, those of every command, commands in their groups, examples and the
// footer. Help texts are wrapped at 80 columns. Ends with a newline.
std::string HelpText(const Args& args);

}  // namespace viasync::cli
