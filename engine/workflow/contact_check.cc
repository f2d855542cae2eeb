#include "engine/workflow/contact_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <set>
#include <span>

#include "engine/api/resources.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/config/csv.h"
#include "engine/config/values.h"
#include "engine/contract/codes.h"
#include "engine/model/phone_numbers.h"
#include "engine/workflow/contact_history.h"
#include "engine/workflow/side_by_side.h"
#include "engine/workflow/status.h"

namespace viasync::workflow {
namespace {

using model::ContactType;

constexpr std::uint64_t kFileBytesMax = std::uint64_t{1} << 30;

base::Error Invalid(std::string message, std::string hint) {
  return {
      .kind = base::ErrorKind::kInvalid, .message = std::move(message), .hint = std::move(hint)};
}

ContactType Guess(const std::string& address) {
  return address.find('@') == std::string::npos ? ContactType::kVoice : ContactType::kEmail;
}

api::ContactQuestion QuestionOf(const Contact& contact, api::ContactQuestion question) {
  question.list = contact.list;
  switch (contact.type) {
    case ContactType::kAccount:
      question.account = contact.address;
      break;
    case ContactType::kVoice:
      question.phone = contact.address;
      break;
    case ContactType::kEmail:
      question.email = contact.address;
      break;
    case ContactType::kSms:
      question.sms = contact.address;
      break;
    case ContactType::kSecondary:
      question.secondary = contact.address;
      break;
  }
  return question;
}

std::string In(std::int64_t seconds) {
  return base::FormatDuration(std::chrono::seconds(std::max<std::int64_t>(seconds, 0)));
}

// Why not, by the rule that forbids it.
std::string ReasonOf(const api::ContactVerdict& verdict) {
  constexpr std::int64_t kSecondary = 4, kFirstTracked = 5, kLastTracked = 7;
  static const contract::Codes kRules("ExclusionType");
  const std::int64_t rule = verdict.exclusion_type;
  const std::string word = kRules.Word(rule);
  if (rule >= 0 && rule <= kSecondary) {
    std::string since =
        verdict.since ? ", since " + base::FormatTimeShort(*verdict.since) : std::string();
    return "excluded by its " + word + " address" + since;
  }
  if (rule >= kFirstTracked && rule <= kLastTracked) {
    return fmt::format("contacted often enough ({}); again in {}", word, In(verdict.expires_s));
  }
  if (!kRules.Knows(rule)) {
    return fmt::format("forbidden by a rule that the reference does not know ({})", rule);
  }
  return fmt::format("not at this time ({}); again in {}", word, In(verdict.recall_after_s));
}

ContactAnswer AnswerOf(const api::ContactVerdict& verdict, bool of_list) {
  static const contract::Codes kResults("CheckResult");
  if (verdict.result == api::kDoContact) {
    std::string reason = "may be contacted";
    if (!of_list) reason += " where no list excludes it";
    if (verdict.play_message != 0) reason += ", but recorded messages are restricted";
    return {.allowed = Allowed::kYes, .reason = std::move(reason), .key = verdict.key};
  }
  if (verdict.result == api::kDoNotContact) return {.reason = ReasonOf(verdict), .key = {}};
  return {.reason = "the org gave no leave: " + kResults.Word(verdict.result), .key = {}};
}

// In force from its start up to, but not at, its end.
bool InForce(const model::Exclusion& exclusion, base::UtcTime at) {
  return (!exclusion.start || *exclusion.start <= at) && (!exclusion.end || at < *exclusion.end);
}

http::Task<base::Result<ContactAnswer>> DecideAt(api::Session& session, Contact contact,
                                                 base::UtcTime at) {
  std::vector<base::Interned> lists = {base::Interned("")};
  if (!contact.list.empty()) lists.push_back(contact.list);
  for (const auto& list : lists) {
    model::Exclusion key{.type = contact.type, .address = contact.address, .list = list};
    auto found = co_await api::FindTerse(session, key);
    if (!found) co_return base::Fail(std::move(found.error()));
    for (const auto& terse : *found) {
      auto exclusion = co_await api::Calls<model::Exclusion>::Get(session, terse.id);
      const bool gone = !exclusion && exclusion.error().kind == base::ErrorKind::kNotFound;
      if (gone) continue;
      if (!exclusion) co_return base::Fail(std::move(exclusion.error()));
      if (!InForce(exclusion->value, at)) continue;
      const auto& value = exclusion->value;
      std::string reason =
          "excluded by its " + std::string(model::ContactTypeName(value.type)) + " address" +
          (value.start ? ", since " + base::FormatTimeShort(*value.start) : "") +
          (value.end ? ", until " + base::FormatTimeShort(*value.end) : ", no end");
      if (!value.reason.empty()) reason += ": " + value.reason.str();
      co_return ContactAnswer{.reason = std::move(reason), .key = {}};
    }
  }
  std::string reason = "no exclusion is in force then";
  if (contact.list.empty()) reason = "no exclusion for all lists is in force then";
  co_return ContactAnswer{.allowed = Allowed::kYes, .reason = std::move(reason), .key = {}};
}

http::Task<base::Result<ContactAnswer>> Ask(api::Session& session, Contact contact,
                                            api::ContactQuestion about, base::UtcTime now) {
  auto verdict = co_await api::CheckContact(session, QuestionOf(contact, std::move(about)));
  if (!verdict) co_return base::Fail(std::move(verdict.error()));
  ContactAnswer answer = AnswerOf(*verdict, !contact.list.empty());
  // To that question a list of this name stands for all lists: what it alone excludes is not said.
  if (answer.allowed != Allowed::kYes || contact.list != api::kAllLists) co_return answer;
  auto decided = co_await DecideAt(session, std::move(contact), now);
  if (!decided) co_return base::Fail(std::move(decided.error()));
  if (decided->allowed == Allowed::kNo) co_return std::move(*decided);
  co_return answer;
}

// For the past, an answer that nothing in the org forbids it is none: what was deleted is not
// there.
ContactAnswer WithHistory(ContactAnswer answer, const Contact& contact, base::UtcTime at,
                          std::span<const store::Event> events) {
  if (answer.allowed != Allowed::kYes) return answer;
  if (auto then = ExcludedThen(events, contact.type, contact.address, contact.list, at)) {
    return {.allowed = Allowed::kNo, .reason = std::move(*then), .key = {}};
  }
  return {.allowed = Allowed::kNotKnown,
          .reason =
              "not known: as the org is now, no exclusion was in force then, but one may have "
              "been deleted or changed since",
          .key = {}};
}

// Lists that are asked about and that the org does not have. Names are case-sensitive.
base::Errors MissingLists(Org& org, const std::vector<Contact>& contacts) {
  std::set<std::string> asked;
  for (const auto& contact : contacts) {
    if (!contact.list.empty()) asked.insert(contact.list);
  }
  if (asked.empty()) return {};
  auto lists = http::Run(*org.transport, api::Collection<model::List>(*org.session));
  if (!lists) return {lists.error()};
  std::vector<std::string> names;
  for (const auto& list : *lists) names.push_back(list.value.name);
  base::Errors errors;
  for (const auto& name : asked) {
    if (std::ranges::find(names, name) != names.end()) continue;
    auto near = std::ranges::find_if(names, [&](const std::string& known) {
      return base::ToLower(known) == base::ToLower(name);
    });
    auto nearest = near != names.end() ? std::optional(*near) : base::Nearest(name, names);
    errors.push_back(
        {.kind = base::ErrorKind::kNotFound,
         .message = "the org has no contact list `" + base::Printable(name) + "`",
         .hint = nearest ? "did you mean `" + base::Printable(*nearest) +
                               "`? Upper and lower case are different"
                         : "check the name; leave it out to ask what holds for all lists"});
  }
  return errors;
}

// Addresses of a form that could not be made, and that the org does not hold either: whoever
// mistyped one would be told "yes".
base::Errors Mistyped(Org& org, const std::vector<Contact>& contacts) {
  std::vector<const Contact*> doubtful;
  for (const auto& contact : contacts) {
    if (contact.doubt) doubtful.push_back(&contact);
  }
  using Found = std::vector<model::Remote<model::Exclusion>>;
  auto found = SideBySide<Found>(org, doubtful.size(), [&](std::size_t i) {
    return api::FindAddress(*org.session, doubtful[i]->type, doubtful[i]->address);
  });
  if (!found) return {found.error()};
  base::Errors errors;
  for (std::size_t i = 0; i < doubtful.size(); ++i) {
    if (!(*found)[i].empty()) continue;
    errors.push_back(*doubtful[i]->doubt);
    errors.back().message += ", and the org has no exclusion of it";
  }
  return errors;
}

// The contact as it is given, without the blanks around it, and in every other form of its number.
std::vector<Contact> FormsOf(const Contact& contact, const std::string& region) {
  std::vector<Contact> forms;
  auto add = [&](std::string address) {
    if (std::ranges::find(forms, address, &Contact::address) != forms.end()) return;
    forms.push_back({.type = contact.type, .address = std::move(address), .list = contact.list});
  };
  add(contact.address);
  const std::string trimmed(base::Trim(contact.address));
  add(trimmed);
  if (contact.type == ContactType::kEmail) add(base::ToLower(trimmed));
  if (contact.type == ContactType::kVoice || contact.type == ContactType::kSms) {
    for (auto& form : model::NumberForms(trimmed, region)) add(std::move(form));
  }
  return forms;
}

// Of each contact the answer that counts: what forbids any form of its number forbids it. `ends`,
// by contact: behind its last form in `asked`.
std::vector<ContactAnswer> Decided(std::size_t contacts, std::span<const Contact> asked,
                                   std::span<const std::size_t> ends,
                                   std::vector<ContactAnswer> answers) {
  std::vector<ContactAnswer> decided;
  for (std::size_t i = 0, begin = 0; i < contacts; begin = ends[i++]) {
    auto of_contact = std::span(answers).subspan(begin, ends[i] - begin);
    auto chosen = std::ranges::find(of_contact, Allowed::kNo, &ContactAnswer::allowed);
    if (chosen == of_contact.end()) {
      chosen = std::ranges::find(of_contact, Allowed::kNotKnown, &ContactAnswer::allowed);
    }
    if (chosen == of_contact.end()) chosen = of_contact.begin();
    const auto& form = asked[begin + static_cast<std::size_t>(chosen - of_contact.begin())];
    if (chosen != of_contact.begin()) {
      chosen->reason += " (as `" + base::Printable(form.address) + "`)";
    }
    decided.push_back(std::move(*chosen));
  }
  return decided;
}

// Which columns of a file hold what; without a header the first is the address.
struct Columns {
  std::size_t address = 0;
  std::optional<std::size_t> type{}, list{};
  bool header = false;
};

Columns ColumnsOf(const config::CsvReader& reader) {
  Columns columns;
  for (std::size_t i = 0; i < reader.size(); ++i) {
    auto name = base::ToLower(base::Trim(reader.field(i)));
    if (name == "address") {
      columns.address = i;
      columns.header = true;
    }
    if (name == "type") columns.type = i;
    if (name == "list") columns.list = i;
  }
  if (!columns.header) columns = {};
  return columns;
}

}  // namespace

base::Result<Contact> ParseContact(const std::string& text, const std::string& type,
                                   const std::string& list) {
  Contact contact{.address = text, .list = list};
  auto colon = contact.address.find(':');
  auto prefix = model::ParseContactType(contact.address.substr(0, colon));
  if (colon != std::string::npos && prefix) {
    contact.type = *prefix;
    contact.address.erase(0, colon + 1);
  } else if (type.empty()) {
    contact.type = Guess(contact.address);
  } else {
    static const contract::Codes kTypes("ContactType");
    auto code = kTypes.Parse(type);
    if (!code) return base::Fail(std::move(code.error()));
    contact.type = model::ContactTypeFromNumber(*code).value_or(ContactType::kVoice);
  }
  // What cannot be seen, or is spoilt, would be asked for in vain, and the answer be "yes".
  auto problem = config::CheckAddress(contact.address, {.quoted = false, .hidden = true});
  if (problem) return base::Fail(Invalid(problem->message, problem->hint));
  auto doubt = config::CheckNewAddress(contact.type, std::string(base::Trim(contact.address)));
  if (doubt) contact.doubt = Invalid(doubt->message, doubt->hint);
  return contact;
}

std::expected<std::vector<Contact>, base::Errors> ReadContacts(const std::string& path,
                                                               const std::string& type,
                                                               const std::string& list) {
  auto file = std::make_unique<std::filebuf>();
  if (!file->open(path, std::ios::in | std::ios::binary)) {
    return std::unexpected(base::Errors{
        {.kind = base::ErrorKind::kIo,
         .message = base::Printable(path) + " cannot be read: " + base::SystemReason(errno),
         .hint = "name a CSV file, or one with an address a line"}});
  }
  config::TextStream stream(std::move(file), kFileBytesMax, config::TextKind::kConfiguration);
  config::CsvReader reader(stream);
  base::Errors errors;
  std::vector<Contact> contacts;
  std::optional<Columns> columns;
  auto field = [&](std::optional<std::size_t> at, const std::string& otherwise) {
    bool there = at && *at < reader.size() && !base::Trim(reader.field(*at)).empty();
    return there ? std::string(reader.field(*at)) : otherwise;
  };
  while (reader.Next()) {
    if (!columns) {
      columns = ColumnsOf(reader);
      if (columns->header) continue;
    }
    auto contact = ParseContact(field(columns->address, ""),
                                std::string(base::Trim(field(columns->type, type))),
                                field(columns->list, list));
    const base::SourcePos where{path, reader.line(), 0};
    if (contact) {
      if (contact->doubt) contact->doubt->where = where;
      contacts.push_back(std::move(*contact));
      continue;
    }
    contact.error().where = where;
    errors.push_back(std::move(contact.error()));
  }
  if (auto problem = reader.problem()) {
    auto error = Invalid(problem->message, problem->hint);
    error.where = base::SourcePos{path, problem->line, problem->column};
    errors.push_back(std::move(error));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return contacts;
}

std::expected<std::vector<ContactAnswer>, base::Errors> CheckContacts(
    Org& org, const config::Environment& environment, const std::vector<Contact>& contacts,
    const CheckOptions& options) {
  auto errors = MissingLists(org, contacts);
  if (errors.empty()) errors = Mistyped(org, contacts);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  std::vector<Contact> asked;
  std::vector<std::size_t> ends;  // by contact: behind its last form in `asked`
  for (const auto& contact : contacts) {
    std::ranges::move(FormsOf(contact, options.default_region), std::back_inserter(asked));
    ends.push_back(asked.size());
  }
  auto& clock = org.transport->clock();
  auto answers = SideBySide<ContactAnswer>(
      org, asked.size(),
      [&](std::size_t i) {
        return options.at ? DecideAt(*org.session, asked[i], *options.at)
                          : Ask(*org.session, asked[i], options.about, clock.Now());
      },
      options.progress);
  if (!answers) return std::unexpected(base::Errors{answers.error()});
  if (options.at && *options.at < clock.Now()) {
    auto events = ReadHistory(environment,
                              {.kind = model::kProtector,
                               .since = options.at,
                               .limit = std::numeric_limits<std::int64_t>::max()},
                              clock);
    if (!events) return std::unexpected(base::Errors{events.error()});
    for (std::size_t i = 0; i < asked.size(); ++i) {
      auto& answer = (*answers)[i];
      answer = WithHistory(std::move(answer), asked[i], *options.at, *events);
    }
  }
  return Decided(contacts.size(), asked, ends, std::move(*answers));
}

}  // namespace viasync::workflow
