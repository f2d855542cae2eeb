#include <algorithm>
#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/org_flow.h"
#include "cli/table.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/contract/codes.h"
#include "engine/workflow/contact_check.h"

namespace viasync::cli {
namespace {

using base::ErrorKind;

struct Flags {
  std::vector<std::string> addresses;
  std::string file, type, list, at, customer, number_type, geocode, purpose, format = "text";
};

std::expected<std::vector<workflow::Contact>, base::Errors> ReadAll(const Flags& flags) {
  std::vector<workflow::Contact> contacts;
  base::Errors errors;
  for (const auto& address : flags.addresses) {
    auto contact = workflow::ParseContact(address, flags.type, flags.list);
    if (contact) contacts.push_back(std::move(*contact));
    if (!contact) errors.push_back(std::move(contact.error()));
  }
  if (!flags.file.empty()) {
    auto more = workflow::ReadContacts(flags.file, flags.type, flags.list);
    if (!more) std::ranges::move(more.error(), std::back_inserter(errors));
    if (more) std::ranges::move(*more, std::back_inserter(contacts));
  }
  if (contacts.empty() && errors.empty()) {
    errors.push_back({.kind = ErrorKind::kInvalid,
                      .message = "nobody to check was named",
                      .hint = "give addresses, as in `viasync check 09876322222`, or --file"});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return contacts;
}

base::Result<workflow::CheckOptions> OptionsOf(const Flags& flags) {
  workflow::CheckOptions options;
  options.about = {.customer = flags.customer, .geocode = flags.geocode, .purpose = flags.purpose};
  if (!flags.number_type.empty()) {
    auto code = contract::Codes("NumberType").Parse(flags.number_type);
    if (!code) return base::Fail(code.error());
    options.about.number_type = *code;
  }
  if (flags.at.empty()) return options;
  options.at = base::ParseTime(flags.at);
  if (options.at) return options;
  return base::Fail(ErrorKind::kInvalid,
                    "--at `" + base::Printable(flags.at) + "` is not a valid time",
                    "write it like 2026-11-03T23:20:00Z");
}

std::string Word(workflow::Allowed allowed) {
  if (allowed == workflow::Allowed::kNotKnown) return "not known";
  return allowed == workflow::Allowed::kYes ? "yes" : "no";
}

Table TableOf(const std::vector<workflow::Contact>& contacts,
              const std::vector<workflow::ContactAnswer>& answers) {
  Table table{.columns = {"type", "address", "list", "allowed", "reason", "key"}, .rows = {}};
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    const auto& [type, address, list, doubt] = contacts[i];
    table.rows.push_back({std::string(model::ContactTypeName(type)), address,
                          list.empty() ? "all lists" : list, Word(answers[i].allowed),
                          answers[i].reason, answers[i].key});
  }
  return table;
}

// For people: the key is for programs.
Table WithoutKey(Table table) {
  table.columns.pop_back();
  for (auto& row : table.rows) row.pop_back();
  return table;
}

ExitCode RunCheck(const Globals& globals, const Flags& flags) {
  auto contacts = ReadAll(flags);
  if (!contacts) return Report(contacts.error(), flags.file.starts_with('/') ? "" : ".");
  auto options = OptionsOf(flags);
  if (!options) return Report(options.error());
  auto opened = OpenOrgOf(globals);
  if (!opened) return Report(opened.error(), globals.directory);
  options->default_region = opened->environment.default_region;
  std::expected<std::vector<workflow::ContactAnswer>, base::Errors> answers;
  {
    std::optional<ProgressBar> bar;
    if (contacts->size() > 1) bar.emplace("checking with " + opened->environment.org);
    if (bar) options->progress = bar->Callback();
    answers = workflow::CheckContacts(opened->org, opened->environment, *contacts, *options);
  }
  if (!answers) return Report(answers.error(), globals.directory);
  auto table = TableOf(*contacts, *answers);
  if (flags.format == "text") table = WithoutKey(std::move(table));
  std::cout << RenderTable(table, flags.format, "");
  bool all = std::ranges::all_of(
      *answers, [](const auto& answer) { return answer.allowed == workflow::Allowed::kYes; });
  return all ? ExitCode::kDone : ExitCode::kDifferences;
}

}  // namespace

Run DefineCheck(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.List("ADDRESS", flags->addresses,
            "a phone number or mail address; account:X, sms:X, secondary:X for others");
  args.Text("--file", flags->file, "CSV with type,address,list, or an address a line")
      .Value("FILE");
  args.Text("--type", flags->type, "of the addresses: account, voice, email, sms, secondary")
      .Value("TYPE");
  args.Text("--list", flags->list,
            "for this contact list; left out: what holds for all lists alone")
      .Value("NAME");
  args.Text("--at", flags->at, "another time than now; only exclusions count then").Value("TIME");
  args.Text("--customer", flags->customer, "for the attempt tracker").Value("NAME");
  args.Text("--number-type", flags->number_type, "home, work, other or wireless").Value("TYPE");
  args.Text("--geocode", flags->geocode, "of the phone number").Value("CODE");
  args.Text("--purpose", flags->purpose, "of the contact").Value("NAME");
  AddFormat(args, flags->format);
  args.Exclude({"--customer", "--number-type", "--geocode", "--purpose"}, "--at",
               "only exclusions count at another time: attempts and calling hours are not known");
  args.Footer(
      "Exit code 0: all of them may be contacted; 2: at least one may not, or it is not "
      "known whether it might have been.");
  return [&globals, flags] { return RunCheck(globals, *flags); };
}

}  // namespace viasync::cli
