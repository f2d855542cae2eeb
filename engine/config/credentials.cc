#include "engine/config/credentials.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/redact.h"
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
constexpr std::array<std::string_view, 4> kSecretNames = {"CLIENT_ID", "CLIENT_SECRET", "API_KEY",
                                                          "STORE_PASSWORD"};
constexpr const char* kHint =
    R"(it must print {"client_id": "…", "client_secret": "…", "api_key": "…"} and nothing else)";
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
      if (std::ranges::any_of(kSecretNames, [&](std::string_view secret) {
            return rest != secret && rest.ends_with("_" + std::string(secret));
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

// The JSON object that the command prints.
base::Result<nlohmann::json> FromCommand(const Environment& environment, base::Millis time_limit) {
  if (auto allowed = CheckCommand(environment); !allowed) return base::Fail(allowed.error());
  auto output =
      RunCommand(environment.credential_command, VariablePrefix(environment.name), time_limit);
  if (!output) return std::unexpected(std::move(output.error()));
  auto json = base::ParseJson(*output);
  if (output->size() > kOutputBytesMax || !json.is_object()) {
    return Fail("the `credential_command` printed no JSON object", kHint);
  }
  return json;
}

// Empty: it is not there.
base::Result<std::string> TextOf(const nlohmann::json& json, const char* key) {
  auto value = json.find(key);
  if (value == json.end()) return std::string();
  if (value->is_string()) return std::string(base::Trim(value->get_ref<const std::string&>()));
  return Fail("`" + std::string(key) + "` in the output of the `credential_command` is not a text",
              kHint);
}

base::Result<void> AddFromCommand(const Environment& environment, base::Millis time_limit,
                                  Secrets& secrets) {
  auto json = FromCommand(environment, time_limit);
  if (!json) return std::unexpected(std::move(json.error()));
  for (const auto& part : kParts) {
    if (!(secrets.*part.value).empty()) continue;
    auto text = TextOf(*json, part.key);
    if (!text) return std::unexpected(std::move(text.error()));
    secrets.*part.value = std::move(*text);
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

base::Result<std::string> ReadStorePassword(const Environment& environment,
                                            base::Millis command_limit) {
  const std::string variable = VariablePrefix(environment.name) + "STORE_PASSWORD";
  const char* own = std::getenv(variable.c_str());
  std::string password(own ? std::string_view(own) : std::string_view());
  if (password.empty()) {
    for (const char* name : {"PGPASSWORD", "PGPASSFILE"}) {
      const char* value = std::getenv(name);
      if (!value || !*value) continue;
      if (std::string_view(name) == "PGPASSWORD") base::NoteSecret(value);
      return std::string();
    }
    if (environment.credential_command.empty()) return std::string();
    auto json = FromCommand(environment, command_limit);
    if (!json) return std::unexpected(std::move(json.error()));
    auto text = TextOf(*json, "store_password");
    if (!text) return text;
    password = std::move(*text);
  }
  base::NoteSecret(password);
  return password;
}

}  // namespace viasync::config
