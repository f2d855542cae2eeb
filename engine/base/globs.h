// Patterns for names, as Git's wildmatch knows them for a single path component.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace viasync::base {

// True when `text` matches `pattern` as a whole: `*` any run, `?` any one character (of UTF-8),
// `[a-z]` one of these, `[!a-z]` or `[^a-z]` none of these, `[[:digit:]]` a class of ASCII, `\`
// quotes the next character; everything else stands for itself. Case-sensitive, like all names of
// the API. What GlobFault finds stands for itself as far as it can.
bool GlobMatch(std::string_view pattern, std::string_view text);

struct GlobProblem {
  std::size_t offset;  // of the byte at which it shows
  std::string what;    // "`[` is never closed"
  std::string remedy;
};

// What is malformed, or means something only in other dialects of patterns (`{a,b}`, `!a`): such a
// pattern would match nothing, or something else than was meant.
std::optional<GlobProblem> GlobFault(std::string_view pattern);

}  // namespace viasync::base
