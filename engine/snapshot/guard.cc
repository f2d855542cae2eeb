#include "engine/snapshot/guard.h"

#include <fmt/format.h>

#include "engine/base/strings.h"

namespace viasync::snapshot {

KindCounts ListedIn(const Snapshot& snapshot) {
  return {.filters = snapshot.filter_names.size(),
          .exclusions = snapshot.exclusions_listed,
          .lists = snapshot.list_names.size()};
}

std::optional<base::Error> CheckPlausible(const KindCounts& listed, const KindCounts& in_base) {
  const struct {
    model::Kind kind;
    std::size_t listed, in_base;
  } kinds[] = {{model::Kind::kFilter, listed.filters, in_base.filters},
               {model::Kind::kExclusion, listed.exclusions, in_base.exclusions},
               {model::Kind::kList, listed.lists, in_base.lists}};
  for (const auto& one : kinds) {
    if (one.listed > 0 || one.in_base == 0) continue;
    return base::Error{
        .kind = base::ErrorKind::kProtocol,
        .message = fmt::format("the org suddenly lists no {} at all; at the last run there were {}",
                               model::KindPlural(one.kind), base::Thousands(one.in_base)),
        .hint =
            "Check the org, its credentials and their rights in the vendor's UI. If it really "
            "was emptied, move the store of this environment away (.viasync/<env>.db): without "
            "a base nothing counts as deleted"};
  }
  return std::nullopt;
}

}  // namespace viasync::snapshot
