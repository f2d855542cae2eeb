#include "engine/sandbox/saver.h"

#include "engine/sandbox/state.h"

namespace viasync::sandbox {

base::Result<void> Saver::Start(const std::string& file) {
  file_ = file;
  auto saved = SaveIfChanged();
  if (saved) thread_ = std::thread([this] { Run(); });
  return saved;
}

base::Result<void> Saver::Stop() {
  if (!thread_.joinable()) return {};
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  return SaveIfChanged();
}

void Saver::Run() {
  constexpr base::Millis kPeriod{200};
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kPeriod, [&] { return stopping_; })) {
    // A failure here is met again, and then told, by Stop().
    (void)SaveIfChanged();
  }
}

base::Result<void> Saver::SaveIfChanged() {
  std::uint64_t changes = world_.changes();
  if (changes == saved_) return {};
  std::string text;
  world_.WithOrgs(false, [&](World::Orgs& orgs) { text = WriteState(orgs); });
  auto saved = SaveState(file_, text);
  if (saved) saved_ = changes;
  return saved;
}

}  // namespace viasync::sandbox
