#include <algorithm>
#include <utility>

#include "cli/args_state.h"
#include "engine/base/strings.h"

namespace viasync::cli {
namespace {

bool Blank(const std::string& text) { return base::Trim(text).empty(); }

constexpr const char* kGiveOrLeave =
    "give it a value, or leave it out; check that the variable you passed is set";

base::Error Empty(const std::string& label) { return BadUsage(label + " is empty", kGiveOrLeave); }

// What holds for every value, and what this option asks for.
std::optional<base::Error> Problem(const Option::State& option, const std::string& value) {
  const auto& facts = option.facts;
  if (Blank(value)) return Empty(facts.label);
  if (!facts.choices.empty() && std::ranges::find(facts.choices, value) == facts.choices.end()) {
    auto nearest = base::Nearest(value, facts.choices);
    return BadUsage(facts.label + " cannot be " + Quoted(value),
                    (nearest ? "did you mean `" + *nearest + "`? " : "") + "It is one of " +
                        base::Join(facts.choices, ", "));
  }
  for (const auto& check : option.checks) {
    if (auto problem = check(value); !problem.empty()) {
      return BadUsage(facts.label + " " + Quoted(value) + " " + problem, "");
    }
  }
  return std::nullopt;
}

std::string DidYouMean(const std::string& word, const std::vector<std::string>& names) {
  auto nearest = base::Nearest(word, names);
  return nearest ? "did you mean `" + *nearest + "`? " : "";
}

base::Error UnknownOption(const Args& command, const std::string& typed) {
  const std::string word = typed.substr(0, typed.find('='));
  std::vector<std::string> names;
  for (const auto* from : {&command, &command.program()}) {
    for (const auto& option : from->options()) {
      names.insert(names.end(), option.names.begin(), option.names.end());
    }
  }
  const auto path = command.path();
  return BadUsage(
      (path.empty() ? command.program().name() : path) + " has no option " + Quoted(word),
      DidYouMean(word, names) + "`" + command.program().name() + (path.empty() ? "" : " " + path) +
          " --help` lists the options");
}

bool IsOption(const std::string& word) { return word.size() > 1 && word.starts_with('-'); }

// `--expect=`, for which the library would take the next word.
base::Errors EmptyAssignments(const std::vector<std::string>& words) {
  base::Errors errors;
  for (const auto& word : words) {
    if (word == "--") break;
    const auto equals = word.find('=');
    if (!word.starts_with("--") || equals == std::string::npos) continue;
    if (Blank(word.substr(equals + 1)))
      errors.push_back(Empty(base::Printable(word.substr(0, equals))));
  }
  return errors;
}

}  // namespace

base::Error UnknownCommand(const Args& above, const std::string& word) {
  std::vector<std::string> names;
  for (const auto* command : above.commands()) names.push_back(command->name());
  const auto path = above.path();
  return BadUsage("there is no command " + Quoted(path.empty() ? word : path + " " + word),
                  DidYouMean(word, names) + "`" + above.program().name() +
                      (path.empty() ? "" : " " + path) + " --help` lists the commands");
}

std::expected<Args::Parsed, base::Errors> Args::Parse(int argc, const char* const* argv) {
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  // The first word that is neither an option nor the value of one is the command.
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto* option = impl_->Named(words[i]);
    if (option != nullptr && option->take) ++i;
    if (option != nullptr || IsOption(words[i])) continue;
    if (Find(words[i]) == nullptr)
      return std::unexpected(base::Errors{UnknownCommand(*this, words[i])});
    break;
  }
  if (auto errors = EmptyAssignments(words); !errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  base::Errors errors;
  try {
    impl_->app->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Parsed::kHelp;
  } catch (const CLI::RequiredError&) {
    // Take() finds all that is missing.
  } catch (const CLI::ExtrasError&) {
    // Unexpected() names them.
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string what = error.what();  // `--expect: 1 required ID missing`
    return std::unexpected(
        base::Errors{BadUsage(what.substr(0, what.find(':')) + " needs a value", kGiveOrLeave)});
  } catch (const CLI::ConversionError& error) {  // of a flag: `Could not convert: --yes = maybe`
    const std::string what = error.what();
    const auto name = what.substr(std::min(what.find("--"), what.size()));
    return std::unexpected(base::Errors{
        BadUsage(base::Printable(name) + ": this option takes no value", "write its name alone")});
  } catch (const CLI::ParseError& error) {
    return std::unexpected(base::Errors{BadUsage(base::Printable(error.what()), "")});
  }
  errors = Unexpected();
  const bool misspelt = !errors.empty();
  for (const Args* command = &Innermost(); command != nullptr; command = command->impl_->parent) {
    base::Errors here;
    command->Take(here);
    // What seems to be missing may be what was misspelt.
    if (!misspelt) errors.insert(errors.end(), here.begin(), here.end());
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return Parsed::kRun;
}

// What neither an option nor a positional took.
base::Errors Args::Unexpected() const {
  base::Errors errors;
  const Args& command = Innermost();
  bool value = false;  // of an option that does not exist
  for (const auto& word : impl_->app->remaining(true)) {
    if (IsOption(word)) {
      errors.push_back(UnknownOption(command, word));
      value = word.find('=') == std::string::npos;
    } else if (command.impl_->command_required) {
      errors.push_back(UnknownCommand(command, word));
      break;
    } else if (!std::exchange(value, false)) {
      errors.push_back(
          Blank(word) ? Empty("an argument of " + command.path())
                      : BadUsage(Quoted(word) + " is one argument too many for " + command.path(),
                                 "`" + program().name() + " " + command.path() +
                                     " --help` shows what it takes"));
    }
  }
  return errors;
}

bool Args::IsOptionHere(const std::string& word) const {
  return impl_->Named(word) != nullptr ||
         (impl_->parent != nullptr && impl_->parent->IsOptionHere(word));
}

// Checks the values that were typed for this command, and hands them on.
void Args::Take(base::Errors& errors) const {
  for (const auto& option : impl_->options) {
    const auto& facts = option->facts;
    if (!option->take) continue;
    const auto& values = option->parsed->results();
    if (values.empty() && facts.required) {
      errors.push_back(BadUsage(facts.label + " is missing", "`" + program().name() + " " + path() +
                                                                 " --help` shows what it takes"));
    }
    if (values.size() > 1 && !facts.repeats) {
      errors.push_back(BadUsage(
          facts.label + " is given " + std::to_string(values.size()) + " times", "give it once"));
      continue;
    }
    for (const auto& value : values) {
      if (auto error = Problem(*option, value)) {
        errors.push_back(std::move(*error));
      } else if (!option->positional() && IsOptionHere(value)) {
        errors.push_back(BadUsage(
            facts.label + " has no value: " + Quoted(value) + ", which follows it, is an option",
            kGiveOrLeave));
      } else if (auto refused = option->take(value)) {
        errors.push_back(std::move(*refused));
      }
    }
  }
  for (const auto& pair : impl_->pairs) {
    if (!Given(pair.label) || Given(pair.other) == pair.together) continue;
    errors.push_back(BadUsage(
        pair.label + " does not act " + (pair.together ? "without " : "beside ") + pair.other,
        pair.why));
  }
  if (impl_->command_required && &Innermost() == this) {
    std::vector<std::string> names;
    for (const auto& command : impl_->commands) names.push_back(command->name());
    errors.push_back(BadUsage(path() + " needs to know what to do",
                              "write one of " + base::Join(names, ", ") + " behind it"));
  }
}

}  // namespace viasync::cli
