#include "cli/args.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "engine/report/style.h"

namespace viasync::cli {
namespace {

using Words = std::vector<std::string>;

std::expected<Args::Parsed, base::Errors> Parse(Args& args, const Words& words) {
  std::vector<const char*> argv = {"viasync"};
  for (const auto& word : words) argv.push_back(word.c_str());
  return args.Parse(static_cast<int>(argv.size()), argv.data());
}

bool Says(const std::expected<Args::Parsed, base::Errors>& parsed, const std::string& message) {
  return !parsed && std::ranges::any_of(parsed.error(), [&](const auto& error) {
    return error.message == message;
  });
}

Words PathOf(const Args& args) {
  Words words;
  std::string word;
  for (char c : args.path() + " ") {
    if (c != ' ') word += c;
    if (c == ' ' && !word.empty()) words.push_back(std::exchange(word, {}));
  }
  return words;
}

void ForEachCommand(const Args& args, const std::function<void(const Args&)>& visit) {
  visit(args);
  for (const auto* below : args.commands()) ForEachCommand(*below, visit);
}

// A program with one option of each kind.
struct Small {
  Small() : program("viasync", "a program") {
    program.Text("-e,--env", environment, "where").Value("NAME");
    program.Flag("-v", verbose, "more");
    apply = &program.Command("apply", "write");
    apply->Text("PLAN", plan, "a file");
    apply->Text("--expect", expect, "an id").Value("ID");
    apply->Flag("--yes,-y", yes, "do not ask");
    apply->List("--limit", limits, "a limit").Value("LIMIT=N");
    apply->Number("--count", count, "how many").Range(1, 10);
    apply->Text("--format", format, "how").Choices({"text", "json"}).ShowDefault();
    apply->Exclude({"--limit", "--yes"}, "PLAN", "the plan holds them");
    apply->Need("--count", "--limit", "it counts limits");
    auto& jobs = program.Command("jobs", "bulk");
    jobs.RequireCommand();
    jobs.Command("list", "all");
    auto& show = jobs.Command("show", "one");
    show.Text("JOB", job, "which").Required();
    show.Text("--from", from, "where").Required();
  }
  std::string environment, plan, expect, format = "text", job, from;
  bool verbose = false, yes = false;
  std::vector<std::string> limits;
  int count = 3;
  Args program;
  Args* apply = nullptr;
};

}  // namespace

TEST_CASE("an empty value is an error for every option and positional of every command") {
  std::size_t tried = 0;
  Program all;
  ForEachCommand(all.args, [&](const Args& command) {
    for (const auto& option : command.options()) {
      if (!option.names.empty() && option.value.empty()) continue;  // a flag
      std::vector<Words> ways = {{""}, {" \n"}};
      for (const auto& name : option.names) {
        ways.push_back({name, ""});
        if (name.starts_with("--")) ways.push_back({name + "="});
        if (name.starts_with("--")) ways.push_back({name + "= "});
      }
      if (!option.names.empty()) ways.erase(ways.begin(), ways.begin() + 2);
      for (auto& way : ways) {
        Program program;
        Words words = PathOf(command);
        // Every positional before this one is given.
        for (const auto& before : command.options()) {
          if (before.label == option.label) break;
          if (before.names.empty() && option.names.empty()) {
            words.push_back(before.choices.empty() ? "x" : before.choices.front());
          }
        }
        words.insert(words.end(), way.begin(), way.end());
        CAPTURE(command.path());
        CAPTURE(option.label);
        CAPTURE(way.front());
        CHECK(Says(Parse(program.args, words), option.label + " is empty"));
        ++tried;
      }
    }
  });
  CHECK(tried > 300);
}

TEST_CASE("an empty argument is an error for commands that take none") {
  Program all;
  ForEachCommand(all.args, [&](const Args& command) {
    if (command.path().empty()) return;
    Program program;
    Words words = PathOf(command);
    words.insert(words.end(), {"--verbose", ""});
    CAPTURE(command.path());
    CHECK(!Parse(program.args, words));
  });
}

TEST_CASE("a command that cannot be parsed exits with 1") {
  const char* words[] = {"viasync", "plan", "--base-ref", ""};
  CHECK(Main(4, words) == ExitCode::kError);
}

TEST_CASE("every misspelt choice is an error that names the choices") {
  Program all;
  ForEachCommand(all.args, [&](const Args& command) {
    for (const auto& option : command.options()) {
      if (option.choices.empty() || option.names.empty()) continue;
      Program program;
      Words words = PathOf(command);
      words.insert(words.end(), {option.names.front(), option.choices.front() + "x"});
      CAPTURE(command.path());
      CAPTURE(option.label);
      CHECK(Says(Parse(program.args, words),
                 option.label + " cannot be `" + option.choices.front() + "x`"));
    }
  });
}

TEST_CASE("values reach their variables, and what is not given stays as it was") {
  Small small;
  auto parsed = Parse(small.program, {"-e", "dev", "apply", "--limit", "a=1", "--limit=b=2", "-y",
                                      "--count", "10"});
  REQUIRE(parsed);
  CHECK(*parsed == Args::Parsed::kRun);
  CHECK(small.program.Innermost().path() == "apply");
  CHECK(small.environment == "dev");
  CHECK(small.plan.empty());
  CHECK(small.limits == Words{"a=1", "b=2"});
  CHECK(small.yes);
  CHECK(!small.verbose);
  CHECK(small.count == 10);
  CHECK(small.format == "text");
}

TEST_CASE("the options of the program are understood behind a command") {
  Small small;
  REQUIRE(Parse(small.program, {"jobs", "show", "7", "--from", "x", "-v", "--env", "prod"}));
  CHECK(small.program.Innermost().path() == "jobs show");
  CHECK(small.environment == "prod");
  CHECK(small.verbose);
  CHECK(small.job == "7");
}

TEST_CASE("an option of one value eats neither the next option nor a positional") {
  Small one;
  CHECK(Says(Parse(one.program, {"apply", "--expect", "--yes"}),
             "--expect has no value: `--yes`, which follows it, is an option"));
  Small two;
  CHECK(Says(Parse(two.program, {"apply", "--expect"}), "--expect needs a value"));
  Small three;
  REQUIRE(Parse(three.program, {"apply", "--expect", "abc", "plan.json"}));
  CHECK(three.plan == "plan.json");
  Small four;
  CHECK(Says(Parse(four.program, {"apply", "--expect=", "plan.json"}), "--expect is empty"));
}

TEST_CASE("what is mistyped is an error with the nearest name") {
  struct Row {
    Words words;
    std::string message, near;
  };
  const Row rows[] = {
      {{"aply", "--yes"}, "there is no command `aply`", "`apply`"},
      {{"-e", "dev", "aply"}, "there is no command `aply`", "`apply`"},
      {{"aply", "--help"}, "there is no command `aply`", "`apply`"},
      {{"jobs", "lst"}, "there is no command `jobs lst`", "`list`"},
      {{"apply", "--expct", "abc"}, "apply has no option `--expct`", "`--expect`"},
      {{"apply", "--expct=abc"}, "apply has no option `--expct`", "`--expect`"},
      {{"apply", "--enw", "dev"}, "apply has no option `--enw`", "`--env`"},
      {{"apply", "--format", "jsn"}, "--format cannot be `jsn`", "`json`"},
      {{"--expect", "abc", "apply"}, "there is no command `abc`", ""},
  };
  for (const auto& row : rows) {
    Small small;
    auto parsed = Parse(small.program, row.words);
    CAPTURE(row.message);
    REQUIRE(Says(parsed, row.message));
    if (!row.near.empty()) {
      CHECK(parsed.error()[0].hint.find("did you mean " + row.near) != std::string::npos);
    }
  }
}

TEST_CASE("all that is wrong is told, and nothing that follows from it") {
  Small small;
  auto parsed = Parse(small.program, {"-e", "", "apply", "--count", "x", "--format", "xml",
                                      "--expect", "a", "--expect", "b", "--limit", "a=1"});
  REQUIRE(!parsed);
  CHECK(parsed.error().size() == 4);
  CHECK(Says(parsed, "--env is empty"));
  CHECK(Says(parsed, "--count `x` is not a number"));
  CHECK(Says(parsed, "--format cannot be `xml`"));
  CHECK(Says(parsed, "--expect is given 2 times"));

  Small other;  // --from seems to be missing because it is misspelt
  auto misspelt = Parse(other.program, {"jobs", "show", "7", "--form", "x"});
  REQUIRE(!misspelt);
  CHECK(misspelt.error().size() == 1);
  CHECK(Says(misspelt, "jobs show has no option `--form`"));
}

TEST_CASE("what is missing, too much, out of range or no value of a flag is an error") {
  struct Row {
    Words words;
    std::string message;
  };
  const Row rows[] = {
      {{"jobs"}, "jobs needs to know what to do"},
      {{"jobs", "show"}, "JOB is missing"},
      {{"jobs", "show"}, "--from is missing"},
      {{"apply", "one", "two"}, "`two` is one argument too many for apply"},
      {{"jobs", "list", "one"}, "`one` is one argument too many for jobs list"},
      {{"apply", "--count", "11"}, "--count `11` is out of range"},
      {{"apply", "--count", "0"}, "--count `0` is out of range"},
      {{"apply", "--count", "1e3"}, "--count `1e3` is not a number"},
      {{"apply", "--count", "3"}, "--count does not act without --limit"},
      {{"apply", "plan", "--limit", "a=1"}, "--limit does not act beside PLAN"},
      {{"apply", "-y", "plan"}, "--yes does not act beside PLAN"},
      {{"apply", "--yes=maybe"}, "--yes = maybe: this option takes no value"},
  };
  for (const auto& row : rows) {
    Small small;
    CAPTURE(row.message);
    CHECK(Says(Parse(small.program, row.words), row.message));
  }
}

TEST_CASE("options that do not act beside others, as commands declare them") {
  const std::pair<Words, std::string> rows[] = {
      {{"plan", "--mask", "--no-mask"}, "--mask does not act beside --no-mask"},
      {{"sync", "--prune", "--no-new"}, "--no-new does not act beside --prune"},
      {{"check", "1", "--at", "x", "--customer", "y"}, "--customer does not act beside --at"},
      {{"api", "--list", "--all"}, "--all does not act beside --list"},
      {{"api", "GET", "x", "--format", "json"}, "--format does not act without --list"},
      {{"import", "x", "--append-salt"}, "--append-salt does not act without --salt"},
      {{"import", "x", "--insert-only", "--update-all"},
       "--insert-only does not act beside --update-all"},
      {{"-q", "-v", "plan"}, "--quiet does not act beside --verbose"},
  };
  for (const auto& [words, message] : rows) {
    Program program;
    CAPTURE(message);
    CHECK(Says(Parse(program.args, words), message));
  }
}

TEST_CASE("--expect takes an id, or 12 digits of one and more") {
  const std::string digits = "0123456789ab";
  for (const std::string& good :
       Words{digits, "sha256:" + digits, "sha256:" + std::string(64, 'f')}) {
    Program program;
    CAPTURE(good);
    CHECK(Parse(program.args, {"apply", "--yes", "--expect", good}));
  }
  for (const std::string& bad :
       Words{digits.substr(1), "sha256:", "sha256:abc", "sha512:" + digits, digits + "g",
             "SHA256:" + digits, std::string(65, 'a'), "0123456789AB" + digits}) {
    Program program;
    CAPTURE(bad);
    CHECK(!Parse(program.args, {"apply", "--yes", "--expect", bad}));
  }
}

TEST_CASE("help fits into 100 columns and names every option, those of the program as well") {
  Program all;
  ForEachCommand(all.args, [&](const Args& command) {
    const auto help = command.Help();
    CAPTURE(command.path());
    for (const Args* from : {&command, static_cast<const Args*>(&all.args)}) {
      for (const auto& option : from->options()) {
        CAPTURE(option.label);
        CHECK(help.find(option.label) != std::string::npos);
        CHECK(help.find(option.help.substr(0, option.help.find(' '))) != std::string::npos);
      }
    }
    for (std::size_t at = 0; at < help.size();) {
      const auto end = help.find('\n', at);
      CAPTURE(help.substr(at, end - at));
      // Continuation bytes of UTF-8 take no column.
      auto columns = std::ranges::count_if(help.begin() + static_cast<std::ptrdiff_t>(at),
                                           help.begin() + static_cast<std::ptrdiff_t>(end),
                                           [](char c) { return (c & 0xC0) != 0x80; });
      CHECK(columns <= 100);
      at = end + 1;
    }
  });
  Small small;
  CHECK(small.apply->Help().find("--format text|json") != std::string::npos);
  CHECK(small.apply->Help().find("(default: text)") != std::string::npos);
  CHECK(small.apply->Help().find("Usage: viasync apply [OPTIONS] [PLAN]") != std::string::npos);
}

TEST_CASE("the examples of the help parse") {
  Program all;
  std::size_t tried = 0;
  ForEachCommand(all.args, [&](const Args& command) {
    for (const auto& [line, what] : command.examples()) {
      Words words;
      std::string word;
      for (char c : line + " ") {
        if (c == '\'') continue;
        if (c != ' ') word += c;
        if (c == ' ' && !word.empty()) words.push_back(std::exchange(word, {}));
      }
      REQUIRE(words.front() == "viasync");
      words.erase(words.begin());
      Program program;
      CAPTURE(line);
      CHECK(Parse(program.args, words));
      CHECK(program.args.Innermost().path().starts_with(command.path()));
      ++tried;
    }
  });
  CHECK(tried > 25);
}

TEST_CASE("every help fits into 80 columns") {
  Program program;
  std::vector<const Args*> all = {&program.args};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const auto* below : all[i]->commands()) all.push_back(below);
    std::istringstream help(all[i]->Help());
    for (std::string line; std::getline(help, line);) {
      CAPTURE(line);
      CHECK(report::Columns(line) <= 80);
    }
  }
  CHECK(all.size() > 40);
}

TEST_CASE("--help asks for the help of the command before it") {
  Small small;
  auto parsed = Parse(small.program, {"jobs", "show", "--help"});
  REQUIRE(parsed);
  CHECK(*parsed == Args::Parsed::kHelp);
  CHECK(small.program.Innermost().path() == "jobs show");
  CHECK(small.program.Innermost().Help().find("viasync jobs show") != std::string::npos);
}

}  // namespace viasync::cli
