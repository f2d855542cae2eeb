// Which lines of a block list are an entry's own. Used by the editor only.
#pragma once

#include <cstddef>

#include "engine/config/edit/yaml_file.h"

namespace viasync::config {

// Whole lines. Comments directly above the entry are its own, and so are those directly below that
// are indented like its fields. Where a comment is directly below one entry and directly above the
// next, those indented like fields are of the entry above if another comment, indented like the
// entries, follows; else they are of the entry below. What blank lines set off is nobody's.
struct Extent {
  std::size_t begin, end;
};

Extent ExtentOf(const YamlFile& file, const SectionSpan& section, std::size_t item);

// The begin of the line above `line_begin`'s; that line's own where there is none.
std::size_t LineAbove(std::string_view text, std::size_t line_begin);

}  // namespace viasync::config
