#include "cli/settle_conflicts.h"

#include <iostream>

#include "engine/base/strings.h"
#include "engine/report/words.h"

namespace viasync::cli {

std::optional<std::map<std::string, std::string>> AskForSides(const plan::Plan& plan,
                                                              const report::Style& style) {
  std::map<std::string, std::string> sides;
  for (const auto& conflict : plan.conflicts) {
    if (conflict.kind == reconcile::ConflictKind::kAmbiguous) continue;
    const auto& change = conflict.change;
    std::string name = std::string(model::KindName(change.kind)) + " " +
                       report::KeyText(change.kind, change.key, style.mask);
    for (std::string answer;;) {
      std::cerr << report::Paint(style, report::Colour::kBold, name)
                << ": take (l)ocal, (r)emote, or (s)kip? " << std::flush;
      if (!std::getline(std::cin, answer)) return std::nullopt;
      answer = base::ToLower(base::Trim(answer));
      if (answer == "l" || answer == "local") sides[change.key] = "local";
      if (answer == "r" || answer == "remote") sides[change.key] = "remote";
      if (sides.contains(change.key) || answer == "s" || answer == "skip") break;
    }
  }
  return sides;
}

}  // namespace viasync::cli
