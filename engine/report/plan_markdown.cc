#include "engine/report/plan_markdown.h"

#include <array>

#include "engine/report/plan_document.h"
#include "engine/report/print_markdown.h"

namespace viasync::report {
namespace {

// How much is shown: tried from the first to the last, until it fits. What allows contact again is
// shown in full by all of them.
struct Bounds {
  std::size_t changes, named, lines, chars;
};
constexpr std::array kBounds = {
    Bounds{400, 200, 60, 300}, Bounds{200, 100, 60, 300}, Bounds{100, 50, 40, 300},
    Bounds{50, 25, 30, 200},   Bounds{25, 12, 20, 200},   Bounds{12, 6, 12, 160},
    Bounds{6, 3, 8, 120},      Bounds{2, 1, 4, 80},       Bounds{1, 1, 2, 40}};
constexpr std::size_t kRowBytesMin = 30;  // no row of a table is shorter

Document Build(const plan::Plan& plan, const plan::Plan* intended, const MarkdownOptions& options,
               const Bounds& bounds) {
  auto document = PlanDocument(plan, {.purpose = options.purpose,
                                      .mask = options.mask,
                                      .changes_max = bounds.changes,
                                      .warnings_max = bounds.changes,
                                      .against = options.against});
  if (intended) AddIntended(document, *intended, options.mask, bounds.named);
  return document;
}

std::string Print(const plan::Plan& plan, const plan::Plan* intended,
                  const MarkdownOptions& options) {
  const std::size_t rows = plan.summary.unprotect + plan.summary.pull_unprotect;
  const bool hopeless =
      options.purpose != Purpose::kDiff && rows > options.bytes_max / kRowBytesMin;
  for (const auto& bounds : kBounds) {
    if (hopeless) break;
    auto text = PrintMarkdown(Build(plan, intended, options, bounds),
                              {bounds.lines, bounds.chars, options.bytes_max});
    if (text) return std::move(*text);
  }
  const auto& least = kBounds.back();
  return PrintMarkdownHead(Build(plan, intended, options, least),
                           {least.lines, least.chars, options.bytes_max});
}

}  // namespace

std::string PlanMarkdown(const plan::Plan& plan, const MarkdownOptions& options) {
  return Print(plan, nullptr, options);
}

std::string DiffMarkdown(const plan::Plan& unasked, const plan::Plan& intended,
                         const MarkdownOptions& options) {
  return Print(unasked, &intended, options);
}

}  // namespace viasync::report
