// What zsh and fish are offered by the completion scripts, asked of those shells themselves.
#include <doctest/doctest.h>

#include "tests/cli/shell.h"

namespace viasync::cli {
namespace {

// A repository whose keys a shell would act on if it read them as code.
std::string Repository() {
  std::string folder = NewFolder();
  Write(folder + "/viasync.yaml",
        "version: 1\nenvironments:\n  dev: {org: a, region: us}\n  prod: {org: b, region: us}\n"
        "migrations:\n  spring: {objects: {STRATEGY: [\"A\"]}}\n");
  Write(folder + "/config/a.yaml",
        "filters:\n  - {name: Late Stage, criteria: a = 1}\n"
        "  - {name: \"$(touch ran)\", criteria: a = 1}\n");
  return folder;
}

// Without a line editor: the words of the completion system print what it is given.
std::string Zsh(const std::string& words, int at, const std::string& folder) {
  Write(folder + "/.zsh",
        "compdef() { : }\n"
        "compset() { : }\n"
        "compadd() { while [[ $1 == -* ]]; do shift; done; print -rl -- \"$@\" }\n"
        "_describe() { local -a all; all=(\"${(@P)2}\"); print -rl -- ${all%%:*} }\n"
        "_files() { print -r -- \"files $*\" }\n"
        "eval \"$(viasync completion zsh)\"\n"
        "words=(" +
            words + ") CURRENT=" + std::to_string(at) + "\n_viasync\n");
  return Shell(folder, "zsh -f .zsh").text;
}

std::string Fish(const std::string& line, const std::string& folder) {
  Write(folder + "/.fish",
        "viasync completion fish | source\n"
        "complete -C '" +
            line + "' | string replace -r '\\t.*' ''\n");
  return Shell(folder, "HOME=. fish --no-config .fish").text;
}

bool Has(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("zsh is offered commands, options, choices and what the repository names") {
  const std::string folder = Repository();
  CHECK(Has(Zsh("viasync ''", 2, folder), "plan"));
  CHECK(Has(Zsh("viasync plan --", 3, folder), "--base-ref"));
  CHECK(Zsh("viasync plan --format ''", 4, folder) == "text\njson\nmarkdown\nhtml\n");
  CHECK(Zsh("viasync plan --format=m", 3, folder) == "text\njson\nmarkdown\nhtml\n");
  CHECK(Zsh("viasync plan -e ''", 4, folder) == "dev\nprod\n");
  CHECK(Zsh("viasync -e ''", 3, folder) == "dev\nprod\n");
  CHECK(Zsh("viasync diff ''", 3, folder) == "dev\nprod\n");
  CHECK(Zsh("viasync migrate ''", 3, folder) == "spring\n");
  CHECK(Zsh("viasync history --key ''", 4, folder) == "$(touch ran)\nLate Stage\n");
  CHECK(Zsh("viasync plan -C ''", 4, folder) == "files -/\n");
  CHECK(Has(Zsh("viasync jobs ''", 3, folder), "resolve"));
  CHECK(Has(Zsh("viasync schema ''", 3, folder), "project"));
  CHECK(Has(Zsh("viasync help ''", 3, folder), "migrate"));
  CHECK(Read(folder + "/ran").empty());
}

TEST_CASE("fish is offered the same") {
  const std::string folder = Repository();
  CHECK(Has(Fish("viasync ", folder), "plan"));
  CHECK(Fish("viasync pl", folder) == "plan\n");
  CHECK(Fish("viasync plan --base", folder) == "--base-ref\n");
  CHECK(Fish("viasync plan --format ", folder) == "html\njson\nmarkdown\ntext\n");
  CHECK(Fish("viasync plan --format=m", folder) == "--format=markdown\n");
  CHECK(Fish("viasync plan -e ", folder) == "dev\nprod\n");
  CHECK(Fish("viasync diff dev ", folder) == "dev\nprod\n");
  CHECK(Fish("viasync migrate ", folder) == "spring\n");
  CHECK(Fish("viasync history --key ", folder) == "$(touch ran)\nLate Stage\n");
  CHECK(Has(Fish("viasync jobs ", folder), "resolve"));
  CHECK(Has(Fish("viasync schema ", folder), "project"));
  CHECK(Has(Fish("viasync help ", folder), "migrate"));
  CHECK(Read(folder + "/ran").empty());
}

}  // namespace viasync::cli
