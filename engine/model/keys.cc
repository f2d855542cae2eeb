#include "engine/model/keys.h"

#include <algorithm>
#include <chrono>

#include "engine/base/times.h"

namespace viasync::model {
namespace {

constexpr std::string_view kAllLists = "*";

std::string_view ListIn(const Exclusion& exclusion) {
  return exclusion.list.empty() ? kAllLists : std::string_view(exclusion.list.str());
}

// `address@list`, byte by byte, without putting it together.
class Tail {
 public:
  explicit Tail(const Exclusion& exclusion)
      : address_(exclusion.address), list_(ListIn(exclusion)) {}

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

std::string KeyOf(const Exclusion& exclusion) {
  std::string key(ContactTypeName(exclusion.type));
  key += ':';
  key += exclusion.address;
  key += '@';
  key += ListIn(exclusion);
  return key;
}

std::string KeyWithStart(const Exclusion& exclusion) {
  std::string key = KeyOf(exclusion);
  key += '#';
  // To the second, as times are compared (field_makers.h): an org may keep no fractions.
  if (exclusion.start) {
    key += base::FormatTimeShort(std::chrono::floor<std::chrono::seconds>(*exclusion.start));
  }
  return key;
}

std::strong_ordering CompareKeys(const Exclusion& a, const Exclusion& b) {
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

bool SameKey(const Exclusion& a, const Exclusion& b) {
  return a.type == b.type && a.list == b.list && a.address == b.address;
}

std::optional<std::string_view> WithoutStart(std::string_view key) {
  const auto mark = key.rfind('#');
  if (mark == std::string_view::npos) return std::nullopt;
  const auto time = key.substr(mark + 1);
  if (!time.empty() && !base::ParseTime(time)) return std::nullopt;
  return key.substr(0, mark);
}

ExclusionKey ParseExclusionKey(std::string_view key) {
  ExclusionKey parts;
  auto colon = key.find(':');
  if (colon == std::string_view::npos) return {.type = {}, .address = std::string(key)};
  parts.type = key.substr(0, colon);
  key.remove_prefix(colon + 1);
  if (auto plain = WithoutStart(key); plain && plain->size() + 1 < key.size()) {
    parts.start = key.substr(plain->size() + 1);
    key = *plain;
  }
  auto at = key.find('@');
  if (parts.type == "email" && at != std::string_view::npos) {
    if (auto second = key.find('@', at + 1); second != std::string_view::npos) at = second;
  }
  parts.address = key.substr(0, at);
  if (at != std::string_view::npos) parts.list = key.substr(at + 1);
  if (parts.list == kAllLists) parts.list.clear();
  return parts;
}

}  // namespace viasync::model
