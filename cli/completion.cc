#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/completion_scripts.h"

namespace viasync::cli {
namespace {

// The word path (`sandbox edit`) and everything below it.
void Walk(const Args& args, std::vector<CompletedCommand>& commands) {
  CompletedCommand command{.path = args.path()};
  for (const auto& option : args.options()) {
    if (option.names.empty()) {
      command.words.insert(command.words.end(), option.choices.begin(), option.choices.end());
    } else {
      command.options.push_back({.names = option.names,
                                 .help = option.help,
                                 .takes_value = !option.value.empty(),
                                 .takes_folder = option.value == "DIR",
                                 .choices = option.choices});
    }
  }
  for (const auto* below : args.commands()) {
    command.subcommands.emplace_back(below->name(), below->help());
  }
  commands.push_back(std::move(command));
  for (const auto* below : args.commands()) Walk(*below, commands);
}

}  // namespace

Run DefineCompletion(Args& args, const Globals&) {
  auto shell = std::make_shared<std::string>();
  args.Text("SHELL", *shell, "bash, zsh or fish").Required().Choices({"bash", "zsh", "fish"});
  args.Footer(
      "  bash: eval \"$(viasync completion bash)\"\n"
      "  zsh:  eval \"$(viasync completion zsh)\"\n"
      "  fish: viasync completion fish | source");
  return [&args, shell] {
    std::vector<CompletedCommand> commands;
    Walk(args.program(), commands);
    if (*shell == "bash")
      std::cout << BashCompletion(commands);
    else if (*shell == "zsh")
      std::cout << ZshCompletion(commands);
    else
      std::cout << FishCompletion(commands);
    return ExitCode::kDone;
  };
}

}  // namespace viasync::cli
