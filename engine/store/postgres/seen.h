// How far the history of a server's store had come when it was last seen from here: a small file
// beside the repository. A server that knows less than that has lost something.
#pragma once

#include <optional>
#include <string>

#include "engine/store/lease.h"

namespace viasync::store {

struct Seen {
  std::string identity;  // of the environment in its database
  HistoryMark mark;
};

// nullopt: nothing is known, or the file is not as it was written.
std::optional<Seen> ReadSeen(const std::string& path);
// Best effort: without it a server that goes back in time is not noticed from here.
void WriteSeen(const std::string& path, const Seen& seen);

}  // namespace viasync::store
