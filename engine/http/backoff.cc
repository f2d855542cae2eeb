#include "engine/http/backoff.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "engine/base/strings.h"

namespace viasync::http {
namespace {

constexpr base::Millis kLongest = std::chrono::hours(24 * 365);

bool IsDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

base::Millis Backoff::Wait(int failures, base::Random& random) const {
  const int doublings = std::min(failures - 1, 30);
  const base::Millis ceiling = std::min(cap_, first_ * (std::int64_t{1} << doublings));
  if (ceiling.count() <= 0) return base::Millis(0);
  return base::Millis(random.Next() % (static_cast<std::uint64_t>(ceiling.count()) + 1));
}

std::optional<base::UtcTime> ParseHttpDate(std::string_view text) {
  // curl_getdate is lenient: it would take "12" or "now-ish" numbers, which no HTTP date is.
  if (text.find(':') == std::string_view::npos) return std::nullopt;
  const time_t seconds = curl_getdate(std::string(text).c_str(), nullptr);
  if (seconds == -1) return std::nullopt;
  return base::UtcTime(std::chrono::seconds(seconds));
}

std::optional<base::Millis> ParseRetryAfter(std::string_view header, base::UtcTime now) {
  header = base::Trim(header);
  if (IsDigits(header)) {
    std::int64_t seconds = 0;
    auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), seconds);
    if (error != std::errc() || seconds > kLongest / std::chrono::seconds(1)) return kLongest;
    return std::chrono::seconds(seconds);
  }
  auto date = ParseHttpDate(header);
  if (!date) return std::nullopt;
  return std::clamp<base::Millis>(*date - now, base::Millis(0), kLongest);
}

}  // namespace viasync::http
