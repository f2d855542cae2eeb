#include "engine/model/phone_numbers.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace viasync::model {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t kTailDigits = 6;  // every form of a number ends in the same
constexpr std::size_t kTextBytesMax = 40;
constexpr const char* kNoRegion = "ZZ";  // of libphonenumber: only `+` numbers can be parsed

PhoneNumberUtil& Util() { return *PhoneNumberUtil::GetInstance(); }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The digit of a key on a telephone; letters share them.
std::optional<std::uint32_t> KeypadDigit(char c) {
  if (IsDigit(c)) return static_cast<std::uint32_t>(c - '0');
  constexpr std::string_view kKeys = "22233344455566677778889999";
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c < 'A' || c > 'Z') return std::nullopt;
  return static_cast<std::uint32_t>(kKeys[static_cast<std::size_t>(c - 'A')] - '0');
}

std::string Digits(std::string_view text) {
  std::string digits(text);
  std::erase_if(digits, [](char c) { return !IsDigit(c); });
  return digits;
}

bool Parse(std::string_view text, const std::string& region, PhoneNumber& number) {
  if (text.empty() || text.size() > kTextBytesMax) return false;
  bool parsed =
      Util().Parse(std::string(text), region, &number) == PhoneNumberUtil::NO_PARSING_ERROR;
  return parsed && Util().IsPossibleNumber(number);
}

}  // namespace

bool IsPhoneRegion(const std::string& region) {
  std::set<std::string> regions;
  Util().GetSupportedRegions(&regions);
  return regions.contains(region);
}

std::string InternationalNumber(std::string_view text, const std::string& region) {
  PhoneNumber number;
  std::string international;
  if (Parse(text, region, number)) Util().Format(number, PhoneNumberUtil::E164, &international);
  return international;
}

std::vector<std::string> NumberForms(const std::string& text, const std::string& region) {
  std::vector<std::string> forms = {text};
  auto add = [&](std::string form) {
    if (std::ranges::find(forms, form) == forms.end()) forms.push_back(std::move(form));
  };
  PhoneNumber number;
  if (!Parse(text, region.empty() ? kNoRegion : region, number)) {
    // Without a region, digits alone may stand for a number with its country.
    if (region.empty() && text.size() > kTailDigits && Digits(text) == text) add("+" + text);
    return forms;
  }
  std::string formatted;
  auto format = [&](PhoneNumberUtil::PhoneNumberFormat how) {
    Util().Format(number, how, &formatted);
    return formatted;
  };
  const std::string digits = Digits(format(PhoneNumberUtil::E164));
  add(formatted);
  add(digits);
  for (const char* prefix : {"00", "011"}) add(prefix + digits);  // dialled from abroad
  add(format(PhoneNumberUtil::INTERNATIONAL));
  if (Util().GetCountryCodeForRegion(region) != number.country_code()) {
    return forms;  // nobody there dials it without its country
  }
  formatted.clear();  // the next one appends
  Util().GetNationalSignificantNumber(number, &formatted);
  add(formatted);
  add(Digits(format(PhoneNumberUtil::NATIONAL)));
  add(formatted);
  return forms;
}

void SameNumbers::Add(std::string_view text, std::size_t mark) {
  std::uint32_t tail = 0, scale = 1;
  std::size_t digits = 0;
  for (auto c = text.rbegin(); c != text.rend() && digits < kTailDigits; ++c) {
    const auto key = KeypadDigit(*c);
    if (!key) continue;
    tail += scale * *key;
    scale *= 10;
    ++digits;
  }
  if (digits == kTailDigits) numbers_.push_back({tail, mark, text});
}

std::vector<std::vector<std::size_t>> SameNumbers::Find() {
  std::vector<std::vector<std::size_t>> found;
  std::ranges::stable_sort(numbers_, {}, &Number::tail);
  for (std::size_t begin = 0, end = 0; begin < numbers_.size(); begin = end) {
    while (end < numbers_.size() && numbers_[end].tail == numbers_[begin].tail) ++end;
    std::map<std::string_view, std::vector<std::size_t>> by_text;
    for (std::size_t i = begin; i < end; ++i) by_text[numbers_[i].text].push_back(numbers_[i].mark);
    if (by_text.size() < 2) continue;
    struct Spellings {
      std::size_t count = 0;
      std::vector<std::size_t> marks;
    };
    std::map<std::string, Spellings> by_number;
    for (const auto& [text, marks] : by_text) {
      auto number = InternationalNumber(text, region_);
      if (number.empty()) continue;
      auto& same = by_number[std::move(number)];
      ++same.count;
      same.marks.insert(same.marks.end(), marks.begin(), marks.end());
    }
    for (auto& [number, same] : by_number) {
      if (same.count < 2) continue;
      std::ranges::sort(same.marks);
      found.push_back(std::move(same.marks));
    }
  }
  return found;
}

}  // namespace viasync::model
