#include "engine/config/secrets.h"

#include <algorithm>
#include <array>

#include "engine/base/strings.h"

namespace viasync::config {
namespace {

constexpr std::string_view kMask = "********";

// Without `-` and `_`.
constexpr std::array<std::string_view, 14> kSecretKeys = {
    "clientid", "clientsecret", "apikey",      "xapikey",      "password",
    "passwd",   "secret",       "token",       "accesstoken",  "refreshtoken",
    "idtoken",  "privatekey",   "credentials", "authorization"};

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// `https://user:password@host`: the part between `//` and `@`.
std::string MaskUserInfo(std::string line) {
  for (auto at = line.find("://"); at != std::string::npos; at = line.find("://", at + 3)) {
    auto end = line.find_first_of("/?# \t,'\"", at + 3);
    auto host = line.substr(0, end).rfind('@');
    if (host == std::string::npos || host < at + 3) continue;
    line.replace(at + 3, host - at - 3, kMask);
  }
  return line;
}

}  // namespace

bool IsSecretKey(std::string_view key) {
  std::string plain = base::ToLower(key);
  std::erase_if(plain, [](char c) { return c == '_' || c == '-'; });
  return std::ranges::find(kSecretKeys, plain) != kSecretKeys.end();
}

std::string VariablePrefix(std::string_view environment) {
  std::string name = base::ToUpper(environment);
  std::ranges::replace_if(
      name, [](char c) { return !((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')); }, '_');
  return "VIASYNC_" + name + "_";
}

std::string SecretVariable(std::string_view environment, std::string_view key) {
  std::string plain = base::ToLower(key);
  std::erase_if(plain, [](char c) { return c == '_' || c == '-'; });
  std::string_view value = plain == "clientid"                       ? "CLIENT_ID"
                           : plain == "apikey" || plain == "xapikey" ? "API_KEY"
                                                                     : "CLIENT_SECRET";
  std::string prefix = environment.empty() ? "VIASYNC_<ENV>_" : VariablePrefix(environment);
  return prefix + std::string(value);
}

std::string SecretMasker::Mask(std::string_view line) {
  std::size_t indent = line.find_first_not_of(" \t\r");
  if (indent == std::string_view::npos) return std::string(line);
  if (key_indent_ && indent > *key_indent_) {
    return std::string(line.substr(0, indent)) + std::string(kMask);
  }
  key_indent_.reset();
  for (std::size_t i = indent; i < line.size(); ++i) {
    if (!IsWord(line[i])) continue;
    std::size_t end = i;
    while (end < line.size() && IsWord(line[end])) ++end;
    std::size_t colon = line.find_first_not_of(" \t'\"", end);
    bool is_key = colon != std::string_view::npos && (line[colon] == ':' || line[colon] == '=');
    if (is_key && IsSecretKey(line.substr(i, end - i))) {
      key_indent_ = indent;
      return std::string(line.substr(0, colon + 1)) + " " + std::string(kMask);
    }
    i = end;
  }
  return MaskUserInfo(std::string(line));
}

}  // namespace viasync::config
