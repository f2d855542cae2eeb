// Keeps the data file up to date: a thread that looks for changes five times a second and writes
// the state when there are any. The last word is written by Stop().
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "engine/base/result.h"
#include "engine/sandbox/world.h"

namespace viasync::sandbox {

class Saver {
 public:
  explicit Saver(World& world) : world_(world) {}
  ~Saver() { (void)Stop(); }

  // Saves once, so that a file that cannot be written is known at once, then keeps saving.
  base::Result<void> Start(const std::string& file);
  // Saves what is unsaved and ends the thread. Errors: of that last saving.
  base::Result<void> Stop();

 private:
  void Run();
  base::Result<void> SaveIfChanged();

  World& world_;
  std::string file_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::uint64_t saved_ = ~std::uint64_t{0};  // the change count that lies in the file
  std::thread thread_;
};

}  // namespace viasync::sandbox
