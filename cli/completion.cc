#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/completion_scripts.h"

namespace viasync::cli {
namespace {

// The choices of an option, as CLI::IsMember describes itself: `TEXT:{text,json}`.
std::vector<std::string> Choices(const CLI::Option& option) {
  std::string type = option.get_type_name();
  auto open = type.find('{');
  auto close = type.find('}');
  if (open == std::string::npos || close == std::string::npos || close < open) return {};
  return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

CompletedOption Describe(const CLI::Option& option) {
  CompletedOption described{.help = option.get_description(),
                            .takes_value = option.get_items_expected_max() > 0,
                            .takes_folder = option.get_type_name() == "DIR",
                            .choices = Choices(option)};
  for (const auto& name : option.get_lnames()) described.names.push_back("--" + name);
  for (const auto& name : option.get_snames()) described.names.push_back("-" + name);
  return described;
}

// The word path (`sandbox edit`) and everything below it.
void Walk(const CLI::App& app, const std::string& path, std::vector<CompletedCommand>& commands) {
  CompletedCommand command{.path = path};
  for (const auto* option : app.get_options()) {
    if (option->get_positional()) {
      for (auto& choice : Choices(*option)) command.words.push_back(std::move(choice));
    } else {
      command.options.push_back(Describe(*option));
    }
  }
  auto subcommands = app.get_subcommands([](const CLI::App*) { return true; });
  for (const auto* sub : subcommands) {
    command.subcommands.push_back({sub->get_name(), sub->get_description()});
  }
  commands.push_back(std::move(command));
  for (const auto* sub : subcommands) {
    Walk(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), commands);
  }
}

}  // namespace

Run DefineCompletion(CLI::App& app, const Globals&) {
  auto shell = std::make_shared<std::string>();
  app.add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  app.footer(
      "  bash: eval \"$(viasync completion bash)\"\n"
      "  zsh:  eval \"$(viasync completion zsh)\"\n"
      "  fish: viasync completion fish | source");
  return [&app, shell] {
    std::vector<CompletedCommand> commands;
    Walk(*app.get_parent(), "", commands);
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
