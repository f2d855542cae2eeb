#include "engine/config/credentials.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/config/child_process.h"
#include "engine/config/hosts.h"
#include "engine/config/problems.h"
#include "engine/config/secrets.h"

namespace viasync::config {
namespace {

struct Part {
  const char* key;   // in the command's JSON
  const char* name;  // behind the prefix
  std::string Secrets::*value;
};
constexpr std::array kParts = {Part{"client_id", "CLIENT_ID", &Secrets::client_id},
                               Part{"client_secret", "CLIENT_SECRET", &Secrets::client_secret},
                               Part{"api_key", "API_KEY", &Secrets::api_key}};
constexpr std::size_t kOutputBytesMax = 64 << 10;

std::unexpected<base::Error> Fail(std::string message, std::string hint) {
  return base::Fail(base::ErrorKind::kAuth, std::move(message), std::move(hint));
}

void ReadVariables(const std::string& prefix, Secrets& secrets) {
  for (const auto& part : kParts) {
    const char* value = std::getenv((prefix + part.name).c_str());
    if (value) secrets.*part.value = base::Trim(value);
  }
}

bool Complete(const Secrets& secrets) {
  return std::ranges::none_of(kParts,
                              [&](const Part& part) { return (secrets.*part.value).empty(); });
}

// What the command sees: our variables without the secrets of other environments, and without what
// else viasync is told by variables. `prefix`: of this environment.
std::vector<std::string> VariablesFor(const std::string& prefix) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry; ++entry) {
    std::string_view variable = *entry;
    std::string_view name = variable.substr(0, variable.find('='));
    if (name.starts_with("VIASYNC_")) {
      if (!name.starts_with(prefix)) continue;
      // Of `dev`, VIASYNC_DEV_EU_API_KEY is the key of another environment, `dev-eu`.
      std::string_view rest = name.substr(prefix.size());
      if (std::ranges::any_of(kParts, [&](const Part& part) {
            return rest != part.name && rest.ends_with("_" + std::string(part.name));
          })) {
        continue;
      }
    }
    variables.emplace_back(variable);
  }
  return variables;
}

base::Result<std::string> RunCommand(const std::string& command, const std::string& prefix,
                                     base::Millis time_limit) {
  auto ran = RunChild({.args = {"/bin/sh", "-c", command},
                       .environment = VariablesFor(prefix),
                       .time_limit = time_limit,
                       .output_max = kOutputBytesMax + 1});
  if (!ran) return Fail("the `credential_command` could not be started", "check it in a shell");
  if (ran->Succeeded()) return std::move(ran->out);
  constexpr int kNotFound = 127;  // of /bin/sh
  bool not_found = WIFEXITED(ran->status) && WEXITSTATUS(ran->status) == kNotFound;
  return Fail("the `credential_command` " +
                  (not_found ? "was not found (exit code 127)" : ran->HowItEnded()),
              ran->timed_out ? "it has " + base::FormatDuration(time_limit) +
                                   "; it must not wait for somebody to type"
                             : "run it in a shell; it prints what is wrong itself");
}

base::Result<void> AddFromCommand(const Environment& environment, base::Millis time_limit,
                                  Secrets& secrets) {
  if (auto allowed = CheckCommand(environment); !allowed) return allowed;
  auto output =
      RunCommand(environment.credential_command, VariablePrefix(environment.name), time_limit);
  if (!output) return std::unexpected(std::move(output.error()));
  constexpr const char* kHint =
      R"(it must print {"client_id": "…", "client_secret": "…", "api_key": "…"} and nothing else)";
  auto json = base::ParseJson(*output);
  if (output->size() > kOutputBytesMax || !json.is_object()) {
    return Fail("the `credential_command` printed no JSON object", kHint);
  }
  for (const auto& part : kParts) {
    auto value = json.find(part.key);
    if (value == json.end() || !(secrets.*part.value).empty()) continue;
    if (!value->is_string()) {
      return Fail("`" + std::string(part.key) +
                      "` in the output of the `credential_command` is no "
                      "text",
                  kHint);
    }
    secrets.*part.value = base::Trim(value->get_ref<const std::string&>());
  }
  return {};
}

}  // namespace

base::Result<Secrets> ReadCredentials(const Environment& environment, base::Millis command_limit) {
  Secrets secrets;
  std::string prefix = VariablePrefix(environment.name);
  ReadVariables(prefix, secrets);
  bool has_command = !environment.credential_command.empty();
  if (has_command && !Complete(secrets)) {
    if (auto added = AddFromCommand(environment, command_limit, secrets); !added) {
      return std::unexpected(std::move(added.error()));
    }
  }
  std::vector<std::string> missing;
  for (const auto& part : kParts) {
    const std::string& value = secrets.*part.value;
    if (value.empty()) missing.push_back(prefix + part.name);
    // A line break in a header would be another header.
    if (base::Printable(value) != value) {
      return Fail("the value of " + prefix + part.name + " holds characters that cannot be sent",
                  "copy it again, without line breaks");
    }
  }
  if (missing.empty()) return secrets;
  return Fail("credentials of environment " + Quoted(environment.name) +
                  " are missing: " + base::Join(missing, ", "),
              has_command ? "let the `credential_command` print them, or set the variables"
                          : "set these environment variables, or name a `credential_command` in "
                            "viasync.yaml");
}

}  // namespace viasync::config
