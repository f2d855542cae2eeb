// What a YAML text consists of, event by event, whichever of the two parsers reads it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace viasync::config {

// From 1; columns count bytes.
struct YamlPlace {
  int line = 1;
  int column = 1;
};

struct YamlEvent {
  enum class Type : std::uint8_t {
    kDocument,  // starts here
    kNull,      // nothing, `~` or `null`
    kText,
    kAlias,
    kList,
    kListEnd,
    kMap,
    kMapEnd
  };
  Type type = Type::kNull;
  YamlPlace place{};        // with its tag and anchor
  std::string_view tag{};   // resolved; empty = none was written
  std::string_view text{};  // of a text; of an alias: its name
  std::uint32_t anchor =
      0;                // counted from 1 in a document; of an alias: the one it repeats; 0 = none
  bool quoted = false;  // in single or double quotes
  bool hidden = false;  // holds characters that cannot be seen, and not as escapes
};

// May throw YamlStop where reading cannot go on.
class YamlHandler {
 public:
  virtual ~YamlHandler() = default;
  virtual void On(const YamlEvent& event) = 0;
};

struct YamlStop {
  YamlPlace place;
  std::string message;
  std::string hint;
};

}  // namespace viasync::config
