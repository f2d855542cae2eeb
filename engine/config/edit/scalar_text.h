// A value as a YAML scalar: which style can hold it, and its text in that style. Every function is
// pure; what the text means when it is read again is for the reader to say.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/edit/yaml_spans.h"

namespace viasync::config {

// Where a scalar stands.
struct ScalarPlace {
  std::size_t indent = 0;  // of the lines of a block scalar, of further lines of the others
  std::string_view line_break = "\n";
};

// The style nearest to `wanted` that can hold `value`. Block styles are for block places only.
ScalarStyle FittingStyle(std::string_view value, ScalarStyle wanted, bool flow);

// True for the plain words that mean nothing: `~`, `null`.
bool IsNullWord(std::string_view value);

// True where YAML tools would take the plain text for a number, a yes/no or nothing.
bool LooksTyped(std::string_view value);

// In one line. Requires: FittingStyle returned `style`, one of plain, single, double.
std::string ScalarLine(std::string_view value, ScalarStyle style);

// Over several lines that are read as one, joined with a blank: the pieces of FoldLines.
std::string ScalarLines(const std::vector<std::string>& lines, ScalarStyle style,
                        const ScalarPlace& place);

// The lines of a block scalar, indented, without header and without a final line break.
std::string BlockBody(std::string_view value, ScalarStyle style, const ScalarPlace& place);

// Breaks a text of one line at blanks, so that no line is longer than `width` if that can be, and
// joining the lines with blanks gives the text again.
std::vector<std::string> FoldLines(std::string_view text, std::size_t width);

// The text as it must be written so that variables.h reads it as it is.
std::string EscapeVariables(std::string_view value);

}  // namespace viasync::config
