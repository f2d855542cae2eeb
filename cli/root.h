// Where the repository's viasync.yaml is.
#pragma once

#include <string>

namespace viasync::cli {

// `directory`, or the nearest folder above it that holds viasync.yaml. The search ends where a Git
// repository begins: what lies outside of it is another project's. `directory` itself where there
// is none.
std::string FindRoot(const std::string& directory);

}  // namespace viasync::cli
