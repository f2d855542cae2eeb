// How the entries of a section are written, so that a new one, or a new field, looks like them.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/edit/scalar_text.h"
#include "engine/config/edit/yaml_file.h"
#include "engine/model/fields.h"

namespace viasync::config {

struct SectionStyle {
  bool flow_items = false;      // - {name: …}
  bool blocks = true;           // block scalars may be used
  bool blank_between = false;   // an empty line between two entries
  std::size_t dash_indent = 2;  // blanks in front of the `-`
  std::size_t key_offset = 2;   // from the `-` to the keys
  std::size_t body_offset = 2;  // from the keys to the lines of a block scalar
  std::string key_quote;        // around keys
  std::string block_header = "|";
  // By field of the kind: the style most entries use; plain numbers and the like, if they do.
  std::array<std::optional<ScalarStyle>, model::kFieldsMax> styles;
  std::array<bool, model::kFieldsMax> plain_typed{};
  std::vector<std::size_t> order;  // of the fields

  // For a place where a block scalar would go on with what is below.
  SectionStyle WithoutBlocks() const;
};

// For a file in which nothing of the kind stands.
SectionStyle DefaultStyle(model::Kind kind);

SectionStyle StyleOf(const YamlFile& file, const SectionSpan& section);

// Of the field at a place of the kind's table.
bool IsCriteria(model::Kind kind, std::size_t field);
bool IsTime(model::Kind kind, std::size_t field);

// True for a text that people write; names and addresses may hold a line break only as an escape,
// since it cannot be seen.
bool MayHaveLines(model::Kind kind, std::size_t field);

// A value as it is to be written.
struct Scalar {
  ScalarStyle style;
  std::string text;  // with `${` escaped, criteria laid out
};

// The value of a field for a new place.
Scalar NewScalar(model::Kind kind, std::size_t field, std::string_view value,
                 const SectionStyle& style, bool flow);

// `key: value` for a new line whose keys stand at column `indent`, without a final line break.
std::string FieldText(model::Kind kind, std::size_t field, std::string_view value,
                      const SectionStyle& style, std::size_t indent, std::string_view line_break);

// `key: value` inside {}.
std::string FlowFieldText(model::Kind kind, std::size_t field, std::string_view value,
                          const SectionStyle& style);

// A whole entry without its `-`: as {…}, or as lines whose keys stand at column `indent` (the first
// without its blanks), without a final line break.
std::string EntryText(model::Kind kind, const model::Values& values, const SectionStyle& style,
                      bool flow, std::size_t indent, std::string_view line_break);

}  // namespace viasync::config
