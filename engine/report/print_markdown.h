// A document as a comment on a pull request: what happens at a glance, the details folded, every
// value shown as code.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "engine/report/document.h"

namespace viasync::report {

// How much of each thing is shown.
struct MarkdownBounds {
  std::size_t lines = 60;         // of one criterion
  std::size_t chars = 300;        // of one value
  std::size_t bytes_max = 60000;  // of the whole
};

// Ends with a newline. nullopt: it would be longer than `bytes_max`.
std::optional<std::string> PrintMarkdown(const Document& document, const MarkdownBounds& bounds);

// Where nothing else fits: the head, as much of what allows contact again as there is room for, and
// that the rest is missing. At least 4,000 bytes are needed.
std::string PrintMarkdownHead(const Document& document, const MarkdownBounds& bounds);

}  // namespace viasync::report
