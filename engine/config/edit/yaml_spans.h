// Where the nodes of a YAML file begin and end, byte by byte, and in which style they are written.
// Read with libfyaml, in one pass. What a file means is not decided here: that is yaml_reader.h's
// matter, and where the two disagree, nothing is edited.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace viasync::config {

enum class ScalarStyle : std::uint8_t { kPlain, kSingle, kDouble, kLiteral, kFolded };

inline bool IsBlock(ScalarStyle style) {
  return style == ScalarStyle::kLiteral || style == ScalarStyle::kFolded;
}

struct SpanNode {
  enum class Type : std::uint8_t { kNothing, kScalar, kAlias, kList, kMap };
  Type type = Type::kNothing;
  ScalarStyle style = ScalarStyle::kPlain;
  bool flow = false;       // a list in [], a map in {}
  bool anchored = false;   // and an alias repeats it
  std::uint32_t last = 0;  // index behind the last node inside this one
  // With an anchor and a tag in front; with quotes, brackets, the header of a block scalar. A block
  // scalar ends behind its last line that is not blank, in front of the line break.
  std::uint32_t outer_begin = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t body = 0;  // of a block scalar: its first line that is not blank
  std::uint32_t text_begin = 0;
  std::uint32_t text_size = 0;
  int line = 0;  // from 1
};

struct YamlSpans {
  std::vector<SpanNode> nodes;           // in the order of the file; a map's are keys and values
  std::vector<std::uint32_t> documents;  // their roots
  std::string texts;

  // Of a scalar: its value. Of an alias: the name.
  std::string_view TextOf(const SpanNode& node) const {
    return std::string_view(texts).substr(node.text_begin, node.text_size);
  }
};

// Errors: kInvalid, what libfyaml does not take.
base::Result<YamlSpans> ScanYaml(std::string_view text);

}  // namespace viasync::config
