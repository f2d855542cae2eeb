// Plans of 1,000 to 300,000 changes in every format: microseconds of the processor and bytes for
// each change, which stay as they are while plans grow; and the memory that the whole takes above
// the plan itself. Nothing is asserted.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>

#include "engine/plan/plan_json.h"
#include "engine/report/plan_html.h"
#include "engine/report/plan_markdown.h"
#include "engine/report/plan_text.h"
#include "tests/report/plans.h"

namespace viasync::bench {
namespace {

using report::test::LargePlanThatUnprotects;

// Gives the size of what it printed.
using Printer = std::function<std::size_t(const plan::Plan&)>;

std::size_t PrintJson(const plan::Plan& plan) {
  std::size_t bytes = 0;
  plan::WritePlanJson(plan, {}, [&](std::string_view part) { bytes += part.size(); });
  return bytes;
}

long PeakKiB() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// In a process of its own, since its memory is measured.
void Measure(const char* format, std::size_t changes, const Printer& print) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const auto plan = LargePlanThatUnprotects(changes - changes / 100, changes / 100);
    const long before = PeakKiB();
    const auto begun = std::clock();
    const std::size_t bytes = print(plan);
    const double seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    const auto each = static_cast<double>(changes);
    fmt::print(
        "{:<9} {:>7} changes  {:>7.2f} us  {:>7.0f} bytes printed  {:>7.0f} bytes of memory "
        "for each\n",
        format, changes, seconds * 1e6 / each, static_cast<double>(bytes) / each,
        static_cast<double>(PeakKiB() - before) * 1024 / each);
    std::fflush(stdout);
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

TEST_CASE("plans in every format") {
  const report::Style style{.width = 80};
  const std::pair<const char*, Printer> printers[] = {
      {"json", PrintJson},
      {"text", [&](const auto& plan) { return report::PlanText(plan, style).size(); }},
      {"full text",
       [&](const auto& plan) { return report::PlanText(plan, style, {.full = true}).size(); }},
      {"markdown", [](const auto& plan) { return report::PlanMarkdown(plan).size(); }},
      {"html", [](const auto& plan) {
         return report::PlanHtml(plan, {.changes_max = plan.changes.size()}).size();
       }}};
  for (const auto& [format, print] : printers) {
    for (const std::size_t changes : {1'000, 10'000, 100'000, 300'000}) {
      Measure(format, changes, print);
    }
  }
}

}  // namespace
}  // namespace viasync::bench
