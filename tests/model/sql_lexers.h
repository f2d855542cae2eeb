// Lexers of five SQL dialects, written for the tests and apart from our own.
#pragma once

#include <string>
#include <string_view>

namespace viasync::model {

// The dialect that reads the two texts differently; empty = none does.
std::string Dissenter(std::string_view a, std::string_view b);

}  // namespace viasync::model
