#include "cli/args.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <ranges>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "cli/args_help.h"
#include "engine/base/strings.h"

namespace viasync::cli {

using base::ErrorKind;
// What one typed value becomes; an error, where it is none.
using Taker = std::function<std::optional<base::Error>(const std::string&)>;

struct Option::State {
  OptionFacts facts;
  CLI::Option* parsed = nullptr;
  Taker take;  // empty: a flag, which the library sets
  std::string preset;
  std::optional<std::int64_t> low, high;
  std::vector<std::function<std::string(const std::string&)>> checks;

  bool positional() const { return facts.names.empty(); }
};

struct Args::Impl {
  std::unique_ptr<CLI::App> owned;  // of the program alone
  CLI::App* app = nullptr;
  const Args* parent = nullptr;
  bool command_required = false;
  std::string group, footer;
  std::vector<std::pair<std::string, std::string>> examples;
  struct Pair {
    std::string label, other, why;
    bool together;  // acts only beside the other; else only without it
  };
  std::vector<Pair> pairs;
  std::vector<std::unique_ptr<Option::State>> options;
  std::vector<std::unique_ptr<Args>> commands;

  Option Add(const std::string& names, const std::string& help, Taker take, bool repeats);
  const Option::State* Named(const std::string& name) const;
  const Option::State& Labelled(const std::string& label) const;
};

namespace {

base::Error Bad(std::string message, std::string hint) {
  return {.kind = ErrorKind::kInvalid, .message = std::move(message), .hint = std::move(hint)};
}

std::string Quoted(const std::string& text) { return "`" + base::Printable(text) + "`"; }

bool Blank(const std::string& text) { return base::Trim(text).empty(); }

constexpr const char* kGiveOrLeave =
    "give it a value, or leave it out; check that the variable you passed is set";

base::Error Empty(const std::string& label) { return Bad(label + " is empty", kGiveOrLeave); }

template <class T>
std::optional<T> ParseNumber(const std::string& text) {
  T number{};
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::isfinite(number)) return std::nullopt;
  }
  return number;
}

std::string RangeHint(const Option::State& option, bool whole) {
  std::string hint = whole ? "write a whole number" : "write a number";
  if (!option.low || !option.high) return hint;
  return hint + " from " + std::to_string(*option.low) + " to " + std::to_string(*option.high);
}

// What holds for every value, and what this option asks for.
std::optional<base::Error> Problem(const Option::State& option, const std::string& value) {
  const auto& facts = option.facts;
  if (Blank(value)) return Empty(facts.label);
  if (!facts.choices.empty() && std::ranges::find(facts.choices, value) == facts.choices.end()) {
    auto nearest = base::Nearest(value, facts.choices);
    return Bad(facts.label + " cannot be " + Quoted(value),
               (nearest ? "did you mean `" + *nearest + "`? " : "") + "It is one of " +
                   base::Join(facts.choices, ", "));
  }
  for (const auto& check : option.checks) {
    if (auto problem = check(value); !problem.empty()) {
      return Bad(facts.label + " " + Quoted(value) + " " + problem, "");
    }
  }
  return std::nullopt;
}

}  // namespace

Option Args::Impl::Add(const std::string& names, const std::string& help, Taker take,
                       bool repeats) {
  auto state = std::make_unique<Option::State>();
  state->facts.help = help;
  state->facts.repeats = repeats;
  for (auto part : base::Split(names, ',')) {
    std::string name(part);
    if (!name.starts_with('-')) state->facts.label = name;
    if (name.starts_with("--")) state->facts.names.insert(state->facts.names.begin(), name);
    if (name.starts_with('-') && !name.starts_with("--")) state->facts.names.push_back(name);
  }
  if (!state->positional()) state->facts.label = state->facts.names.front();
  state->take = std::move(take);
  auto* raw = state.get();
  options.push_back(std::move(state));
  return Option(raw);
}

const Option::State* Args::Impl::Named(const std::string& name) const {
  for (const auto& option : options) {
    if (std::ranges::find(option->facts.names, name) != option->facts.names.end()) {
      return option.get();
    }
  }
  return nullptr;
}

// Throws where there is none: a mistake in the table of commands, which every test finds.
const Option::State& Args::Impl::Labelled(const std::string& label) const {
  for (const auto& option : options) {
    if (option->facts.label == label) return *option;
  }
  throw std::logic_error(app->get_name() + " has no option " + label);
}

Option& Option::Value(const std::string& name) {
  state_->facts.value = name;
  return *this;
}

Option& Option::Choices(std::vector<std::string> choices) {
  if (!state_->positional()) Value(base::Join(choices, "|"));
  state_->facts.choices = std::move(choices);
  return *this;
}

Option& Option::Range(std::int64_t low, std::int64_t high) {
  state_->low = low;
  state_->high = high;
  return *this;
}

Option& Option::Check(std::function<std::string(const std::string&)> problem) {
  state_->checks.push_back(std::move(problem));
  return *this;
}

Option& Option::Completes(const std::string& values, std::vector<std::string> words) {
  state_->facts.completes = values;
  state_->facts.offered = std::move(words);
  return *this;
}

Option& Option::Required() {
  state_->facts.required = true;
  return *this;
}

Option& Option::ShowDefault() {
  state_->facts.preset = state_->preset;
  return *this;
}

bool Option::Given() const { return state_->parsed->count() > 0; }
const OptionFacts& Option::facts() const { return state_->facts; }

Args::Args(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Args::~Args() = default;

Args::Args(const std::string& name, const std::string& help) : impl_(std::make_unique<Impl>()) {
  impl_->owned = std::make_unique<CLI::App>(help, name);
  impl_->app = impl_->owned.get();
  impl_->app->set_help_flag("-h,--help", "print this help");
  impl_->app->require_subcommand(0, 1);
}

namespace {

// The library only collects: what a value means is decided after the parse, for all of them.
CLI::Option* Collect(CLI::App& app, const std::string& names, const std::string& help) {
  auto* option = app.add_option(
      names, [](const CLI::results_t&) { return true; }, help);
  option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  return option;
}

}  // namespace

Option Args::Text(const std::string& names, std::string& value, const std::string& help) {
  auto option = impl_->Add(
      names, help,
      [&value](const std::string& text) {
        value = text;
        return std::optional<base::Error>();
      },
      false);
  option.state_->parsed = Collect(*impl_->app, names, help);
  option.state_->preset = value;
  return option.Value(option.state_->positional() ? "" : "TEXT");
}

Option Args::List(const std::string& names, std::vector<std::string>& values,
                  const std::string& help) {
  auto option = impl_->Add(
      names, help,
      [&values](const std::string& text) {
        values.push_back(text);
        return std::optional<base::Error>();
      },
      true);
  option.state_->parsed = Collect(*impl_->app, names, help);
  // A positional takes all words; an option takes one each time, so that it eats no positional.
  if (option.state_->positional()) option.state_->parsed->expected(-1);
  return option.Value(option.state_->positional() ? "" : "TEXT");
}

Option Args::Flag(const std::string& names, bool& value, const std::string& help) {
  auto option = impl_->Add(names, help, nullptr, false);
  option.state_->parsed = impl_->app->add_flag(names, value, help);
  return option;
}

template <class T>
Option Args::Number(const std::string& names, T& value, const std::string& help) {
  constexpr bool kWhole = std::is_integral_v<T>;
  auto option = impl_->Add(names, help, nullptr, false);
  auto* state = option.state_;
  state->take = [state, &value](const std::string& text) -> std::optional<base::Error> {
    auto number = ParseNumber<T>(text);
    const std::string what = state->facts.label + " " + Quoted(text);
    if (!number) return Bad(what + " is not a number", RangeHint(*state, kWhole));
    if ((state->low && *number < static_cast<T>(*state->low)) ||
        (state->high && *number > static_cast<T>(*state->high))) {
      return Bad(what + " is out of range", RangeHint(*state, kWhole));
    }
    value = *number;
    return std::nullopt;
  };
  state->parsed = Collect(*impl_->app, names, help);
  if constexpr (kWhole) state->preset = std::to_string(value);
  return option.Value(state->positional() ? "" : "N");
}

template Option Args::Number(const std::string&, int&, const std::string&);
template Option Args::Number(const std::string&, std::int64_t&, const std::string&);
template Option Args::Number(const std::string&, std::size_t&, const std::string&);
template Option Args::Number(const std::string&, double&, const std::string&);

Args& Args::Command(const std::string& name, const std::string& help) {
  auto impl = std::make_unique<Impl>();
  impl->app = impl_->app->add_subcommand(name, help);
  impl->app->fallthrough();
  impl->parent = this;
  impl_->commands.push_back(std::unique_ptr<Args>(new Args(std::move(impl))));
  if (!impl_->command_required) impl_->app->require_subcommand(0, 1);
  return *impl_->commands.back();
}

void Args::RequireCommand() {
  impl_->command_required = true;
  impl_->app->require_subcommand(1);
}

void Args::Group(const std::string& heading) { impl_->group = heading; }
void Args::Footer(const std::string& text) { impl_->footer = text; }

void Args::Example(const std::string& line, const std::string& what) {
  impl_->examples.emplace_back(line, what);
}

void Args::Exclude(const std::vector<std::string>& labels, const std::string& beside,
                   const std::string& why) {
  for (const auto& label : labels) {
    impl_->pairs.push_back({impl_->Labelled(label).facts.label, impl_->Labelled(beside).facts.label,
                            why, /*together=*/false});
  }
}

void Args::Need(const std::string& label, const std::string& other, const std::string& why) {
  impl_->pairs.push_back({impl_->Labelled(label).facts.label, impl_->Labelled(other).facts.label,
                          why, /*together=*/true});
}

bool Args::Given(const std::string& label) const {
  return impl_->Labelled(label).parsed->count() > 0;
}

bool Args::Chosen() const { return impl_->app->parsed(); }
const std::string& Args::name() const { return impl_->app->get_name(); }

std::string Args::Typed(const std::string& label) const {
  const auto& values = impl_->Labelled(label).parsed->results();
  return values.empty() ? std::string() : values.front();
}

std::string Args::help() const { return impl_->app->get_description(); }

const std::string& Args::group() const { return impl_->group; }
const std::string& Args::footer() const { return impl_->footer; }
bool Args::command_required() const { return impl_->command_required; }

const std::vector<std::pair<std::string, std::string>>& Args::examples() const {
  return impl_->examples;
}

std::string Args::path() const {
  if (impl_->parent == nullptr) return {};
  auto above = impl_->parent->path();
  return above.empty() ? name() : above + " " + name();
}

const Args* Args::parent() const { return impl_->parent; }

const Args& Args::program() const {
  return impl_->parent == nullptr ? *this : impl_->parent->program();
}

std::vector<OptionFacts> Args::options() const {
  std::vector<OptionFacts> all;
  for (const auto& option : impl_->options) all.push_back(option->facts);
  return all;
}

std::vector<const Args*> Args::commands() const {
  std::vector<const Args*> all;
  for (const auto& command : impl_->commands) all.push_back(command.get());
  return all;
}

Args* Args::Find(const std::string& command) {
  return const_cast<Args*>(std::as_const(*this).Find(command));
}

const Args* Args::Find(const std::string& command) const {
  for (const auto& below : impl_->commands) {
    if (below->name() == command) return below.get();
  }
  return nullptr;
}

std::string Args::Help() const { return HelpText(*this); }

const Args& Args::Innermost() const {
  for (const auto& command : impl_->commands) {
    if (command->Chosen()) return command->Innermost();
  }
  return *this;
}

namespace {

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
  return Bad((path.empty() ? command.program().name() : path) + " has no option " + Quoted(word),
             DidYouMean(word, names) + "`" + command.program().name() +
                 (path.empty() ? "" : " " + path) + " --help` lists the options");
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
  return Bad("there is no command " + Quoted(path.empty() ? word : path + " " + word),
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
        base::Errors{Bad(what.substr(0, what.find(':')) + " needs a value", kGiveOrLeave)});
  } catch (const CLI::ConversionError& error) {  // of a flag: `Could not convert: --yes = maybe`
    const std::string what = error.what();
    const auto name = what.substr(std::min(what.find("--"), what.size()));
    return std::unexpected(base::Errors{
        Bad(base::Printable(name) + ": this option takes no value", "write its name alone")});
  } catch (const CLI::ParseError& error) {
    return std::unexpected(base::Errors{Bad(base::Printable(error.what()), "")});
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
      errors.push_back(Blank(word)
                           ? Empty("an argument of " + command.path())
                           : Bad(Quoted(word) + " is one argument too many for " + command.path(),
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
      errors.push_back(Bad(facts.label + " is missing",
                           "`" + program().name() + " " + path() + " --help` shows what it takes"));
    }
    if (values.size() > 1 && !facts.repeats) {
      errors.push_back(Bad(facts.label + " is given " + std::to_string(values.size()) + " times",
                           "give it once"));
      continue;
    }
    for (const auto& value : values) {
      if (auto error = Problem(*option, value)) {
        errors.push_back(std::move(*error));
      } else if (!option->positional() && IsOptionHere(value)) {
        errors.push_back(Bad(
            facts.label + " has no value: " + Quoted(value) + ", which follows it, is an option",
            kGiveOrLeave));
      } else if (auto refused = option->take(value)) {
        errors.push_back(std::move(*refused));
      }
    }
  }
  for (const auto& pair : impl_->pairs) {
    if (!Given(pair.label) || Given(pair.other) == pair.together) continue;
    errors.push_back(
        Bad(pair.label + " does not act " + (pair.together ? "without " : "beside ") + pair.other,
            pair.why));
  }
  if (impl_->command_required && &Innermost() == this) {
    std::vector<std::string> names;
    for (const auto& command : impl_->commands) names.push_back(command->name());
    errors.push_back(Bad(path() + " needs to know what to do",
                         "write one of " + base::Join(names, ", ") + " behind it"));
  }
}

}  // namespace viasync::cli
