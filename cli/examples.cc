#include "cli/examples.h"

#include <stdexcept>
#include <string>

#include "engine/base/strings.h"

namespace viasync::cli {
namespace {

struct Example {
  const char *command, *line, *what;
};

constexpr Example kExamples[] = {
    {"init", "viasync init campaigns", "a new repository in the folder campaigns"},
    {"init", "viasync init --ci github -e prod", "a pipeline for the repository at hand"},
    {"validate", "viasync validate -e prod", "only what prod reads"},
    {"plan", "viasync plan -e dev", "what apply would change in dev"},
    {"plan", "viasync plan -e prod --out plan.json --format markdown",
     "a comment for a pull request, and the plan that apply takes"},
    {"apply", "viasync apply -e dev", "shows the plan, asks, and carries it out"},
    {"apply", "viasync apply plan.json -e prod", "carries out exactly the plan that was reviewed"},
    {"apply", "viasync apply -e prod --yes --expect sha256:0123456789ab",
     "plans again, and applies it only if it is still that plan"},
    {"pull", "viasync pull -e dev --dry-run", "what would be written into the files"},
    {"sync", "viasync sync -e dev --prefer remote --prefer Late=local",
     "settles conflicts: the org wins, but not for Late"},
    {"drift", "viasync drift -e prod", "what somebody changed in the vendor's UI"},
    {"diff", "viasync diff dev prod --exit-code",
     "exit code 0 if all differences are as the files ask"},
    {"export", "viasync export -e dev --objects 'STRATEGY=ABC_*' --out spring.zip",
     "strategies by name, and what they refer to"},
    {"inspect", "viasync inspect spring.zip", "what a file holds"},
    {"import", "viasync import spring.zip -e prod", "shows what comes in, asks, and imports it"},
    {"migrate", "viasync migrate spring-release --from dev --to prod --plan",
     "what would travel, and what would stop it"},
    {"jobs", "viasync jobs list -e prod", "the export and import jobs of the org"},
    {"records", "viasync records insert Spring records.csv -e dev", "one record for each row"},
    {"fastpath", "viasync fastpath HotLeads leads.csv -e dev", "records for a fast path list"},
    {"attempts", "viasync attempts calls.csv -e dev", "reports calls that were made"},
    {"callbacks", "viasync callbacks callbacks.jsonl -e dev", "one callback for each line"},
    {"scripts", "viasync scripts start Nightly --wait -e dev", "starts one and waits for its end"},
    {"status", "viasync status", "all environments, without contacting any org"},
    {"history", "viasync history -e prod --since 7d --kind exclusion",
     "the exclusions that were changed in the last week"},
    {"check", "viasync check 09876322222 sms:0911 --list ContactList1 -e prod",
     "two addresses, for one contact list"},
    {"strategies", "viasync strategies status Spring -e dev", "how its last operation went"},
    {"timezones", "viasync timezones --postal-code 90210 -e dev", "the time zone of a place"},
    {"reference", "viasync reference purposes -e dev", "what the org knows of its kind"},
    {"store", "viasync store show -e prod", "who holds the environment, since when, at which job"},
    {"sandbox", "viasync sandbox --org acme-dev --port 8080", "an org to try things on"},
    {"schema", "viasync schema config", "for an editor that checks the files"},
};

}  // namespace

void AddExamples(Args& program) {
  for (const auto& [command, line, what] : kExamples) {
    auto* args = program.Find(command);
    if (args == nullptr) throw std::logic_error(std::string("no command ") + command);
    args->Example(line, what);
  }
}

}  // namespace viasync::cli
