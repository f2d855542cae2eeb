// What outlives a process: the store, in memory or in SQLite's files.
#pragma once

#include <memory>
#include <string>

#include "engine/base/ports.h"
#include "engine/store/store.h"

namespace viasync::simulation {

class DiskPort {
 public:
  virtual ~DiskPort() = default;
  // The store for a new run; the one before is gone.
  virtual store::Store& Open(const std::string& run) = 0;
  // The process dies now: what is on disk at this moment is what the next one finds.
  virtual void Freeze() = 0;
  // The run ended by itself.
  virtual void Close() = 0;
};

// Requires: `clock` outlives the disk.
std::unique_ptr<DiskPort> MemoryDisk(base::Clock& clock);
// Its files go with it.
std::unique_ptr<DiskPort> SqliteDisk(base::Clock& clock);

}  // namespace viasync::simulation
