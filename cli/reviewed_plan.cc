#include "cli/reviewed_plan.h"

#include <cstdlib>
#include <utility>

#include "cli/files.h"
#include "engine/base/redact.h"
#include "engine/base/strings.h"
#include "engine/plan/plan_json.h"
#include "engine/plan/signature.h"
#include "engine/report/plan_words.h"

namespace viasync::cli {
namespace {

constexpr const char* kSigned =
    "; or sign plans with VIASYNC_PLAN_KEY (viasync plan --new-key), and they carry it themselves";

base::Error Bad(std::string message, std::string hint) {
  return {
      .kind = base::ErrorKind::kInvalid, .message = std::move(message), .hint = std::move(hint)};
}

// One option that the plan was made with, against the same of the command line.
struct Confirmation {
  void Compare(const std::string& option, bool carried, bool said) {
    if (carried == said || (carried && is_signed)) return;
    if (carried) {
      errors.push_back(Bad("the plan was made with " + option +
                               ", and the command line does not "
                               "confirm it",
                           "add " + option + " if that is intended" + kSigned));
    } else {
      errors.push_back(Bad("the plan was made without " + option,
                           "leave " + option + " out, or plan again with it"));
    }
  }
  bool is_signed = false;
  base::Errors errors{};
};

// Of a signed plan nothing needs to be confirmed, but what the command line says must be true.
base::Errors Unconfirmed(const plan::Options& carried, const plan::Options& said, bool is_signed) {
  Confirmation confirm{.is_signed = is_signed};
  confirm.Compare("--prune", carried.prune, said.prune);
  confirm.Compare("--revert-drift", carried.revert_drift, said.revert_drift);
  confirm.Compare("--trust-base", carried.trust_base, said.trust_base);
  for (std::string_view side : {"local", "remote"}) {
    confirm.Compare("--prefer " + std::string(side), carried.prefer == side, said.prefer == side);
  }
  auto compare_keys = [&](const plan::Options& options) {
    for (const auto& [key, side] : options.prefer_key) {
      auto holds = [&](const plan::Options& other) {
        auto found = other.prefer_key.find(key);
        return found != other.prefer_key.end() && found->second == side;
      };
      if (&options == &said && holds(carried)) continue;  // compared already
      confirm.Compare("--prefer " + report::ShellWord(key + "=" + side), holds(carried),
                      holds(said));
    }
  };
  compare_keys(carried);
  compare_keys(said);
  for (const auto& [name, value] : carried.limits) {
    auto found = said.limits.find(name);
    confirm.Compare("--limit " + report::ShellWord(name) + "=" + report::ShellWord(value), true,
                    found != said.limits.end() && found->second == value);
  }
  for (const auto& [name, value] : said.limits) {
    confirm.Compare("--limit " + report::ShellWord(name) + "=" + report::ShellWord(value),
                    carried.limits.contains(name) && carried.limits.at(name) == value, true);
  }
  if (said.skip_conflicts) confirm.Compare("--skip-conflicts", carried.skip_conflicts, true);
  // Which commit the base is shows once it is read; that there is one is known here.
  std::string ref = carried.base_ref.empty() ? said.base_ref : carried.base_ref.substr(0, 12);
  confirm.Compare("--base-ref " + report::ShellWord(ref), !carried.base_ref.empty(),
                  !said.base_ref.empty());
  return std::move(confirm.errors);
}

// Which environment is meant must be said where there are several.
std::optional<base::Error> UnnamedEnvironment(const Globals& where, const plan::Plan& plan) {
  if (!where.environment.empty()) return std::nullopt;
  auto project = config::LoadProject(where.directory);
  if (!project || project->environments.size() < 2) return std::nullopt;  // told when it is opened
  std::string name = base::Printable(plan.environment);
  return Bad("the plan is of environment " + name + ", and the command line names none",
             "add -e " + name + " if that is intended" + kSigned);
}

}  // namespace

base::Result<std::optional<std::string>> PlanKey() {
  const char* text = std::getenv("VIASYNC_PLAN_KEY");
  if (!text) return std::nullopt;
  std::string key(base::Trim(text));
  base::NoteSecret(key);
  if (auto checked = plan::CheckKey(key); !checked) return base::Fail(checked.error());
  return key;
}

std::expected<plan::Plan, base::Errors> ReadReviewed(const std::string& file, Globals& where,
                                                     PlanFlags& flags) {
  auto key = PlanKey();
  if (!key) return std::unexpected(base::Errors{key.error()});
  auto text = ReadFile(file);
  if (!text) return std::unexpected(base::Errors{text.error()});
  auto plan = plan::PlanFromJson(*text, key->value_or(""));
  if (!plan) {
    auto error = plan.error();
    error.message = base::Printable(file) + ": " + error.message;
    return std::unexpected(base::Errors{error});
  }
  if (auto errors = ReadPrefer(flags); !errors.empty()) return std::unexpected(std::move(errors));
  if (auto errors = ReadLimits(flags); !errors.empty()) return std::unexpected(std::move(errors));
  auto errors = Unconfirmed(plan->options, flags.options, key->has_value());
  if (*key) {
    if (where.environment.empty()) where.environment = plan->environment;
  } else {
    if (auto unnamed = UnnamedEnvironment(where, *plan)) errors.push_back(std::move(*unnamed));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  // Without a signature the base is what the command line names; RunApply compares the commits.
  std::string said = std::move(flags.options.base_ref);
  flags.options = plan->options;
  flags.prefer.clear();  // the options hold them; what is in conflict no more makes the plan stale
  if (!*key) flags.options.base_ref = std::move(said);
  return std::move(*plan);
}

std::optional<base::Error> WrongPlace(const plan::Plan& reviewed,
                                      const config::Environment& environment) {
  if (reviewed.org == environment.org && reviewed.environment == environment.name) {
    return std::nullopt;
  }
  return Bad("the plan is of environment " + base::Printable(reviewed.environment) + " (org " +
                 base::Printable(reviewed.org) + "), this run is of " + environment.name +
                 " (org " + environment.org + ")",
             "name the plan's environment with -e");
}

std::string ApplyFileCommand(const std::string& file, const plan::Plan& plan, bool is_signed,
                             const std::string& at) {
  std::string command = "viasync" + at + " apply " + report::ShellWord(file);
  if (is_signed) return command;
  plan::Options confirmed = plan.options;
  confirmed.skip_conflicts = false;  // it only leaves out
  return command + " -e " + report::ShellWord(plan.environment) + report::OptionFlags(confirmed);
}

}  // namespace viasync::cli
