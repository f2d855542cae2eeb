// Credentials do not belong into files. Where somebody put one all the same, the error about it
// must not spread it: these rules say what looks like a secret and blank it out of a line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace viasync::config {

// True for the name of a key whose value must not stand in a file: `client_secret`, `api-key`,
// `password`, …; letter case and `-`/`_` do not matter.
bool IsSecretKey(std::string_view key);

// Where the value of `key` belongs instead: `VIASYNC_DEV_CLIENT_SECRET`; the environment's name may
// be empty (not known).
std::string SecretVariable(std::string_view environment, std::string_view key);

// The prefix of an environment's variables: `VIASYNC_DEV_`. Capitals, other characters as `_`.
std::string VariablePrefix(std::string_view environment);

// Blanks secrets out of the lines of a file, which it must see in order: a value may go on in lines
// that are indented deeper than its key. Rather blanks too much than too little.
class SecretMasker {
 public:
  std::string Mask(std::string_view line);

 private:
  std::optional<std::size_t> key_indent_;
  bool value_follows_ = false;  // after `? client_secret`
};

}  // namespace viasync::config
