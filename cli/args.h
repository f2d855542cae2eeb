// The command line: commands, their options, and what was typed. Only args_state.h and its two
// files know the parsing library. Rules that hold everywhere hold here: no value may be empty, a
// choice is one of those listed, an option of one value is given once; what is wrong is collected,
// all of it, with the nearest name where one was mistyped.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace viasync::cli {

// What help, completion and tests know of an option.
struct OptionFacts {
  std::vector<std::string> names;  // with their dashes, the long ones first; none: a positional
  std::string label;               // `--expect`; of a positional `PLAN`
  std::string help;
  std::string value;                 // what help calls the value: `FILE`; empty: a flag
  std::vector<std::string> choices;  // none: any value
  std::string completes;  // what completion looks up: `environments`, see completion_values.h
  std::vector<std::string> offered;  // … and what it offers besides
  std::string preset;                // shown by help as what holds where it is not given
  bool repeats = false;              // may be given several times
  bool required = false;
};

// An option that was declared: a handle that is copied freely and lives as long as its Args.
class Option {
 public:
  struct State;
  Option& Value(const std::string& name);  // what help calls the value
  Option& Choices(std::vector<std::string> choices);
  Option& Range(std::int64_t low, std::int64_t high);
  // What is wrong with a value, as in "is not a session id"; empty: nothing.
  Option& Check(std::function<std::string(const std::string&)> problem);
  // What completion looks up for it, and words that it offers as well.
  Option& Completes(const std::string& values, std::vector<std::string> words = {});
  Option& Required();
  Option& ShowDefault();

  bool Given() const;
  const OptionFacts& facts() const;

 private:
  friend class Args;
  explicit Option(State* state) : state_(state) {}
  State* state_;
};

// A command with its options and subcommands; the program itself is the topmost.
class Args {
 public:
  Args(const std::string& name, const std::string& help);
  ~Args();
  Args(const Args&) = delete;
  Args& operator=(const Args&) = delete;

  // `names` as in "-e,--env", or "PLAN" for a positional. The variables must outlive Parse; they
  // keep what they hold where the option is not given.
  Option Text(const std::string& names, std::string& value, const std::string& help);
  Option List(const std::string& names, std::vector<std::string>& values, const std::string& help);
  Option Flag(const std::string& names, bool& value, const std::string& help);
  // For int, std::int64_t, std::size_t and double.
  template <class T>
  Option Number(const std::string& names, T& value, const std::string& help);

  Args& Command(const std::string& name, const std::string& help);
  void RequireCommand();                   // one of the commands below must be named
  void Group(const std::string& heading);  // under which help lists this command
  void Footer(const std::string& text);
  // Command lines that help shows, each with what it does.
  void Example(const std::string& line, const std::string& what);

  // Options, by their labels, that do not act beside another one: giving both is an error, with
  // `why` as its hint. Likewise what acts only beside another one.
  void Exclude(const std::vector<std::string>& labels, const std::string& beside,
               const std::string& why);
  void Need(const std::string& label, const std::string& other, const std::string& why);
  bool Given(const std::string& label) const;         // an option of this command
  std::string Typed(const std::string& label) const;  // its first value; empty: not given

  enum class Parsed { kRun, kHelp };
  // Of the program alone. Errors: everything that is wrong with what was typed.
  std::expected<Parsed, base::Errors> Parse(int argc, const char* const* argv);
  bool Chosen() const;            // named on the command line
  const Args& Innermost() const;  // of those chosen: the command whose turn it is
  std::string Help() const;

  const std::string& name() const;
  std::string help() const;
  const std::string& group() const;
  const std::string& footer() const;
  const std::vector<std::pair<std::string, std::string>>& examples() const;
  bool command_required() const;
  std::string path() const;    // `sandbox edit`; empty: the program
  const Args* parent() const;  // nullptr: this is the program
  const Args& program() const;
  std::vector<OptionFacts> options() const;
  std::vector<const Args*> commands() const;
  const Args* Find(const std::string& command) const;  // nullptr: there is none
  Args* Find(const std::string& command);

 private:
  struct Impl;
  explicit Args(std::unique_ptr<Impl> impl);
  base::Errors Unexpected() const;
  bool IsOptionHere(const std::string& word) const;
  void Take(base::Errors& errors) const;
  std::unique_ptr<Impl> impl_;
};

// `word` is none of the commands below `above`; with the nearest that is one.
base::Error UnknownCommand(const Args& above, const std::string& word);

}  // namespace viasync::cli
