#include "engine/config/key_order.h"

#include <algorithm>
#include <string_view>

namespace viasync::config {
namespace {

constexpr std::string_view kAllLists = "*";

// `address@list`, byte by byte, without putting it together.
class Tail {
 public:
  explicit Tail(const model::Exclusion& exclusion)
      : address_(exclusion.address),
        list_(exclusion.list.empty() ? kAllLists : std::string_view(exclusion.list.str())) {}

  std::size_t size() const { return address_.size() + 1 + list_.size(); }
  unsigned char operator[](std::size_t i) const {
    if (i < address_.size()) return static_cast<unsigned char>(address_[i]);
    if (i == address_.size()) return '@';
    return static_cast<unsigned char>(list_[i - address_.size() - 1]);
  }

 private:
  std::string_view address_;
  std::string_view list_;
};

}  // namespace

std::strong_ordering CompareKeys(const model::Filter& a, const model::Filter& b) {
  return a.name <=> b.name;
}

std::strong_ordering CompareKeys(const model::List& a, const model::List& b) {
  return a.name <=> b.name;
}

std::strong_ordering CompareKeys(const model::Exclusion& a, const model::Exclusion& b) {
  // No name of a type is the start of another's, so `:` has no part in the order.
  if (a.type != b.type) return ContactTypeName(a.type) <=> ContactTypeName(b.type);
  std::size_t shorter = std::min(a.address.size(), b.address.size());
  int addresses = std::string_view(a.address)
                      .substr(0, shorter)
                      .compare(std::string_view(b.address).substr(0, shorter));
  if (addresses != 0) return addresses <=> 0;
  Tail x(a), y(b);
  std::size_t end = std::min(x.size(), y.size());
  for (std::size_t i = shorter; i < end; ++i) {
    if (x[i] != y[i]) return x[i] <=> y[i];
  }
  return x.size() <=> y.size();
}

}  // namespace viasync::config
