#include "engine/http/rate_headers.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "engine/base/strings.h"

namespace viasync::http {
namespace {

// A larger number of seconds is a moment, not a duration.
constexpr std::int64_t kMomentFrom = 1'000'000'000;

std::optional<std::int64_t> WholeNumber(std::string_view text) {
  text = base::Trim(text);
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<std::int64_t> NumberIn(const Response& response, std::string_view first,
                                     std::string_view second) {
  auto value = WholeNumber(HeaderOf(response, first));
  return value ? value : WholeNumber(HeaderOf(response, second));
}

// `"default";r=0;t=30` -> the number after `name=`.
std::optional<std::int64_t> Parameter(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find_first_of(";,"), header.size());
    const std::string_view part = base::Trim(header.substr(0, end));
    if (part.starts_with(name)) return WholeNumber(part.substr(name.size()));
    header.remove_prefix(std::min(end + 1, header.size()));
  }
  return std::nullopt;
}

}  // namespace

bool TellsOfRate(const Response& response) {
  return std::ranges::any_of(response.headers, [](const auto& header) {
    return header.first.starts_with("ratelimit") || header.first.starts_with("x-ratelimit");
  });
}

std::optional<base::Millis> UsedUpFor(const Response& response, base::UtcTime now) {
  auto remaining = NumberIn(response, "ratelimit-remaining", "x-ratelimit-remaining");
  auto reset = NumberIn(response, "ratelimit-reset", "x-ratelimit-reset");
  const std::string_view both = HeaderOf(response, "ratelimit");
  if (!remaining) remaining = Parameter(both, "r=");
  if (!reset) reset = Parameter(both, "t=");
  if (!remaining || *remaining != 0 || !reset) return std::nullopt;
  std::int64_t seconds = *reset;
  if (seconds >= kMomentFrom) {
    seconds -= std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  }
  constexpr std::int64_t kLongest = 365L * 24 * 3600;
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kLongest));
}

}  // namespace viasync::http
