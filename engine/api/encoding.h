// How text gets into a URL, a form and a Basic header. Byte-wise.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace viasync::api {

// RFC 3986: everything but letters, digits and `-._~` becomes %XX.
std::string PercentEncode(std::string_view text);

// `a=1&b=x%20y`: good for a query and for application/x-www-form-urlencoded alike.
std::string EncodePairs(const std::vector<std::pair<std::string, std::string>>& pairs);

// As application/x-www-form-urlencoded has it: a blank becomes `+`.
std::string FormEncode(std::string_view text);

// The ways back. A `%` that begins no pair of digits stays.
std::string PercentDecode(std::string_view text);
std::string FormDecode(std::string_view text);

std::string Base64(std::string_view text);

// True when a header can carry the text: visible ASCII only.
bool FitsHeader(std::string_view text);

}  // namespace viasync::api
