#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/api_list.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/files.h"
#include "cli/org_flow.h"
#include "cli/spool.h"
#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/workflow/api_call.h"

namespace viasync::cli {
namespace {

using base::ErrorKind;

struct Flags {
  std::string method, path;  // without a method the first word is the path
  std::vector<std::string> query;
  std::string body_file;
  std::string format = "text";
  bool all = false, dry_run = false, yes = false, list = false;
};

std::expected<workflow::ApiRequest, base::Errors> ReadRequest(const Flags& flags) {
  if (flags.method.empty()) {
    return std::unexpected(base::Errors{
        {.kind = ErrorKind::kInvalid,
         .message = "no request was given",
         .hint = "write METHOD PATH, as in `viasync api GET filters`; --list shows them all"}});
  }
  const bool alone = flags.path.empty();
  workflow::ApiRequest request{.method = alone ? "GET" : flags.method,
                               .path = alone ? flags.method : flags.path,
                               .query = {},
                               .body = std::nullopt,
                               .all = flags.all};
  base::Errors errors;
  for (const auto& text : flags.query) {
    auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      errors.push_back({.kind = ErrorKind::kInvalid,
                        .message = "--query `" + base::Printable(text) + "` assigns nothing",
                        .hint = "write NAME=VALUE, as in --query filterName=All"});
      continue;
    }
    request.query.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  if (!flags.body_file.empty()) {
    auto body = flags.body_file == "-" ? ReadStandardInput() : ReadFile(flags.body_file);
    if (body) request.body = std::move(*body);
    if (!body) errors.push_back(body.error());
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return request;
}

// For a terminal: indented. In a pipe as it came, but for what could move a cursor, which is
// escaped: the values are the same.
void PrintJson(const std::string& body) {
  const bool terminal = isatty(STDOUT_FILENO);
  std::cout << (terminal ? base::DumpJson(base::ParseOrderedJson(body), 2)
                         : base::EscapeJson(body));
  if (terminal || !body.ends_with('\n')) std::cout << "\n";
}

// The request as it would be sent; what is secret is named, not shown.
ExitCode ShowRequest(const workflow::ApiCall& call, const std::string& org) {
  std::string text = call.operation->method + " " + call.url + "\n" +
                     "Authorization: Bearer (a token of " + org + ")\n" +
                     "x-api-key: (the API key)\nAccept: application/json\n";
  if (call.body) text += "Content-Type: application/json\n";
  std::cout << base::Printable(text, /*keep_newlines=*/true);
  if (call.body) {
    std::cout << "\n";
    PrintJson(*call.body);
  }
  Log(Level::kInfo, "nothing was sent (--dry-run)");
  return ExitCode::kDone;
}

ExitCode Send(workflow::Org& org, const workflow::ApiCall& call) {
  auto answer = workflow::SendApiCall(org, call);
  if (!answer) return Report(answer.error());
  const std::string& body = answer->response.body;
  const bool is_json = base::IsJson(body);
  if (is_json) PrintJson(body);
  if (answer->refusal) return Report(*answer->refusal);
  if (is_json) return ExitCode::kDone;
  if (base::Trim(body).empty()) {
    Log(Level::kInfo, fmt::format("done: {} without a body", answer->response.status));
    return ExitCode::kDone;
  }
  return Report({.kind = ErrorKind::kProtocol,
                 .message = fmt::format("the org answered {}, but the body is not JSON",
                                        answer->response.status),
                 .hint = "check base_url of the environment: a proxy may have answered"});
}

std::string IdOf(const nlohmann::json& item) {
  auto id = item.is_object() ? item.find("id") : item.end();
  if (!item.is_object() || id == item.end()) return {};
  return id->is_string() ? id->get<std::string>() : id->dump();
}

// An item as it stands inside the array.
std::string Indented(const std::string& text) {
  std::string out;
  for (char letter : text) {
    out += letter;
    if (letter == '\n') out += "  ";
  }
  return out;
}

ExitCode SendAll(workflow::Org& org, const workflow::ApiCall& call) {
  const bool terminal = isatty(STDOUT_FILENO);
  Spool spool;
  auto keep = [&](const nlohmann::json& item) -> base::Result<void> {
    std::string text = base::DumpJson(item, terminal ? 2 : -1);
    return spool.Add(IdOf(item), terminal ? Indented(text) : text);
  };
  auto walked = workflow::WalkApiCall(org, call, keep, [&spool] { spool.Clear(); });
  if (!walked) return Report(walked.error());
  auto written = spool.Write(std::cout, terminal ? "  " : "");
  return written ? ExitCode::kDone : Report(written.error());
}

ExitCode RunApi(const Globals& globals, const Flags& flags) {
  if (flags.list) {
    std::vector<std::string> names;
    for (const auto& group : CommandGroups()) {
      for (const auto& command : group.commands) names.emplace_back(command.name);
    }
    std::cout << (flags.format == "json" ? ApiListJson(names) : ApiListText(names));
    return ExitCode::kDone;
  }
  auto request = ReadRequest(flags);
  if (!request) return Report(request.error(), globals.directory);
  auto environment = workflow::LoadEnvironment(globals.directory, globals.environment);
  if (!environment) return Report(environment.error(), globals.directory);
  auto call = workflow::PrepareApiCall(*environment, *request);
  if (!call) return Report(call.error(), globals.directory);
  if (flags.dry_run) return ShowRequest(*call, environment->org);
  const std::string question = call->operation->method + " " + call->path + " (" +
                               call->operation->summary + ") to " + environment->org + ": send it?";
  if (!call->operation->reads() && !MayWrite(flags.yes, "api", question)) return ExitCode::kError;
  auto org = workflow::OpenOrg(*environment, TraceLog(), NoticeLog());
  if (!org) return Report(org.error(), globals.directory);
  return flags.all ? SendAll(*org, *call) : Send(*org, *call);
}

}  // namespace

Run DefineApi(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.Text("METHOD", flags->method, "GET, POST, PUT, PATCH or DELETE; left out: GET");
  args.Text("PATH", flags->path,
            "in full, with {orgId} for the org, or what comes after /campaign/");
  args.List("--query", flags->query, "a query parameter; words for codes are understood")
      .Value("NAME=VALUE");
  args.Text("--body", flags->body_file, "the JSON to send; - reads standard input").Value("FILE");
  args.Flag("--all", flags->all, "join all pages of a collection into one array");
  args.Flag("--dry-run", flags->dry_run, "check and show the request, send nothing");
  args.Flag("--yes,-y", flags->yes, "send a write without asking");
  args.Flag("--list", flags->list, "show all operations of the API");
  args.Text("--format", flags->format, "of --list: text or json").Choices({"text", "json"});
  args.Exclude({"METHOD", "--query", "--body", "--all", "--dry-run", "--yes"}, "--list",
               "--list only shows the operations");
  args.Need("--format", "--list", "answers are printed as JSON");
  args.Footer(
      "Examples\n"
      "  viasync api GET filters --all\n"
      "  viasync api GET lists --query listType=dynamic\n"
      "  viasync api PUT filters/123 --body filter.json\n"
      "What breaks the API's contract is reported before anything is sent. A write asks first; "
      "without a terminal it needs --yes. Only reads are repeated after an error.");
  return [&globals, flags] { return RunApi(globals, *flags); };
}

}  // namespace viasync::cli
