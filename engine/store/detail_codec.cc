#include "engine/store/detail_codec.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "engine/model/fields.h"
#include "engine/store/codec.h"
#include "engine/store/sqlite_db.h"

namespace viasync::store {
namespace {

constexpr std::string_view kVersion = "version", kModified = "modified";

std::optional<std::int64_t> NumberOf(std::string_view text) {
  std::int64_t number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failed == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

}  // namespace

// Version and time lie among the values, so that the checksum covers them.
std::string EncodeDetail(const RemoteExclusion& exclusion) {
  Values values = model::ValuesOf(exclusion.value);
  values.emplace_back(kVersion, fmt::format("{}", exclusion.version));
  if (exclusion.modified_at) {
    values.emplace_back(kModified, fmt::format("{}", Ms(*exclusion.modified_at)));
  }
  return EncodeValues(exclusion.id, values);
}

std::optional<RemoteExclusion> DecodeDetail(const std::string& id, std::string_view record) {
  auto values = DecodeValues(id, record);
  if (!values) return std::nullopt;
  RemoteExclusion exclusion{.id = id};
  std::optional<std::int64_t> version, modified;
  std::erase_if(*values, [&](const auto& value) {
    if (value.first == kVersion) version = NumberOf(value.second);
    if (value.first == kModified) modified = NumberOf(value.second);
    return value.first == kVersion || value.first == kModified;
  });
  auto resource = model::FromValues<model::Exclusion>(*values);
  if (!resource || !version) return std::nullopt;
  exclusion.value = std::move(*resource);
  exclusion.version = *version;
  if (modified) exclusion.modified_at = FromMs(*modified);
  return exclusion;
}

}  // namespace viasync::store
