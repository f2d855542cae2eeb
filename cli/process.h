// What the process as a whole does to keep secrets to itself and to live through what is not its
// end.
#pragma once

namespace viasync::cli {

// Before anything else, and before there are threads.
void HardenProcess();

}  // namespace viasync::cli
