#include "engine/workflow/same_numbers.h"

#include <algorithm>
#include <string_view>

#include "engine/base/strings.h"
#include "engine/config/entries.h"
#include "engine/config/problems.h"
#include "engine/model/phone_numbers.h"

namespace viasync::workflow {
namespace {

using Declared = std::vector<model::Declared<model::Exclusion>>;
using Remote = std::vector<model::Remote<model::Exclusion>>;

// Declared entries and those of the org, numbered through.
class Sides {
 public:
  Sides(const Declared& declared, const Remote& remote) : declared_(declared), remote_(remote) {}

  std::size_t size() const { return declared_.size() + remote_.size(); }
  bool IsDeclared(std::size_t mark) const { return mark < declared_.size(); }
  const model::Exclusion& Value(std::size_t mark) const {
    return IsDeclared(mark) ? declared_[mark].value : remote_[mark - declared_.size()].value;
  }
  const model::Source& SourceOf(std::size_t mark) const { return declared_[mark].source; }
  std::string Place(std::size_t mark) const {
    return IsDeclared(mark) ? config::PlaceText(SourceOf(mark)) : "the org";
  }

 private:
  const Declared& declared_;
  const Remote& remote_;
};

// `marks` are of one number; those of the files come first.
void WarnOf(const Sides& sides, const std::vector<std::size_t>& marks,
            std::vector<plan::Warning>& warnings) {
  auto first = marks.front();
  if (!sides.IsDeclared(first)) return;
  std::vector<std::string_view> told = {sides.Value(first).address};
  for (auto mark : marks) {
    std::string_view address = sides.Value(mark).address;
    if (std::ranges::find(told, address) != told.end()) continue;
    told.push_back(address);
    const model::Exclusion& value = sides.Value(first);
    warnings.push_back(
        {.message = config::Quoted(value.address) + " and " + config::Quoted(address) + " in " +
                    sides.Place(mark) + " are the same number",
         .hint = "to the org they are two addresses: write the number in one way everywhere, as "
                 "the org dials it",
         .where = config::PlaceOf(sides.SourceOf(first)),
         .type = std::string(model::ContactTypeName(value.type)),
         .addresses = {value.address, std::string(address)}});
  }
}

}  // namespace

std::vector<plan::Warning> WarnOfSameNumbers(const Declared& declared, const Remote& remote,
                                             const std::string& region) {
  std::vector<plan::Warning> warnings;
  if (region.empty()) return warnings;
  const Sides sides(declared, remote);
  for (auto type : {model::ContactType::kVoice, model::ContactType::kSms}) {
    model::SameNumbers numbers(region);
    for (std::size_t i = 0; i < sides.size(); ++i) {
      if (sides.Value(i).type == type) numbers.Add(sides.Value(i).address, i);
    }
    for (const auto& marks : numbers.Find()) WarnOf(sides, marks, warnings);
  }
  return warnings;
}

}  // namespace viasync::workflow
