#include <fmt/format.h>
#include <pthread.h>

#include <charconv>
#include <csignal>
#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/sandbox_remote.h"
#include "engine/base/strings.h"
#include "engine/config/secrets.h"
#include "engine/sandbox/faults.h"
#include "engine/sandbox/server.h"

namespace viasync::cli {
namespace {

using base::ErrorKind;

struct Flags {
  sandbox::Options options{.port = 8080};
  std::vector<std::string> orgs, faults;
  sandbox::Generate each{.filters = 12, .lists = 6, .exclusions = 40};
  std::int64_t latency_ms = 0;
  std::string rate;
};

// `300` or `300/s`.
base::Result<double> ReadRate(std::string text) {
  constexpr std::string_view kUnit = "/s";
  if (text.ends_with(kUnit)) text.resize(text.size() - kUnit.size());
  double rate = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (error == std::errc() && end == text.data() + text.size() && rate > 0) return rate;
  return base::Fail(ErrorKind::kInvalid,
                    "--rate `" + base::Printable(text) + "` is not a valid rate",
                    "write the requests of a second, like --rate 300/s");
}

base::Result<sandbox::Options> ReadOptions(const Flags& flags) {
  sandbox::Options options = flags.options;
  options.settings.latency = base::Millis(flags.latency_ms);
  if (!flags.rate.empty()) {
    auto rate = ReadRate(flags.rate);
    if (!rate) return base::Fail(rate.error());
    options.settings.rate_per_second = *rate;
  }
  for (const auto& text : flags.faults) {
    auto fault = sandbox::ParseFault(text);
    if (!fault) return base::Fail(fault.error());
    options.faults.push_back(std::move(*fault));
  }
  auto orgs = flags.orgs;
  if (orgs.empty() && options.seed_file.empty()) orgs.push_back(flags.each.org);
  for (const auto& org : orgs) {
    options.generated.push_back(flags.each);
    options.generated.back().org = org;
    options.generated.back().seed = options.generated.size();
  }
  return options;
}

// `acme-dev` -> `dev`, as an environment of it would be called.
std::string EnvironmentName(const std::string& org) {
  auto dash = org.rfind('-');
  return dash == std::string::npos || dash + 1 == org.size() ? org : org.substr(dash + 1);
}

// The first line is for programs that wait for it; the rest is to be copied by people.
void Announce(const sandbox::Server& server, const sandbox::Options& options) {
  std::string text = "listening on " + server.Url() + "\n\n# viasync.yaml\nenvironments:\n";
  for (const auto& access : server.Orgs()) {
    text += fmt::format("  {}:\n    org: {}\n    base_url: {}\n    token_url: {}\n",
                        EnvironmentName(access.org), access.org, server.Url(), server.TokenUrl());
  }
  text += "\n# credentials, for the shell in which viasync runs\n";
  for (const auto& access : server.Orgs()) {
    std::string prefix = config::VariablePrefix(EnvironmentName(access.org));
    text += fmt::format(
        "export {0}CLIENT_ID={1}\nexport {0}CLIENT_SECRET={2}\n"
        "export {0}API_KEY={3}\n",
        prefix, access.client_id, access.client_secret, access.api_key);
  }
  if (!options.data_file.empty()) text += "\nThe orgs are kept in " + options.data_file + ".";
  std::cout << base::Printable(text, /*keep_newlines=*/true) << "\nCtrl-C stops the sandbox.\n"
            << std::flush;
}

ExitCode RunServer(const Flags& flags) {
  auto options = ReadOptions(flags);
  if (!options) return Report(options.error());
  // Blocked here, before the server has threads, so that this thread alone is told.
  sigset_t stops, before;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stops, &before);
  sandbox::Server server;
  auto port = server.Start(*options);
  if (!port) return Report(port.error());
  Announce(server, *options);
  int signal = 0;
  sigwait(&stops, &signal);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);  // a second one ends it at once
  auto stopped = server.Stop();
  if (!stopped) return Report(stopped.error());
  Log(Level::kInfo, "stopped");
  return ExitCode::kDone;
}

void AddContentFlags(Args& args, Flags& flags) {
  args.Text("--data", flags.options.data_file, "keep the orgs in FILE, and go on from it")
      .Value("FILE");
  args.Text("--media", flags.options.media_folder,
            "keep the media storage of each org in a folder of DIR")
      .Value("DIR");
  args.Text("--seed", flags.options.seed_file, "start with the orgs of a JSON file").Value("FILE");
  args.List("--org", flags.orgs, "start with a generated org; may be given several times")
      .Value("NAME");
  args.Number("--filters", flags.each.filters, "of each generated org").ShowDefault();
  args.Number("--lists", flags.each.lists, "of each generated org").ShowDefault();
  args.Number("--exclusions", flags.each.exclusions, "of each generated org").ShowDefault();
}

void AddBehaviourFlags(Args& args, Flags& flags) {
  auto& settings = flags.options.settings;
  args.Number("--latency", flags.latency_ms, "from a request to its answer")
      .Value("MS")
      .Range(0, 600'000);
  args.Text("--rate", flags.rate, "requests of a second that an org takes; more answer 429")
      .Value("N/s");
  args.Number("--rate-burst", settings.rate_burst, "how many of them at once").ShowDefault();
  args.Number("--retry-after", settings.retry_after_s, "Retry-After of a 429; 0 = none")
      .Value("SECONDS");
  args.Number("--page-cap", settings.page_cap, "items of a page at most")
      .Range(1, 1'000'000)
      .ShowDefault();
  args.Number("--page-default", settings.page_default, "items of a page that asks for no number")
      .Range(1, 1'000'000)
      .ShowDefault();
  args.Flag("--strict", settings.strict,
            "refuse with 400 what breaks the API's contract, naming the property; hold the own "
            "answers against it too");
  args.Flag("--rewrite-criteria", settings.rewrite_criteria,
            "store criteria with tidied white space and key words, as some orgs do");
  args.Number("--token-lifetime", settings.token_lifetime_s, "how long a token is good")
      .Value("SECONDS")
      .ShowDefault();
  args.List("--fault", flags.faults,
            "break some requests, as in 'PUT */filters/* lose after=3'; see below")
      .Value("RULE");
}

}  // namespace

Run DefineSandbox(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.Number("--port", flags->options.port, "0 = one that is free").Range(0, 65535).ShowDefault();
  args.Text("--host", flags->options.host, "the address to listen on").ShowDefault();
  AddContentFlags(args, *flags);
  AddBehaviourFlags(args, *flags);
  args.Footer(
      "A fault is METHOD PATH ACTION [KEY=VALUE]…, METHOD and PATH being patterns.\n"
      "  actions  status=N lose reset delay=MS html cut cut_transfer wrong_type endless stall\n"
      "           total=page|short|zero|none first_page\n"
      "  keys     after every times probability seed retry_after carry_out");
  auto* edit = &args.Command("edit", "change a running sandbox, as a user of the UI would");
  auto* log = &args.Command("log", "show what a running sandbox was asked");
  auto run_edit = DefineSandboxEdit(*edit, globals);
  auto run_log = DefineSandboxLog(*log, globals);
  return [=] {
    if (edit->Chosen()) return run_edit();
    return log->Chosen() ? run_log() : RunServer(*flags);
  };
}

}  // namespace viasync::cli
