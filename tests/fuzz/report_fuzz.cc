// Any text in every place of a plan, and a plan in every format: what is printed moves no cursor,
// is UTF-8, and what is JSON can be read; nothing in HTML is markup that is not ours.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/base/csv_cell.h"
#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/plan/plan_json.h"
#include "engine/report/error_text.h"
#include "engine/report/plan_html.h"
#include "engine/report/plan_markdown.h"
#include "engine/report/plan_text.h"
#include "tests/report/hostile.h"

namespace {

using namespace viasync;

void CheckPrintable(const std::string& text) {
  if (!base::IsValidUtf8(text) || base::Printable(text, /*keep_newlines=*/true) != text) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 2000));
  const plan::Plan plan = report::test::HostilePlan(text);
  const report::Style plain{};
  CheckPrintable(report::PlanText(plan, plain, {.full = true}));
  CheckPrintable(report::PlanMarkdown(plan, {.mask = false}));
  const std::string html = report::PlanHtml(plan, {.mask = false});
  CheckPrintable(html);
  // Our page has one script and one style at most; hostile text never opens another.
  const std::string harmless = report::PlanHtml(report::test::HostilePlan("a"), {.mask = false});
  auto count = [](const std::string& in, const std::string& what) {
    std::size_t found = 0;
    for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + 1)) ++found;
    return found;
  };
  for (const char* tag : {"<script", "<img", "<iframe", "<svg", "<style"}) {
    if (count(html, tag) > count(harmless, tag)) std::abort();
  }
  const std::string json = plan::PlanToJson(plan);
  CheckPrintable(json);
  if (!base::IsJson(json)) std::abort();
  const base::Error error{
      .message = text, .hint = text, .where = base::SourcePos{text, 1, 2}, .excerpt = text};
  CheckPrintable(report::ErrorText(error, plain));
  const std::string errors = report::ErrorsJson({error});
  CheckPrintable(errors);
  if (!base::IsJson(errors)) std::abort();
  const std::string cell = base::CsvCell(text);
  CheckPrintable(cell);
  if (cell.find('\n') != std::string::npos || base::IsFormula(cell.substr(cell.starts_with('"')))) {
    // A `'` in front of it is what neutralises a formula.
    if (cell.find('\'') > 1) std::abort();
  }
  return 0;
}
