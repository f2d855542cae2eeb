#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/completion_scripts.h"
#include "cli/completion_values.h"
#include "cli/console.h"

namespace viasync::cli {
namespace {

// The word path (`sandbox edit`) and everything below it.
void Walk(const Args& args, std::vector<CompletedCommand>& commands) {
  CompletedCommand command{.path = args.path()};
  for (const auto& option : args.options()) {
    if (option.names.empty()) {
      const auto& words = option.choices.empty() ? option.offered : option.choices;
      command.words.insert(command.words.end(), words.begin(), words.end());
      if (!option.completes.empty()) command.looks_up = option.completes;
    } else {
      command.options.push_back(
          {.names = option.names,
           .help = option.help,
           .takes_value = !option.value.empty(),
           .takes_folder = option.value == "DIR",
           .choices = option.choices.empty() ? option.offered : option.choices,
           .looks_up = option.completes});
    }
  }
  for (const auto* below : args.commands()) {
    command.subcommands.emplace_back(below->name(), below->help());
  }
  commands.push_back(std::move(command));
  for (const auto* below : args.commands()) Walk(*below, commands);
}

}  // namespace

Run DefineCompletion(Args& args, const Globals& globals) {
  auto shell = std::make_shared<std::string>(), values = std::make_shared<std::string>();
  args.Text("SHELL", *shell, "bash, zsh or fish").Choices({"bash", "zsh", "fish"});
  args.Text("--values", *values, "print what a value can be, one per line; the scripts use this")
      .Choices({"environments", "migrations", "keys", "jobs"});
  args.Exclude({"--values"}, "SHELL", "keep one of them");
  args.Footer(
      "  bash: eval \"$(viasync completion bash)\"\n"
      "  zsh:  eval \"$(viasync completion zsh)\"\n"
      "  fish: viasync completion fish | source");
  return [&args, &globals, shell, values] {
    if (!values->empty()) {
      for (const auto& value : CompletionValues(globals, *values)) std::cout << value << "\n";
      return ExitCode::kDone;
    }
    std::vector<CompletedCommand> commands;
    Walk(args.program(), commands);
    if (*shell == "bash")
      std::cout << BashCompletion(commands);
    else if (*shell == "zsh")
      std::cout << ZshCompletion(commands);
    else if (*shell == "fish")
      std::cout << FishCompletion(commands);
    else
      return Report({.kind = base::ErrorKind::kInvalid,
                     .message = "SHELL is missing",
                     .hint = "write `viasync completion bash`, zsh or fish"});
    return ExitCode::kDone;
  };
}

}  // namespace viasync::cli
