// What an Args and its options consist of. For args.cc, where they are declared, and args_parse.cc,
// where they are filled from what was typed: nobody else knows the parsing library.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/args.h"

namespace viasync::cli {

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

// Wrong usage. `text` in backticks, made safe to show.
base::Error BadUsage(std::string message, std::string hint);
std::string Quoted(const std::string& text);

}  // namespace viasync::cli
