#include "engine/config/secrets.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "engine/base/escapes.h"
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

std::string Plain(std::string_view key) {
  std::string plain = base::ToLower(key);
  std::erase_if(plain, [](char c) { return c == '_' || c == '-'; });
  return plain;
}

// Also where it is misspelt or part of a longer name: for deciding what not to show.
bool LooksSecret(std::string_view key) {
  constexpr std::array<std::string_view, 11> kParts = {
      "secret",     "password", "passwd", "passphrase", "apikey", "privatekey",
      "credential", "bearer",   "cookie", "signature",  "pwd"};
  constexpr std::array<std::string_view, 7> kWhole = {"pass", "auth", "key", "sig",
                                                      "sas",  "pin",  "otp"};
  constexpr std::size_t kLettersMin = 5;  // of a name that may be a slip of the finger
  const std::string plain = Plain(key);
  if (plain == "credentialcommand") return false;
  if (std::ranges::find(kWhole, plain) != kWhole.end()) return true;
  for (std::string_view part : kParts) {
    if (plain.find(part) != std::string::npos) return true;
  }
  const std::vector<std::string> names(kSecretKeys.begin(), kSecretKeys.end());
  return plain.size() >= kLettersMin && base::Nearest(plain, names).has_value();
}

// `https://user:password@host`, well-formed or not: the part in front of `@`. What follows a `?` in
// a URL may be a key as well.
std::string MaskUrl(std::string line) {
  constexpr std::string_view kEnds = " \t,'\"{}[]<>`";
  for (auto at = line.find('@'); at != std::string::npos; at = line.find('@', at + 1)) {
    auto first = line.find_last_of(kEnds, at);
    first = first == std::string::npos ? 0 : first + 1;
    const std::string_view word = std::string_view(line).substr(first, at - first);
    if (word.find(':') == std::string_view::npos) continue;
    const auto scheme = word.find(":/");
    if (scheme != std::string_view::npos) {
      first += std::min(word.find_first_not_of('/', scheme + 1), word.size());
    }
    line.replace(first, at - first, kMask);
    at = first + kMask.size();
  }
  for (auto at = line.find("://"); at != std::string::npos; at = line.find("://", at + 3)) {
    const auto end = std::min(line.find_first_of(kEnds, at + 3), line.size());
    const auto query = line.find_first_of("?#", at + 3);
    if (query < end) line.replace(query + 1, end - query - 1, kMask);
  }
  return line;
}

// The key that begins at `at`, without its quotes and escapes, and where it ends.
struct KeyText {
  std::string text;
  std::size_t end;
};

KeyText KeyAt(std::string_view line, std::size_t at) {
  const char quote = line[at];
  std::size_t end = at + 1;
  if (quote != '"' && quote != '\'') {
    while (end < line.size() && IsWord(line[end])) ++end;
    return {std::string(line.substr(at, end - at)), end};
  }
  while (end < line.size() && line[end] != quote) end += line[end] == '\\' && quote == '"' ? 2 : 1;
  end = std::min(end, line.size());
  const auto bare = base::Squeezed(line.substr(at + 1, end - at - 1), false);
  return {base::WithoutOneLayer(bare, base::QuotedPrintable::kNo).bytes,
          std::min(end + 1, line.size())};
}

}  // namespace

bool IsSecretKey(std::string_view key) {
  return std::ranges::find(kSecretKeys, Plain(key)) != kSecretKeys.end();
}

std::string VariablePrefix(std::string_view environment) {
  std::string name = base::ToUpper(environment);
  std::ranges::replace_if(
      name, [](char c) { return !((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')); }, '_');
  return "VIASYNC_" + name + "_";
}

std::string SecretVariable(std::string_view environment, std::string_view key) {
  const std::string plain = Plain(key);
  std::string_view value = plain == "clientid"                       ? "CLIENT_ID"
                           : plain == "apikey" || plain == "xapikey" ? "API_KEY"
                                                                     : "CLIENT_SECRET";
  std::string prefix = environment.empty() ? "VIASYNC_<ENV>_" : VariablePrefix(environment);
  return prefix + std::string(value);
}

std::string SecretMasker::Mask(std::string_view whole_line) {
  const std::string without_urls = MaskUrl(std::string(whole_line));
  const std::string_view line = without_urls;
  std::size_t indent = line.find_first_not_of(" \t\r");
  if (indent == std::string_view::npos) return std::string(line);
  if (key_indent_ && indent > *key_indent_) {
    return std::string(line.substr(0, indent)) + std::string(kMask);
  }
  key_indent_.reset();
  if (std::exchange(value_follows_, false) && line[indent] == ':') {
    key_indent_ = indent;
    return std::string(line.substr(0, indent + 1)) + " " + std::string(kMask);
  }
  const bool explicit_key = line.substr(indent).starts_with("? ");
  for (std::size_t i = indent; i < line.size();) {
    if (!IsWord(line[i]) && line[i] != '"' && line[i] != '\'') {
      ++i;
      continue;
    }
    const KeyText key = KeyAt(line, i);
    const std::size_t colon = line.find_first_not_of(" \t'\"", key.end);
    const bool is_key =
        colon != std::string_view::npos && (line[colon] == ':' || line[colon] == '=');
    // `client_secret abc`: the colon was forgotten.
    const bool leads =
        line.substr(indent, i - indent).find_first_not_of("- \t") == std::string_view::npos &&
        colon != std::string_view::npos && key.end < colon && !is_key;
    if (leads && LooksSecret(key.text)) {
      key_indent_ = indent;
      return std::string(line.substr(0, key.end + 1)) + std::string(kMask);
    }
    if (is_key && LooksSecret(key.text)) {
      key_indent_ = indent;
      return std::string(line.substr(0, colon + 1)) + " " + std::string(kMask);
    }
    value_follows_ = value_follows_ || (explicit_key && LooksSecret(key.text));
    // A quote may open a value that holds a key, as in a shell command.
    i = line[i] == '"' || line[i] == '\'' ? i + 1 : key.end;
  }
  return without_urls;
}

}  // namespace viasync::config
