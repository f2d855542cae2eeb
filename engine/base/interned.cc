#include "engine/base/interned.h"

#include <unordered_set>

namespace viasync::base {
namespace {

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

}  // namespace

const std::string* Interned::Pool(std::string_view text) {
  // Node-based, so that addresses stay; never destroyed, so that statics may hold interned strings.
  static auto& pool = *new std::unordered_set<std::string, Hash, std::equal_to<>>();
  static const std::string* empty = &*pool.emplace("").first;
  if (text.empty()) return empty;
  auto found = pool.find(text);
  if (found == pool.end()) found = pool.emplace(text).first;
  return &*found;
}

}  // namespace viasync::base
