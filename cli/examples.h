// The examples that the help of each command shows.
#pragma once

#include "cli/args.h"

namespace viasync::cli {

void AddExamples(Args& program);

}  // namespace viasync::cli
