// The lines that errors are about, found in one pass over each file, however many errors there are.
#pragma once

#include <functional>
#include <memory>
#include <streambuf>
#include <string>

#include "engine/base/result.h"

namespace viasync::config {

// Puts the line as it stands in the file, but for secrets, into each error that has a place and no
// excerpt yet; long lines are cut. `open` gives the bytes of a file; null: it cannot be read, and
// its errors stay without a line. Errors keep their order.
void FillExcerpts(base::Errors& errors,
                  const std::function<std::unique_ptr<std::streambuf>(const std::string&)>& open);

}  // namespace viasync::config
