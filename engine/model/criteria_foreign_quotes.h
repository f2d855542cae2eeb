// Literals that only some dialects know: what a backslash quotes, Oracle's q'[…]', PostgreSQL's
// $tag$…$tag$.
#pragma once

#include <string>
#include <string_view>

namespace viasync::model {

// The text as a dialect that knows these literals may read it, with harmless letters in place of
// what they quote. As long as `text`, byte for byte; equal to it where it holds none of them.
std::string WithForeignQuotes(std::string_view text);

}  // namespace viasync::model
