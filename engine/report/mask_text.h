// Numbers and mail addresses in free text, where nothing says what is what: an error quotes the
// value that it is about.
#pragma once

#include <string>
#include <string_view>

namespace viasync::report {

// `text` with each mail address, and each run of 7 digits or more that may be a number
// (`+1 (202) 555-0111`), masked as MaskAddress does. Days (`2026-01-05`) and digits inside a word
// (`sha256:0123…`) stay.
std::string MaskText(std::string_view text);

}  // namespace viasync::report
