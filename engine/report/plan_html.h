// A plan as one page that needs nothing else: no script, no font, no request. Light and dark, wide
// and narrow, readable without colour.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/plan/plan.h"

namespace viasync::report {

struct HtmlOptions {
  bool mask = true;                // phone numbers, account numbers, mail addresses
  std::size_t changes_max = 2000;  // more are summarised; not of what allows contact again
};

std::string PlanHtml(const plan::Plan& plan, const HtmlOptions& options = {});

// `text` safe between tags and inside quoted attributes, and printable.
std::string EscapeHtml(std::string_view text);

}  // namespace viasync::report
