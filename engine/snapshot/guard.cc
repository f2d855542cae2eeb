#include "engine/snapshot/guard.h"

#include <fmt/format.h>

#include "engine/base/strings.h"

namespace viasync::snapshot {

std::optional<base::Error> CheckPlausible(const model::ByKind<std::size_t>& listed,
                                          const model::ByKind<std::size_t>& in_base) {
  for (auto kind : model::kKinds) {
    if (listed[kind] > 0 || in_base[kind] == 0) continue;
    return base::Error{
        .kind = base::ErrorKind::kProtocol,
        .message = fmt::format("the org suddenly lists no {} at all; at the last run there were {}",
                               model::KindPlural(kind), base::Thousands(in_base[kind])),
        .hint =
            "Check the org, its credentials and their rights in the vendor's UI. If it really "
            "was emptied, move the store of this environment away (.viasync/<env>.db): without "
            "a base nothing counts as deleted"};
  }
  return std::nullopt;
}

}  // namespace viasync::snapshot
