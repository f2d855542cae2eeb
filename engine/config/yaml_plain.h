// YAML that is written so plainly that no two programs can read it differently: what `pull` and
// most people write in bulk.
#pragma once

#include <string_view>

namespace viasync::config {

// True when `text` consists of sections `key:` at the left edge and, below each, of entries
// `- key: value` whose keys stand below each other, or `- {key: value, …}` on one line. A value is
// plain words, a text in quotes without escapes, or a `|` block. Comments have lines of their own or
// follow a value. Anything else is false, whether or not it is good YAML.
bool IsPlainYaml(std::string_view text);

}  // namespace viasync::config
