#include "engine/base/times.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace viasync::base {
namespace {

// Takes the digits of a fixed width off the front of `text`.
std::optional<int> TakeDigits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (char c : text.substr(0, width)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool TakeChar(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

// `.525123` -> 525; absent -> 0; a dot without digits -> nullopt.
std::optional<int> TakeFraction(std::string_view& text) {
  if (!TakeChar(text, '.')) return 0;
  int millis = 0;
  int digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits < 3) millis = millis * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 3; ++digits) millis *= 10;
  return millis;
}

// Minutes east of UTC.
std::optional<int> TakeZone(std::string_view& text) {
  if (TakeChar(text, 'Z') || TakeChar(text, 'z')) return 0;
  int sign = 0;
  if (TakeChar(text, '+'))
    sign = 1;
  else if (TakeChar(text, '-'))
    sign = -1;
  else
    return std::nullopt;
  auto hours = TakeDigits(text, 2);
  if (!hours || *hours > 14) return std::nullopt;
  TakeChar(text, ':');
  auto minutes = TakeDigits(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return sign * (*hours * 60 + *minutes);
}

}  // namespace

std::optional<UtcTime> ParseTime(std::string_view text) {
  using namespace std::chrono;
  auto y = TakeDigits(text, 4);
  if (!y || !TakeChar(text, '-')) return std::nullopt;
  auto mo = TakeDigits(text, 2);
  if (!mo || !TakeChar(text, '-')) return std::nullopt;
  auto d = TakeDigits(text, 2);
  if (!d) return std::nullopt;
  if (!TakeChar(text, 'T') && !TakeChar(text, 't') && !TakeChar(text, ' ')) return std::nullopt;
  auto h = TakeDigits(text, 2);
  if (!h || *h > 23 || !TakeChar(text, ':')) return std::nullopt;
  auto mi = TakeDigits(text, 2);
  if (!mi || *mi > 59) return std::nullopt;
  std::optional<int> s = 0;
  std::optional<int> millis = 0;
  if (TakeChar(text, ':')) {
    s = TakeDigits(text, 2);
    if (!s || *s > 59) return std::nullopt;
    millis = TakeFraction(text);
    if (!millis) return std::nullopt;
  }
  auto zone = TakeZone(text);
  if (!zone || !text.empty()) return std::nullopt;
  year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  UtcTime time{sys_days{date}.time_since_epoch() + hours{*h} + minutes{*mi} + seconds{*s} +
               milliseconds{*millis} - minutes{*zone}};
  // The zone may carry it out of the years that four digits can write.
  year_month_day in_utc{floor<days>(time)};
  if (in_utc.year() < year{0} || in_utc.year() > year{9999}) return std::nullopt;
  return time;
}

std::string FormatTime(UtcTime time) {
  using namespace std::chrono;
  auto days_part = floor<days>(time);
  year_month_day date{days_part};
  hh_mm_ss<milliseconds> clock{time - days_part};
  // By hand: very many of them are written, and a format string is read anew for each.
  std::string text = "0000-00-00T00:00:00.000Z";
  auto put = [&text](std::size_t at, std::size_t width, long number) {
    for (std::size_t i = width; i-- > 0; number /= 10) {
      text[at + i] = static_cast<char>('0' + number % 10);
    }
  };
  put(0, 4, std::clamp(static_cast<int>(date.year()), 0, 9999));
  put(5, 2, static_cast<long>(static_cast<unsigned>(date.month())));
  put(8, 2, static_cast<long>(static_cast<unsigned>(date.day())));
  put(11, 2, clock.hours().count());
  put(14, 2, clock.minutes().count());
  put(17, 2, clock.seconds().count());
  put(20, 3, clock.subseconds().count());
  return text;
}

std::string FormatTimeShort(UtcTime time) {
  std::string text = FormatTime(time);
  if (text.ends_with(".000Z")) text.replace(text.size() - 5, 5, "Z");
  return text;
}

std::string FormatDuration(Millis duration) {
  auto ms = duration.count();
  if (ms < 10'000) return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000.0);
  auto s = ms / 1000;
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  if (s < 48 * 3600) return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
  return fmt::format("{} days", s / 86400);
}

}  // namespace viasync::base
