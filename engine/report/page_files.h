// The files of `page/`, which the build puts into the binary (BUILD).
#pragma once

#include <string_view>

namespace viasync::report {

std::string_view PageTemplate();
std::string_view ItemTemplate();
std::string_view PageStyle();
std::string_view PageScript();

}  // namespace viasync::report
