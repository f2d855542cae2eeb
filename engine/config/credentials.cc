#include "engine/config/credentials.h"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/base/strings.h"
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

std::string HowItEnded(int status) {
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  int code = WEXITSTATUS(status);
  constexpr int kNotFound = 127;  // of /bin/sh
  return code == kNotFound ? "was not found (exit code 127)"
                           : "ended with exit code " + std::to_string(code);
}

base::Result<std::string> RunCommand(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) {
    return Fail("the `credential_command` could not be started", "check it in a shell");
  }
  std::string output;
  std::array<char, 4096> chunk;
  while (std::size_t size = std::fread(chunk.data(), 1, chunk.size(), pipe)) {
    // Reads on, so that the command ends by itself.
    if (output.size() <= kOutputBytesMax) output.append(chunk.data(), size);
  }
  int status = pclose(pipe);
  if (status != 0) {
    return Fail("the `credential_command` " + HowItEnded(status),
                "run it in a shell; it prints what is wrong itself");
  }
  return output;
}

base::Result<void> AddFromCommand(const Environment& environment, Secrets& secrets) {
  auto output = RunCommand(environment.credential_command);
  if (!output) return std::unexpected(std::move(output.error()));
  constexpr const char* kHint =
      R"(it must print {"client_id": "…", "client_secret": "…", "api_key": "…"} and nothing else)";
  auto json = nlohmann::json::parse(*output, nullptr, false);
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

base::Result<Secrets> ReadCredentials(const Environment& environment) {
  Secrets secrets;
  std::string prefix = VariablePrefix(environment.name);
  ReadVariables(prefix, secrets);
  bool has_command = !environment.credential_command.empty();
  if (has_command && !Complete(secrets)) {
    if (auto added = AddFromCommand(environment, secrets); !added) {
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
                  "copy it anew, without line breaks");
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
