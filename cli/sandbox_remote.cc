#include "cli/sandbox_remote.h"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/console.h"
#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/config/project.h"
#include "engine/sandbox/control_client.h"

namespace viasync::cli {
namespace {

using base::ErrorKind;
using nlohmann::json;

struct Target {
  std::string url, org;
};

struct EditFlags {
  Target target;
  std::string user = "maria", kind, action, key;
  std::vector<std::string> set;
};

struct LogFlags {
  Target target;
  std::int64_t since = 0;
  bool writes = false;
  std::string format = "text";
};

void AddTargetFlags(Args& args, Target& target) {
  args.Text("--url", target.url, "of the sandbox; left out: base_url of the environment")
      .Value("URL");
  args.Text("--org", target.org, "left out: the org of the environment").Value("NAME");
}

// What was not said is that of the repository's environment.
base::Result<Target> Complete(const Globals& globals, Target target) {
  if (!target.url.empty() && !target.org.empty()) return target;
  auto project = config::LoadProject(globals.directory);
  if (project) {
    std::string name = globals.environment;
    const auto& all = project->environments;
    if (name.empty() && all.size() == 1) name = all.begin()->first;
    if (auto found = all.find(name); found != all.end()) {
      if (target.url.empty()) target.url = found->second.base_url;
      if (target.org.empty()) target.org = found->second.org;
    }
  }
  if (!target.url.empty()) return target;
  return base::Fail(ErrorKind::kInvalid, "no sandbox was named",
                    "give --url as the sandbox printed it, or run this in a repository (-C) whose "
                    "environment (-e) has it as base_url");
}

// `NAME=TEXT` or `NAME:=JSON`.
base::Result<json> ReadSet(const std::vector<std::string>& assignments) {
  json set = json::object();
  for (const auto& text : assignments) {
    auto equals = text.find('=');
    bool is_json = equals != std::string::npos && equals > 0 && text[equals - 1] == ':';
    std::string name = text.substr(0, is_json ? equals - 1 : equals);
    json value;
    if (equals != std::string::npos) {
      value = is_json ? base::ParseJson(text.substr(equals + 1)) : json(text.substr(equals + 1));
    }
    if (name.empty() || equals == std::string::npos || value.is_discarded()) {
      return base::Fail(ErrorKind::kInvalid,
                        "--set `" + base::Printable(text) + "` assigns nothing",
                        "write NAME=TEXT, or NAME:=JSON for numbers, as in listType:=1");
    }
    set[name] = std::move(value);
  }
  return set;
}

ExitCode RunEdit(const Globals& globals, const EditFlags& flags) {
  auto target = Complete(globals, flags.target);
  if (!target) return Report(target.error());
  auto set = ReadSet(flags.set);
  if (!set) return Report(set.error());
  json edit = {{"org", target->org},     {"user", flags.user}, {"kind", flags.kind},
               {"action", flags.action}, {"key", flags.key},   {"set", *set}};
  auto done = sandbox::PostControl(target->url, "edit", edit);
  if (!done) return Report(done.error());
  std::string what = flags.action + "d" + (flags.key.empty() ? "" : " " + flags.key);
  std::cout << base::Printable(
                   fmt::format("{} of {}: {}, as {}", flags.kind, target->org, what, flags.user))
            << "\n";
  return ExitCode::kDone;
}

// `20:15:40  PUT  409  /via/v3/…/filters/12   not carried out`
std::string LogLine(const json& entry) {
  std::string time = entry.value("time", "");
  if (time.size() >= 19) time = time.substr(11, 8);
  int status = entry.value("status", 0);
  bool is_write = entry.value("method", "") != "GET" && !entry.value("org", "").empty();
  std::string note;
  if (entry.value("lost", false))
    note = "  answer lost";
  else if (is_write && status < 300 && !entry.value("carried_out", false))
    note = "  no change";
  return fmt::format("{:>5}  {}  {:<6} {:>3}  {}{}", entry.value("sequence", 0), time,
                     entry.value("method", ""), status ? std::to_string(status) : "—",
                     entry.value("target", ""), note);
}

ExitCode RunLog(const Globals& globals, const LogFlags& flags) {
  auto target = Complete(globals, flags.target);
  if (!target) return Report(target.error());
  auto log = sandbox::GetControl(target->url,
                                 fmt::format("log?since={}&writes={}", flags.since, flags.writes));
  if (!log) return Report(log.error());
  for (const auto& entry : log->value("entries", json::array())) {
    if (flags.format == "json") {
      std::cout << base::DumpJson(entry) << "\n";
    } else {
      std::cout << base::Printable(LogLine(entry)) << "\n";
    }
  }
  return ExitCode::kDone;
}

}  // namespace

Run DefineSandboxEdit(Args& args, const Globals& globals) {
  auto flags = std::make_shared<EditFlags>();
  AddTargetFlags(args, flags->target);
  args.Text("KIND", flags->kind, "filter, list or exclusion")
      .Required()
      .Choices({"filter", "list", "exclusion"});
  args.Text("ACTION", flags->action, "create, update or delete")
      .Required()
      .Choices({"create", "update", "delete"});
  args.Text("KEY", flags->key, "the name; of an exclusion voice:09876322222@LIST, or @*");
  args.Text("--user", flags->user, "who makes the change").ShowDefault();
  args.List("--set", flags->set,
            "a property as the API names it: filterCriteria='1 = 1'; "
            "NAME:=JSON for numbers")
      .Value("NAME=TEXT");
  return [&globals, flags] { return RunEdit(globals, *flags); };
}

Run DefineSandboxLog(Args& args, const Globals& globals) {
  auto flags = std::make_shared<LogFlags>();
  AddTargetFlags(args, flags->target);
  args.Number("--since", flags->since, "only what came after this number").Value("N");
  args.Flag("--writes", flags->writes, "only what would change the org");
  args.Text("--format", flags->format, "text, or json: one object a line")
      .Choices({"text", "json"});
  return [&globals, flags] { return RunLog(globals, *flags); };
}

}  // namespace viasync::cli
