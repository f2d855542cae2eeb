#include "engine/report/diff_text.h"

#include <algorithm>
#include <vector>

#include "engine/base/strings.h"
#include "engine/report/markdown.h"
#include "engine/report/words.h"

namespace viasync::report {
namespace {

constexpr std::size_t kShown = 10;

// `1 missing, 3 different, 1 extra`
std::string Counts(const plan::Plan& plan) {
  std::vector<std::string> parts;
  auto add = [&](std::size_t count, const char* word) {
    if (count > 0) parts.push_back(base::Thousands(count) + " " + word);
  };
  add(plan.summary.create, "missing");
  add(plan.summary.update, "different");
  add(plan.summary.remove, "extra");
  return base::Join(parts, ", ");
}

std::string Title(const plan::Plan& plan) {
  const auto count = plan.changes.size();
  return base::Plural(count, "difference") + (count == 1 ? " is" : " are") +
         " as the files ask, by variables and overlays: " + Counts(plan);
}

// `exclusion voice:0900@* different: reason, end`
std::string Entry(const reconcile::Change& change, bool mask) {
  constexpr std::string_view kWords[] = {"missing", "different", "extra"};
  std::string text = std::string(model::KindName(change.kind)) + " " +
                     KeyText(change.kind, change.key, mask) + " " +
                     std::string(kWords[static_cast<std::size_t>(change.action)]);
  if (change.action != reconcile::Action::kUpdate) return text;
  std::vector<std::string> fields;
  for (const auto& field : change.fields) fields.push_back(field.name);
  return text + ": " + base::Join(fields, ", ");
}

}  // namespace

std::string IntendedText(const plan::Plan& intended, const Style& style, bool full) {
  const auto& changes = intended.changes;
  if (changes.empty()) return {};
  std::string text = Title(intended) + "\n";
  const std::size_t shown = full ? changes.size() : std::min(kShown, changes.size());
  for (std::size_t i = 0; i < shown; ++i) {
    text += "  " + Paint(style, Colour::kDim, Entry(changes[i], style.mask)) + "\n";
  }
  if (shown < changes.size()) {
    text +=
        "  … and " + base::Thousands(changes.size() - shown) + " more; --full prints them all\n";
  }
  return text;
}

std::string IntendedMarkdown(const plan::Plan& intended, bool mask) {
  constexpr std::size_t kInMarkdown = 200;
  const auto& changes = intended.changes;
  if (changes.empty()) return {};
  std::string text = "\n<details><summary>" + Title(intended) + "</summary>\n\n";
  const std::size_t shown = std::min(kInMarkdown, changes.size());
  for (std::size_t i = 0; i < shown; ++i) {
    text += "- " + CodeSpan(Entry(changes[i], mask)) + "\n";
  }
  if (shown < changes.size()) {
    text += "- and " + base::Thousands(changes.size() - shown) + " more\n";
  }
  return text + "\n</details>\n";
}

}  // namespace viasync::report
