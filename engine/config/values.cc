#include "engine/config/values.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/config/problems.h"

namespace viasync::config {
namespace {

using model::ContactType;

constexpr std::size_t kNameBytesMax = 255;
constexpr std::size_t kMailBytesMax = 254;  // RFC 5321
constexpr std::size_t kDigitsMin = 3;
constexpr std::size_t kDigitsMax = 20;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsVisible(std::string_view text) {
  // Most texts are short and ASCII; Printable() is for the rest.
  auto plain = [](char c) { return c >= 0x20 && c < 0x7F; };
  return std::ranges::all_of(text, plain) || base::Printable(text) == text;
}

std::string Digits(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), IsDigit);
  return (text.starts_with('+') ? "+" : "") + digits;
}

std::optional<ValueProblem> CheckNumber(ContactType type, std::string_view address) {
  std::string_view digits = address.substr(address.starts_with('+') ? 1 : 0);
  bool only_digits = std::ranges::all_of(digits, IsDigit);
  if (only_digits && digits.size() >= kDigitsMin && digits.size() <= kDigitsMax) return {};
  std::string message = Quoted(address) + " is no address of type `" +
                        std::string(model::ContactTypeName(type)) + "`";
  auto formatting = [](char c) {
    return IsDigit(c) || std::string_view(" -().+/").find(c) != std::string_view::npos;
  };
  if (!only_digits && std::ranges::all_of(digits, formatting)) {
    return ValueProblem{message, "write only the digits: \"" + Digits(address) + "\""};
  }
  if (address.find('@') != std::string_view::npos) {
    return ValueProblem{message, "a mail address has `type: email`"};
  }
  return ValueProblem{message, "write 3 to 20 digits in quotes, with an optional `+` in front"};
}

std::optional<ValueProblem> CheckMail(std::string_view address) {
  auto at = address.find('@');
  bool one_at = at != std::string_view::npos && at > 0 && at == address.rfind('@');
  std::string_view domain = one_at ? address.substr(at + 1) : std::string_view();
  auto dot = domain.rfind('.');
  bool good_domain = dot != std::string_view::npos && dot > 0 && dot + 1 < domain.size() &&
                     domain.find("..") == std::string_view::npos;
  bool clean = address.find_first_of(" ,;<>\"") == std::string_view::npos;
  if (one_at && good_domain && clean && address.size() <= kMailBytesMax) return {};
  return ValueProblem{Quoted(address) + " is no mail address",
                      "write it as name@domain.example; a phone number has `type: voice` or "
                      "`type: sms`"};
}

}  // namespace

std::optional<ValueProblem> CheckName(std::string_view what, std::string_view name) {
  if (name.empty()) {
    return ValueProblem{Quoted(what) + " is empty", "give it a name, or remove the entry"};
  }
  if (name.size() > kNameBytesMax) {
    return ValueProblem{Quoted(what) + " is longer than 255 bytes", "shorten it"};
  }
  if (!IsVisible(name)) {
    return ValueProblem{Quoted(what) + " holds characters that cannot be seen: " + Quoted(name),
                        "type it anew, without pasting"};
  }
  return {};
}

std::optional<ValueProblem> CheckAddress(ContactType type, std::string_view address) {
  if (address.empty()) {
    return ValueProblem{"`address` is empty", "write the address, or remove the entry"};
  }
  if (!IsVisible(address)) {
    return ValueProblem{"`address` holds characters that cannot be seen: " + Quoted(address),
                        "type it anew, without pasting"};
  }
  if (type == ContactType::kVoice || type == ContactType::kSms) return CheckNumber(type, address);
  if (type == ContactType::kEmail) return CheckMail(address);
  if (address.size() > kNameBytesMax) {
    return ValueProblem{"`address` is longer than 255 bytes", "check the quotes"};
  }
  return {};
}

std::optional<ValueProblem> CheckPeriod(const model::Exclusion& exclusion) {
  if (!exclusion.start || !exclusion.end || *exclusion.start < *exclusion.end) return {};
  return ValueProblem{"`end` " + base::FormatTimeShort(*exclusion.end) +
                          " does not lie behind `start` " + base::FormatTimeShort(*exclusion.start),
                      "correct one of them; leave `end` out for no end"};
}

std::optional<ValueProblem> CheckListName(std::string_view list) {
  if (list.empty()) return {};
  if (list == "*") {
    return ValueProblem{"`list` names one list, not a pattern", "leave it out for all lists"};
  }
  return CheckName("list", list);
}

ValueProblem NoContactType(std::string_view text) {
  std::vector<std::string_view> names;
  for (int number = 0; auto type = model::ContactTypeFromNumber(number); ++number) {
    names.push_back(model::ContactTypeName(*type));
  }
  return {
      Quoted(text) + " is no type of address" + DidYouMean(text, std::span(std::as_const(names))),
      "use " + OneOf(names)};
}

ValueProblem NoMoment(std::string_view field, std::string_view text) {
  return {Quoted(field) + " is no moment in time: " + Quoted(text),
          "write it with its time zone, like 2026-02-03T09:30:00Z or 2026-02-03T09:30:00+01:00"};
}

}  // namespace viasync::config
