#include "engine/snapshot/order.h"

#include <string_view>

namespace viasync::snapshot {

std::strong_ordering CompareKeys(const model::Exclusion& a, const model::Exclusion& b) {
  // No name of a type begins another one, so their order is that of the keys.
  if (a.type != b.type) return model::ContactTypeName(a.type) <=> model::ContactTypeName(b.type);
  if (a.address == b.address) {
    auto list = [](const model::Exclusion& e) -> std::string_view {
      return e.list.empty() ? std::string_view("*") : std::string_view(e.list.str());
    };
    return list(a) <=> list(b);
  }
  // Where one address begins the other, what stands behind it in the key decides.
  if (a.address.starts_with(b.address) || b.address.starts_with(a.address)) {
    return KeyOf(a) <=> KeyOf(b);
  }
  return a.address <=> b.address;
}

bool Before(const model::Remote<model::Exclusion>& a, const model::Remote<model::Exclusion>& b) {
  const auto order = CompareKeys(a.value, b.value);
  if (order != 0) return order < 0;
  if (a.value.start != b.value.start) return a.value.start < b.value.start;
  return a.id < b.id;
}

}  // namespace viasync::snapshot
