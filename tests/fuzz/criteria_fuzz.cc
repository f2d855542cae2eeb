// Any bytes as criteria: reading, wrapping, checking and merging never crash, and wrapping keeps
// the meaning.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/model/criteria.h"
#include "engine/model/criteria_grammar.h"
#include "engine/reconcile/criteria_merge.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto wrapped = viasync::model::WrapCriteria(text);
  if (!viasync::model::Tokenize(text).problem && !viasync::model::SameCriteria(text, wrapped)) {
    std::abort();
  }
  for (const auto& problem : viasync::model::ReadCriteria(text).problems) {
    if (problem.offset > size) std::abort();
  }
  auto third = size / 3;
  auto merged = viasync::reconcile::MergeCriteria(text.substr(0, third), text.substr(third, third),
                                                  text.substr(2 * third));
  if (merged && viasync::model::CheckCriteria(*merged)) std::abort();
  return 0;
}
