#include "engine/config/same_numbers.h"

#include "engine/model/phone_numbers.h"

namespace viasync::config {

void WarnOfSameNumbers(const std::vector<Entry<model::Exclusion>>& entries,
                       const std::string& region, Problems& problems) {
  if (region.empty()) return;
  for (auto type : {model::ContactType::kVoice, model::ContactType::kSms}) {
    model::SameNumbers numbers(region);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].value.type == type) numbers.Add(entries[i].value.address, i);
    }
    for (const auto& marks : numbers.Find()) {
      const auto& first = entries[marks.front()];
      // One line for each other spelling: a number may be excluded for many lists.
      std::string_view told = first.value.address;
      for (auto mark : marks) {
        const auto& other = entries[mark];
        if (other.value.address == told || other.value.address == first.value.address) continue;
        told = other.value.address;
        problems.Warn(PlaceOf(other.source),
                      Quoted(other.value.address) + " and " + Quoted(first.value.address) + " in " +
                          PlaceText(first.source) + " are the same number",
                      "to the org they are two addresses: write the number in one way everywhere, "
                      "as the org dials it");
      }
    }
  }
}

}  // namespace viasync::config
