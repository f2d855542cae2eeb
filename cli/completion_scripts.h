// Completion scripts from a description of the command line. Pure.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace viasync::cli {

struct CompletedOption {
  std::vector<std::string> names;  // with their dashes
  std::string help;
  bool takes_value = false;
  bool takes_folder = false;
  std::vector<std::string> choices;  // of its value; empty = any
  std::string looks_up;              // `environments`: what `completion --values` prints; or empty
};

struct CompletedCommand {
  std::string path;  // `sandbox edit`; empty = viasync itself, whose options all commands take
  std::vector<CompletedOption> options;
  std::vector<std::pair<std::string, std::string>> subcommands;  // name, help
  std::vector<std::string> words;                                // choices of its arguments
  std::string looks_up;                                          // of them, as of an option's value
};

// `commands` starts with viasync itself.
std::string BashCompletion(std::span<const CompletedCommand> commands);
std::string ZshCompletion(std::span<const CompletedCommand> commands);
std::string FishCompletion(std::span<const CompletedCommand> commands);

}  // namespace viasync::cli
