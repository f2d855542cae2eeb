#include "engine/report/plan_html.h"

#include "engine/report/plan_document.h"
#include "engine/report/print_html.h"

namespace viasync::report {
namespace {

Document Build(const plan::Plan& plan, const HtmlOptions& options) {
  return PlanDocument(plan, {.purpose = options.purpose,
                             .mask = options.mask,
                             .changes_max = options.changes_max,
                             .named_max = options.changes_max,
                             .warnings_max = options.changes_max,
                             .against = options.against});
}

}  // namespace

std::string PlanHtml(const plan::Plan& plan, const HtmlOptions& options) {
  return PrintHtml(Build(plan, options));
}

std::string DiffHtml(const plan::Plan& unasked, const plan::Plan& intended,
                     const HtmlOptions& options) {
  auto document = Build(unasked, options);
  AddIntended(document, intended, options.mask, options.changes_max);
  return PrintHtml(document);
}

}  // namespace viasync::report
