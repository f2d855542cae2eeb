#include "cli/args.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ranges>
#include <stdexcept>
#include <type_traits>

#include "cli/args_help.h"
#include "cli/args_state.h"
#include "engine/base/strings.h"

namespace viasync::cli {

base::Error BadUsage(std::string message, std::string hint) {
  return {
      .kind = base::ErrorKind::kInvalid, .message = std::move(message), .hint = std::move(hint)};
}

std::string Quoted(const std::string& text) { return "`" + base::Printable(text) + "`"; }

namespace {

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
    if (!number) return BadUsage(what + " is not a number", RangeHint(*state, kWhole));
    if ((state->low && *number < static_cast<T>(*state->low)) ||
        (state->high && *number > static_cast<T>(*state->high))) {
      return BadUsage(what + " is out of range", RangeHint(*state, kWhole));
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

}  // namespace viasync::cli
