// One simulation: a scenario, some runs that are disturbed and killed, then calm ones until nothing
// is left to push; all from one seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace viasync::simulation {

struct Verdict {
  std::vector<std::string> broken;  // promises, with what broke them; empty = all were kept
  std::string digest;               // of every request, edit and report, in order
  // What happened, so that a test can tell that something did.
  int runs = 0, crashes = 0, interrupts = 0, writes = 0, her_edits = 0, rebased = 0, conflicts = 0,
      unknown = 0, settled = 0;
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

enum class Disk { kMemory, kSqlite };  // kSqlite: slower; a crash leaves the files as they lie

Verdict Simulate(std::uint64_t seed, Disk disk);

}  // namespace viasync::simulation
