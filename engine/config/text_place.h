// Where a byte of a YAML scalar stands in its file. The parsers tell only where a scalar starts.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/base/result.h"
#include "engine/config/file_tree.h"

namespace viasync::config {

// `start` is the place of the scalar whose value is `text`. White space may be folded, indented and
// broken differently in the file, so the other bytes are counted. Falls back to `start`.
base::SourcePos PlaceInText(FileTree& files, const base::SourcePos& start, std::string_view text,
                            std::size_t offset);

}  // namespace viasync::config
