#include "engine/config/values.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/config/problems.h"
#include "engine/config/unseen.h"

namespace viasync::config {
namespace {

using model::ContactType;

constexpr std::size_t kNameBytesMax = 255;
constexpr std::size_t kMailBytesMax = 254;  // RFC 5321
constexpr std::size_t kDigitsMin = 3;
constexpr std::size_t kDigitsMax = 20;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string Digits(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), IsDigit);
  return (text.starts_with('+') ? "+" : "") + digits;
}

bool HasBlankEnds(std::string_view text) {
  auto blank = [](char c) { return c == ' ' || c == '\t'; };
  return !text.empty() && (blank(text.front()) || blank(text.back()));
}

std::size_t CountDigits(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, IsDigit) - text.begin());
}

// `3-26` as a spreadsheet shows it once it has taken it for a date: `26-Mar`, `Mar-26`.
bool IsMonth(std::string_view text) {
  constexpr std::string_view kMonths = " Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
  auto dash = text.find('-');
  if (dash == std::string_view::npos) return false;
  auto month = text.substr(0, dash), number = text.substr(dash + 1);
  if (!month.empty() && IsDigit(month.front())) std::swap(month, number);
  return month.size() == 3 && kMonths.find(month) != std::string_view::npos && !number.empty() &&
         number.size() <= 2 && CountDigits(number) == number.size();
}

ValueProblem Spoilt(std::string_view address) {
  return {"`address` is a value that a spreadsheet has spoilt: " + Quoted(address),
          "its digits are lost: take them from the source, with the column formatted as text; an "
          "address that really is written so goes into quotes"};
}

std::optional<ValueProblem> CheckNumber(ContactType type, std::string_view address) {
  std::string_view digits = address.substr(address.starts_with('+') ? 1 : 0);
  bool only_digits = std::ranges::all_of(digits, IsDigit);
  if (only_digits && digits.size() >= kDigitsMin && digits.size() <= kDigitsMax) return {};
  std::string message = Quoted(address) + " is not a valid address of type `" +
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
  return ValueProblem{Quoted(address) + " is not a valid mail address",
                      "write it as name@domain.example; a phone number has `type: voice` or "
                      "`type: sms`"};
}

ValueProblem Unseen(std::string_view what, std::string_view text) {
  return {Quoted(what) +
              " holds characters that cannot be seen, or blanks that are not plain ones: " +
              Quoted(Visible(text)),
          "retype it instead of pasting it"};
}

// The same characters, written as escapes, are meant.
std::optional<ValueProblem> CheckSeen(std::string_view what, std::string_view text,
                                      TextMarks marks) {
  if (!marks.hidden || !HoldsUnseen(text)) return {};
  auto problem = Unseen(what, text);
  problem.hint +=
      "; where the org holds it so, write it in YAML in double quotes with escapes, as in "
      "\"\\u200d\"";
  return problem;
}

ValueProblem NoContactType(std::string_view text) {
  std::vector<std::string_view> names;
  for (int number = 0; auto type = model::ContactTypeFromNumber(number); ++number) {
    names.push_back(model::ContactTypeName(*type));
  }
  return {Quoted(text) + " is not a type of address" +
              DidYouMean(text, std::span(std::as_const(names))),
          "use " + OneOf(names)};
}

ValueProblem NoMoment(std::string_view field, std::string_view text) {
  return {Quoted(field) + " is not a valid time: " + Quoted(text),
          "write it with its time zone, like 2026-02-03T09:30:00Z or 2026-02-03T09:30:00+01:00"};
}

}  // namespace

std::optional<ValueProblem> CheckName(std::string_view what, std::string_view name,
                                      TextMarks marks) {
  if (name.find_first_not_of(' ') == std::string_view::npos) {
    return ValueProblem{Quoted(what) + " is empty", "give it a name, or remove the entry"};
  }
  return CheckSeen(what, name, marks);
}

std::optional<ValueProblem> CheckAddress(std::string_view address, TextMarks marks) {
  if (address.find_first_not_of(' ') == std::string_view::npos) {
    return ValueProblem{"`address` is empty", "write the address, or remove the entry"};
  }
  if (auto problem = CheckSeen("address", address, marks)) return problem;
  if (!marks.quoted && IsSpoilt(address)) return Spoilt(address);
  return {};
}

std::optional<ValueProblem> CheckListName(std::string_view list, TextMarks marks) {
  if (list.empty()) return {};
  if (list == "*") {
    return ValueProblem{"`list` names one list, not a pattern", "leave it out for all lists"};
  }
  return CheckName("list", list, marks);
}

std::optional<ValueProblem> CheckNewName(std::string_view what, std::string_view name) {
  if (name.size() > kNameBytesMax) {
    return ValueProblem{Quoted(what) + " is longer than 255 bytes", "shorten it"};
  }
  if (HoldsUnseen(name)) return Unseen(what, name);
  if (HasBlankEnds(name)) {
    return ValueProblem{Quoted(what) + " begins or ends with a blank: " + Quoted(name),
                        "remove the blank"};
  }
  return {};
}

std::optional<ValueProblem> CheckNewAddress(ContactType type, std::string_view address) {
  if (HoldsUnseen(address)) return Unseen("address", address);
  if (IsSpoilt(address)) return Spoilt(address);
  if (HasBlankEnds(address)) {
    return ValueProblem{"`address` begins or ends with a blank: " + Quoted(address),
                        "remove the blank"};
  }
  if (type == ContactType::kVoice || type == ContactType::kSms) return CheckNumber(type, address);
  if (type == ContactType::kEmail) return CheckMail(address);
  if (address.size() > kNameBytesMax) {
    return ValueProblem{"`address` is longer than 255 bytes", "check the quotes"};
  }
  return {};
}

bool IsSpoilt(std::string_view address) {
  static constexpr std::array<std::string_view, 7> kErrors = {
      "#N/A", "#NAME?", "#REF!", "#VALUE!", "#NUM!", "#DIV/0!", "#NULL!"};
  address = base::Trim(address);
  if (std::ranges::find(kErrors, address) != kErrors.end() || IsMonth(address)) return true;
  if (address.size() > 2 && address.find_first_not_of('#') == std::string_view::npos) return true;
  if (address.starts_with('+') || address.starts_with('-')) address.remove_prefix(1);
  const std::size_t whole = CountDigits(address);
  address.remove_prefix(whole);
  bool point = address.starts_with('.') || address.starts_with(',');
  if (address.empty() || (whole == 0 && !point)) return false;
  std::size_t places = 0;
  if (point) {
    address.remove_prefix(1);
    places = CountDigits(address);
    bool zeros = address.find_first_not_of('0') == std::string_view::npos;
    constexpr std::size_t kLongNumber = 5;
    if (address.size() == places) return places > 0 && zeros && whole >= kLongNumber;
    address.remove_prefix(places);
  }
  if (whole + places == 0) return false;
  address = base::Trim(address);
  if (!address.starts_with('E') && !address.starts_with('e')) return false;
  address.remove_prefix(1);
  bool sign = address.starts_with('+') || address.starts_with('-');
  if (sign) address.remove_prefix(1);
  bool exponent = !address.empty() && CountDigits(address) == address.size();
  // `1E5` may be somebody's account; `1.2E5` and `1E+05` are numbers.
  return exponent && (sign || point);
}

std::optional<ValueProblem> CheckPeriod(const model::Exclusion& exclusion) {
  if (!exclusion.start || !exclusion.end || *exclusion.start < *exclusion.end) return {};
  return ValueProblem{"`end` " + base::FormatTimeShort(*exclusion.end) + " is not after `start` " +
                          base::FormatTimeShort(*exclusion.start),
                      "correct one of them; leave `end` out for no end"};
}

ValueProblem Misread(model::Shape shape, std::string_view field, std::string_view text) {
  switch (shape) {
    case model::Shape::kTime:
      return NoMoment(field, text);
    case model::Shape::kWord:
      return NoContactType(text);
    case model::Shape::kName:
    case model::Shape::kText:
    case model::Shape::kCriteria:
      break;
  }
  return {Quoted(text) + " is not a valid value for " + Quoted(field), "correct it"};
}

}  // namespace viasync::config
