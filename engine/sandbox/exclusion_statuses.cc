// /via/v2/organizations/{orgId}/campaign/exclusionStatuses: may this contact be made now? Answered
// from the exclusions in force at this moment and from the attempts reported so far.
#include <fmt/format.h>

#include "engine/base/strings.h"
#include "engine/sandbox/handlers.h"

namespace viasync::sandbox {
namespace {

constexpr Spec kQuery[] = {{"phoneNumber", Type::kString}, {"accountNumber", Type::kString},
                           {"email", Type::kString},       {"sms", Type::kString},
                           {"ssn", Type::kString},         {"customer", Type::kString},
                           {"contactList", Type::kString}, {"numberType", Type::kInteger},
                           {"geocode", Type::kString},     {"purpose", Type::kString}};
constexpr std::string_view kAllLists = "ALL";
constexpr std::int64_t kLastNumberType = 4;

enum Result : std::int64_t { kDoNotContact = 0, kDoContact = 1 };
enum Excluded : std::int64_t { kByCustomer = 5, kByPhoneDialed = 6 };

// The addresses of a question in the order of their contact types, 0 to 4.
constexpr const char* kAddresses[] = {"accountNumber", "phoneNumber", "email", "sms", "ssn"};

struct Verdict {
  Result result = kDoContact;
  std::int64_t type = 0;
  std::optional<base::UtcTime> since{};
  std::int64_t expires_s = 0;  // when the attempt tracker lets go
};

// In force from its start up to, but not at, its end.
bool InForce(const Exclusion& exclusion, base::UtcTime now) {
  return exclusion.start <= now && (!exclusion.end || now < *exclusion.end);
}

const Exclusion* Excluding(const Org& org, std::int64_t type, const std::string& address,
                           const std::string& list, base::UtcTime now) {
  const Exclusion* found = nullptr;
  for (const Exclusion* entry : org.exclusions.FindByKey(address)) {
    bool applies = entry->contact_type == type && InForce(*entry, now) &&
                   (entry->list_name.empty() || entry->list_name == list);
    if (applies && (!found || entry->start < found->start)) found = entry;
  }
  return found;
}

// Whether the attempts within the window use up what the org allows.
std::optional<Verdict> Tracked(const Org& org, const Call& call) {
  auto phone = Param(call, "phoneNumber").value_or("");
  auto customer = Param(call, "customer").value_or("");
  bool message =
      !Param(call, "email").value_or("").empty() || !Param(call, "sms").value_or("").empty();
  if (org.attempts_max == 0 || message) return std::nullopt;
  auto window = std::chrono::seconds(org.attempts_window_s);
  auto check = [&](Excluded type, auto same) -> std::optional<Verdict> {
    std::int64_t count = 0;
    std::optional<base::UtcTime> first;
    for (const CallAttempt* attempt : org.attempts.order()) {
      bool counts =
          same(*attempt) && attempt->time <= call.now && call.now - attempt->time < window;
      if (!counts) continue;
      ++count;
      if (!first || attempt->time < *first) first = attempt->time;
    }
    if (count < org.attempts_max) return std::nullopt;
    auto left = std::chrono::ceil<std::chrono::seconds>(*first + window - call.now);
    return Verdict{kDoNotContact, type, first, left.count()};
  };
  if (!phone.empty()) {
    auto verdict = check(kByPhoneDialed, [&](const CallAttempt& a) { return a.phone == phone; });
    if (verdict) return verdict;
  }
  if (customer.empty()) return std::nullopt;
  return check(kByCustomer, [&](const CallAttempt& a) { return a.customer == customer; });
}

Verdict Decide(const Org& org, const Call& call, const std::string& list) {
  for (std::int64_t type = 0; type < std::ssize(kAddresses); ++type) {
    auto address = Param(call, kAddresses[type]);
    if (!address || address->empty()) continue;
    if (const Exclusion* found = Excluding(org, type, *address, list, call.now)) {
      return {kDoNotContact, type, found->start, 0};
    }
  }
  return Tracked(org, call).value_or(Verdict{});
}

void Write(std::string& out, const Call& call, const Verdict& verdict) {
  auto text = [&](const char* name) { return Param(call, name).value_or(""); };
  ObjectWriter writer(out);
  writer("kind", "via#exclusionStatus");
  writer("account", text("accountNumber"));
  writer("phone", text("phoneNumber"));
  writer("email", text("email"));
  writer("sms", text("sms"));
  writer("ssn", text("ssn"));
  writer("contactListName", text("contactList"));
  writer("result", std::int64_t{verdict.result});
  writer("exclusionType", verdict.type);
  writer("customer", text("customer"));
  writer("expirationTimeForAttemptTracker", verdict.expires_s);
  writer("nextValidRecallTime", 0);
  writer("playMessageType", 0);
  if (verdict.since) writer("exclusionStartTime", *verdict.since);
  // Only calls are tracked; the key is what the report of the attempt must carry.
  bool tracked = verdict.result == kDoContact && !text("phoneNumber").empty();
  auto nanos = std::chrono::nanoseconds(call.now.time_since_epoch()).count();
  writer("key", tracked ? fmt::format("6#13#{}", nanos) : std::string());
  writer.Close();
}

Problems CheckQuestion(const Org& org, const Call& call) {
  Problems problems;
  CheckQuery(call, kQuery, /*paging=*/false, problems);
  bool any = std::ranges::any_of(
      kAddresses, [&](const char* name) { return !Param(call, name).value_or("").empty(); });
  if (!any) {
    problems.push_back({"phoneNumber", "missingParameter",
                        "One of phoneNumber, accountNumber, email, sms and ssn is required"});
  }
  auto list = Param(call, "contactList").value_or("");
  if (list.empty()) {
    problems.push_back({"contactList", "missingParameter", "Is required; ALL stands for all"});
  } else if (list != kAllLists && !org.lists.FindOne(list)) {
    problems.push_back({"contactList", "unknownList",
                        fmt::format("There is no list '{}'", base::Printable(list))});
  }
  auto number = IntegerParam(call, "numberType");
  if (number && (*number < 1 || *number > kLastNumberType)) {
    problems.push_back({"numberType", "invalidParameter", "Must be 1 to 4"});
  }
  return problems;
}

}  // namespace

Answer HandleExclusionStatuses(Org& org, const Call& call) {
  if (call.id) return NotFound("path below", "exclusionStatuses");
  if (call.method != "GET") return MethodNotAllowed("GET");
  if (auto problems = CheckQuestion(org, call); !problems.empty()) {
    return ErrorAnswer(400, problems);
  }
  auto list = Param(call, "contactList").value_or("");
  const Verdict verdict = Decide(org, call, list == kAllLists ? "" : list);
  Answer answer;
  ObjectWriter writer(answer.body);
  writer("kind", "via#exclusionStatusCollection");
  AppendArray(writer.Raw("accountControlQueryItems"), std::span(&verdict, 1),
              [&](std::string& out, const Verdict& only) { Write(out, call, only); });
  writer("totalItems", 1);
  writer("lastIndexReturned", 1);
  writer.Close();
  return answer;
}

}  // namespace viasync::sandbox
