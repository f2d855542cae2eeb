#include "engine/config/form_checks.h"

#include <string>
#include <utility>

#include "engine/base/csv_cell.h"
#include "engine/base/strings.h"

namespace viasync::config {
namespace {

template <class R>
void WarnOfKind(const std::vector<Entry<R>>& entries, Problems& problems) {
  for (const auto& entry : entries) {
    if (entry.absent) continue;
    auto problem = CheckNew(entry.value);
    if (!problem) continue;
    problems.Warn(PlaceOf(entry.source), problem->message,
                  problem->hint +
                      "; viasync makes no such entry, and leaves one alone that the org "
                      "holds already");
  }
}

// A CSV is what people open in a spreadsheet, which would work out a formula. The file keeps what
// it holds; somebody should know.
void WarnOfFormulas(const std::vector<Entry<model::Exclusion>>& entries, Problems& problems) {
  for (const auto& entry : entries) {
    const base::SourcePos place = PlaceOf(entry.source);
    if (!base::ToLower(place.file).ends_with(".csv")) continue;
    const auto& value = entry.value;
    // `+49 30 1234` is a phone number first.
    const bool number = value.address.find_first_not_of("+-0123456789 ()./") == std::string::npos;
    const char* field = !number && base::IsFormula(value.address) ? "address"
                        : base::IsFormula(value.list.str())       ? "list"
                        : base::IsFormula(value.reason.str())     ? "reason"
                                                                  : nullptr;
    if (field == nullptr) continue;
    problems.Warn(place, "`" + std::string(field) + "` begins like a formula",
                  "a spreadsheet that opens the file works it out; viasync takes it as a text");
  }
}

}  // namespace

std::optional<ValueProblem> CheckNew(const model::Exclusion& exclusion) {
  return CheckNewAddress(exclusion.type, exclusion.address);
}

void WarnOfForm(const Layer& layer, Problems& problems) {
  model::ForEachKind([&]<class R> { WarnOfKind(layer.Of<R>(), problems); });
  WarnOfFormulas(layer.Of<model::Exclusion>(), problems);
}

}  // namespace viasync::config
