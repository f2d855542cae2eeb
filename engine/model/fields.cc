#include "engine/model/fields.h"

#include <array>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/model/criteria.h"

namespace viasync::model {
namespace {

// How a member of each type reads, compares and is set.
std::string TextOf(const std::string& value) { return value; }
std::string TextOf(base::Interned value) { return value.str(); }
std::string TextOf(ContactType value) { return std::string(ContactTypeName(value)); }
std::string TextOf(const std::optional<base::UtcTime>& value) {
  return value ? base::FormatTimeShort(*value) : std::string();
}

bool SameText(std::string_view a, std::string_view b) {
  return a == b || base::Trim(a) == base::Trim(b);
}
bool Same(const std::string& a, const std::string& b) { return SameText(a, b); }
bool Same(base::Interned a, base::Interned b) { return a == b || SameText(a.str(), b.str()); }
bool Same(ContactType a, ContactType b) { return a == b; }
// An org may keep whole seconds only: against such a time a fraction counts as nothing.
bool Same(const std::optional<base::UtcTime>& a, const std::optional<base::UtcTime>& b) {
  if (a == b) return true;
  if (!a || !b) return false;
  static constexpr std::chrono::seconds kSecond{1};
  auto whole = [](base::UtcTime time) {
    return time.time_since_epoch() % kSecond == base::Millis(0);
  };
  return std::chrono::abs(*a - *b) < kSecond && (whole(*a) || whole(*b));
}

bool Set(std::string& to, std::string_view text) {
  to = text;
  return true;
}
bool Set(base::Interned& to, std::string_view text) {
  to = base::Interned(text);
  return true;
}
bool Set(ContactType& to, std::string_view text) {
  auto type = ParseContactType(text);
  if (type) to = *type;
  return type.has_value();
}
bool Set(std::optional<base::UtcTime>& to, std::string_view text) {
  to.reset();
  if (text.empty()) return true;
  to = base::ParseTime(text);
  return to.has_value();
}

template <class R, auto Member>
constexpr Field<R> Make(std::string_view name, Shape shape = Shape::kText, bool key = false,
                        bool org_fills_in = false, bool kept_when_left_out = false) {
  return {name,
          shape,
          key,
          org_fills_in,
          kept_when_left_out,
          [](const R& r) { return TextOf(r.*Member); },
          [](const R& a, const R& b) { return Same(a.*Member, b.*Member); },
          [](R& to, const R& from) { to.*Member = from.*Member; },
          [](R& to, std::string_view text) { return Set(to.*Member, text); }};
}

constexpr bool kKey = true;
constexpr bool kOrgFillsIn = true;
constexpr bool kKept = true;

template <class R, auto Member>
constexpr Field<R> Name(std::string_view name, bool key = false, bool kept_when_left_out = false) {
  auto field = Make<R, Member>(name, Shape::kName, key, !kOrgFillsIn, kept_when_left_out);
  field.same = [](const R& a, const R& b) { return a.*Member == b.*Member; };
  return field;
}

constexpr Field<Filter> Criteria() {
  auto field = Make<Filter, &Filter::criteria>("criteria", Shape::kCriteria);
  field.same = [](const Filter& a, const Filter& b) {
    return SameCriteria(a.criteria, b.criteria);
  };
  return field;
}

constexpr std::array kFilterFields = {
    Name<Filter, &Filter::name>("name", kKey),
    Make<Filter, &Filter::description>("description", Shape::kText, !kKey, !kOrgFillsIn, kKept),
    Name<Filter, &Filter::schema>("schema", !kKey, kKept),
    Criteria(),
};

constexpr std::array kExclusionFields = {
    Make<Exclusion, &Exclusion::type>("type", Shape::kText, kKey),
    Name<Exclusion, &Exclusion::address>("address", kKey),
    Name<Exclusion, &Exclusion::list>("list", kKey),
    Make<Exclusion, &Exclusion::reason>("reason", Shape::kText, !kKey, !kOrgFillsIn, kKept),
    Make<Exclusion, &Exclusion::start>("start", Shape::kTime, !kKey, kOrgFillsIn),
    Make<Exclusion, &Exclusion::end>("end", Shape::kTime),
};

constexpr std::array kListFields = {
    Name<List, &List::name>("name", kKey),
    Name<List, &List::filter>("filter", !kKey, kKept),
};

constexpr std::array<std::string_view, 3> kFilterWritable = {"description", "schema", "criteria"};
constexpr std::array<std::string_view, 3> kExclusionWritable = {"reason", "start", "end"};
constexpr std::array<std::string_view, 1> kListWritable = {"filter"};

}  // namespace

template <>
std::span<const Field<Filter>> Fields<Filter>() {
  return kFilterFields;
}
template <>
std::span<const Field<Exclusion>> Fields<Exclusion>() {
  return kExclusionFields;
}
template <>
std::span<const Field<List>> Fields<List>() {
  return kListFields;
}

std::span<const std::string_view> WritableFieldNames(Kind kind) {
  switch (kind) {
    case Kind::kFilter:
      return kFilterWritable;
    case Kind::kExclusion:
      return kExclusionWritable;
    case Kind::kList:
      return kListWritable;
  }
  return {};
}

}  // namespace viasync::model
