#include "engine/report/plan_text.h"

#include "engine/report/plan_document.h"
#include "engine/report/print_text.h"

namespace viasync::report {
namespace {

constexpr std::size_t kIntendedNamed = 10;

Document Build(const plan::Plan& plan, const Style& style, const TextOptions& options) {
  const std::size_t all = plan.changes.size() + plan.conflicts.size();
  return PlanDocument(plan, {.purpose = options.purpose,
                             .mask = style.mask,
                             .changes_max = options.full ? all : options.changes_max,
                             .named_max = options.full ? plan.unmanaged.size() : 0,
                             .next_step = options.next_step,
                             .against = options.against,
                             .at = options.at});
}

}  // namespace

std::string PlanText(const plan::Plan& plan, const Style& style, const TextOptions& options) {
  return PrintText(Build(plan, style, options), style, options.full);
}

std::string DiffText(const plan::Plan& unasked, const plan::Plan& intended, const Style& style,
                     const TextOptions& options) {
  auto document = Build(unasked, style, options);
  AddIntended(document, intended, style.mask,
              options.full ? intended.changes.size() : kIntendedNamed);
  return PrintText(document, style, options.full);
}

}  // namespace viasync::report
