// /via/{v2,v3}/organizations/{orgId}/campaign/timeZones: nothing found is an empty object (v2) or
// an empty collection (v3) with 200.
#include "engine/sandbox/time_zones.h"

#include <algorithm>

#include "engine/sandbox/handlers.h"

namespace viasync::sandbox {
namespace {

constexpr TimeZone kZones[] = {
    {"2", "Pacific/Honolulu", "(UTC-10:00) Hawaii"},
    {"3", "America/Anchorage", "(UTC-09:00) Alaska"},
    {"33", "America/Los_Angeles", "(UTC-08:00) Pacific Time (US & Canada)"},
    {"9", "America/Phoenix", "(UTC-07:00) Arizona"},
    {"10", "America/Denver", "(UTC-07:00) Mountain Time (US & Canada)"},
    {"13", "America/Chicago", "(UTC-06:00) Central Time (US & Canada)"},
    {"18", "America/Detroit", "(UTC-05:00) Eastern Time (US & Canada)"},
    {"19", "America/New_York", "(UTC-05:00) Eastern Time (US & Canada)"},
    {"21", "America/Toronto", "(UTC-05:00) Eastern Time (Canada)"},
    {"25", "America/Halifax", "(UTC-04:00) Atlantic Time (Canada)"},
    {"40", "Europe/London", "(UTC+00:00) Dublin, Edinburgh, Lisbon, London"},
    {"44", "Europe/Berlin", "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"},
};

// US postal codes by their first three digits, in bands; the first that holds one wins.
struct Band {
  int first, last;
  std::string_view olson;
};
constexpr Band kPostalBands[] = {
    {967, 968, "Pacific/Honolulu"},    {995, 999, "America/Anchorage"},
    {850, 865, "America/Phoenix"},     {900, 961, "America/Los_Angeles"},
    {889, 898, "America/Los_Angeles"}, {970, 994, "America/Los_Angeles"},
    {800, 847, "America/Denver"},      {870, 884, "America/Denver"},
    {590, 599, "America/Denver"},      {480, 499, "America/Detroit"},
    {350, 397, "America/Chicago"},     {500, 588, "America/Chicago"},
    {600, 799, "America/Chicago"},     {5, 347, "America/New_York"},
    {398, 479, "America/New_York"},
};

struct Area {
  std::string_view code;
  std::string_view olson;
};
constexpr Area kAreas[] = {
    {"808", "Pacific/Honolulu"},    {"907", "America/Anchorage"},   {"213", "America/Los_Angeles"},
    {"206", "America/Los_Angeles"}, {"310", "America/Los_Angeles"}, {"415", "America/Los_Angeles"},
    {"503", "America/Los_Angeles"}, {"702", "America/Los_Angeles"}, {"480", "America/Phoenix"},
    {"602", "America/Phoenix"},     {"303", "America/Denver"},      {"505", "America/Denver"},
    {"801", "America/Denver"},      {"312", "America/Chicago"},     {"214", "America/Chicago"},
    {"504", "America/Chicago"},     {"612", "America/Chicago"},     {"713", "America/Chicago"},
    {"901", "America/Chicago"},     {"912", "America/New_York"},    {"313", "America/Detroit"},
    {"202", "America/New_York"},    {"212", "America/New_York"},    {"305", "America/New_York"},
    {"404", "America/New_York"},    {"617", "America/New_York"},    {"416", "America/Toronto"},
    {"902", "America/Halifax"},
};

// Countries that lie in one zone, as far as the sandbox is concerned.
constexpr Area kCountries[] = {{"GB", "Europe/London"},
                               {"IE", "Europe/London"},
                               {"DE", "Europe/Berlin"},
                               {"FR", "Europe/Berlin"},
                               {"CA", "America/Toronto"}};

constexpr Spec kQuery[] = {
    {"postalCode", Type::kString}, {"phoneNumber", Type::kString}, {"countryCode", Type::kString}};

const TimeZone* ByName(std::string_view olson) {
  auto found = std::ranges::find(kZones, olson, &TimeZone::olson);
  return found == std::end(kZones) ? nullptr : &*found;
}

const TimeZone* ByPostalCode(std::string_view code, std::string_view country) {
  if (!country.empty() && country != "US") {
    auto found = std::ranges::find(kCountries, country, &Area::code);
    return found == std::end(kCountries) ? nullptr : ByName(found->olson);
  }
  auto number = ReadInteger(code.substr(0, 3));
  if (code.size() < 5 || !number) return nullptr;
  auto holds = [&](const Band& band) { return band.first <= *number && *number <= band.last; };
  auto found = std::ranges::find_if(kPostalBands, holds);
  return found == std::end(kPostalBands) ? nullptr : ByName(found->olson);
}

const TimeZone* ByPhone(std::string_view number) {
  std::string digits;
  for (char c : number) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (digits.size() == 11 && digits.front() == '1') digits.erase(0, 1);
  if (digits.size() != 10) return nullptr;
  auto found = std::ranges::find(kAreas, std::string_view(digits).substr(0, 3), &Area::code);
  return found == std::end(kAreas) ? nullptr : ByName(found->olson);
}

// The parameters, and what is wrong with them.
struct Question {
  std::string postal_code, phone, country;
};

std::optional<Answer> Read(const Call& call, Question& question) {
  if (call.id) return NotFound("path below", "timeZones");
  if (call.method != "GET") return MethodNotAllowed("GET");
  Problems problems;
  CheckQuery(call, kQuery, /*paging=*/false, problems);
  question = {Param(call, "postalCode").value_or(""), Param(call, "phoneNumber").value_or(""),
              Param(call, "countryCode").value_or("")};
  if (!question.country.empty() && question.country.size() != 2) {
    problems.push_back({"countryCode", "invalidParameter", "Must have two characters"});
  }
  if (problems.empty()) return std::nullopt;
  return ErrorAnswer(400, problems);
}

void Write(std::string& out, const TimeZone& zone, const Question& question, const char* kind,
           const char* id_name) {
  ObjectWriter writer(out);
  writer("kind", kind);
  auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) writer(name, value);
  };
  text("postalCode", question.postal_code);
  text("phoneNumber", question.phone);
  writer("olsonName", zone.olson);
  writer("displayName", zone.display);
  writer(id_name, zone.id);
  text("countryCode", question.country);
  writer.Close();
}

}  // namespace

std::span<const TimeZone> TimeZones() { return kZones; }

bool IsTimeZone(std::string_view olson) { return ByName(olson) != nullptr; }

const TimeZone* FindTimeZone(std::string_view postal_code, std::string_view phone_number,
                             std::string_view country) {
  const TimeZone* zone = postal_code.empty() ? nullptr : ByPostalCode(postal_code, country);
  return zone || phone_number.empty() ? zone : ByPhone(phone_number);
}

Answer HandleTimeZonesV2(Org&, const Call& call) {
  Question question;
  if (auto refused = Read(call, question)) return *refused;
  Answer answer{.body = "{}", .headers = {}};
  const TimeZone* zone = FindTimeZone(question.postal_code, question.phone, question.country);
  if (!zone) return answer;
  answer.body.clear();
  Write(answer.body, *zone, question, "via#Timezone", "timezoneId");
  return answer;
}

Answer HandleTimeZonesV3(Org&, const Call& call) {
  Question question;
  if (auto refused = Read(call, question)) return *refused;
  std::span<const TimeZone> found;
  if (question.postal_code.empty() && question.phone.empty()) {
    found = TimeZones();
  } else if (const TimeZone* zone =
                 FindTimeZone(question.postal_code, question.phone, question.country)) {
    found = {zone, 1};
  }
  Answer answer;
  ObjectWriter writer(answer.body);
  writer("kind", "via#TimeZoneCollection");
  AppendArray(writer.Raw("timeZones"), found, [&](std::string& out, const TimeZone& zone) {
    Write(out, zone, question, "via#TimeZone", "timeZoneId");
  });
  writer("totalItems", static_cast<std::int64_t>(found.size()));
  writer.Close();
  return answer;
}

}  // namespace viasync::sandbox
