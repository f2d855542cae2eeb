// A cached detail as bytes, closed by a checksum.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/store/detail_cache.h"

namespace viasync::store {

// So many entries that the org has no more may stay in a cache.
inline constexpr std::size_t kSpareEntries = 10'000;

std::string EncodeDetail(const RemoteExclusion& exclusion);
// nullopt: not as it was written.
std::optional<RemoteExclusion> DecodeDetail(const std::string& id, std::string_view record);

}  // namespace viasync::store
