#include "engine/store/postgres/keeper.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "engine/base/times.h"

namespace viasync::store {
namespace {

// So often the thread looks at the time: one that was stopped must not sleep on.
constexpr base::Millis kLookEvery{250};

// Signals are the main thread's business.
class WithoutSignals {
 public:
  WithoutSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~WithoutSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

base::Millis BootTime() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return base::Millis(time.tv_sec * 1000 + time.tv_nsec / 1'000'000);
}

LeaseKeeper::LeaseKeeper(PostgresAddress address, LeasePlace place, std::int64_t epoch,
                         std::string token, LeaseTimes times, base::Millis asked, bool new_server)
    : address_(std::move(address)),
      place_(std::move(place)),
      epoch_(epoch),
      token_(std::move(token)),
      times_(times),
      open_at_(new_server ? asked + times.lease : asked),
      watch_(times, asked) {
  const WithoutSignals masked;
  thread_ = std::jthread([this](const std::stop_token& stop) { Work(stop); });
}

LeaseKeeper::~LeaseKeeper() { Stop(); }

void LeaseKeeper::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  woken_.notify_all();
  thread_.join();
}

void LeaseKeeper::Work(const std::stop_token& stop) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      const base::Millis wait = std::min(watch_.RenewAt() - BootTime(), kLookEvery);
      if (wait > base::Millis(0) || writing_) {
        woken_.wait_for(lock, stop, std::max(wait, base::Millis(10)), [] { return false; });
      }
      if (stop.stop_requested() || watch_.lost()) return;
      if (writing_ || watch_.RenewAt() > BootTime()) continue;
    }
    RenewNow();
  }
}

void LeaseKeeper::RenewNow() {
  const base::Millis asked = BootTime();
  auto failed = [&](const PostgresFailure& failure) {
    connection_.reset();
    Failed(Explain(failure, place_.shown));
  };
  if (!connection_) {
    auto opened = Connection::Open(address_, true, times_.lease / 4);
    if (!opened) return failed(opened.error());
    connection_ = std::move(*opened);
    connection_->SetPatience(times_.lease / 4);
  }
  auto ours = RenewLease(*connection_, place_, epoch_, token_);
  if (!ours) return failed(ours.error());
  if (*ours) return Renewed(asked);
  auto holder = ReadLease(*connection_, place_);
  Refused(TakenError(holder ? std::move(*holder) : std::nullopt, token_));
}

base::SendGate::Leave LeaseKeeper::Ask() {
  const std::lock_guard lock(mutex_);
  const Leave leave = watch_.Ask(BootTime());
  return leave == Leave::kGo && BootTime() < open_at_ ? Leave::kWait : leave;
}

base::Error LeaseKeeper::Why() {
  const std::lock_guard lock(mutex_);
  return watch_.lost().value_or(TakenError(std::nullopt, token_));
}

void LeaseKeeper::CutOff() {
  const std::lock_guard lock(mutex_);
  cut_off_ = BootTime();
}

void LeaseKeeper::Renewed(base::Millis asked) {
  const std::lock_guard lock(mutex_);
  watch_.Renewed(asked);
}

void LeaseKeeper::Refused(base::Error why) {
  const std::lock_guard lock(mutex_);
  watch_.Refused(std::move(why));
}

void LeaseKeeper::Failed(base::Error why) {
  const std::lock_guard lock(mutex_);
  why.kind = base::ErrorKind::kLeaseLost;
  why.message = fmt::format(
      "this run lost the lease on its environment: it could not be renewed "
      "for {}; {}",
      base::FormatDuration(times_.lease), why.message);
  why.hint =
      "Nothing more was sent. Once the server can be reached, run the command again: it "
      "settles what is open";
  watch_.Failed(BootTime(), std::move(why));
}

void LeaseKeeper::Writing(bool now) {
  const std::lock_guard lock(mutex_);
  writing_ = now;
  woken_.notify_all();
}

bool LeaseKeeper::IsQuiet() {
  const std::lock_guard lock(mutex_);
  if (BootTime() < open_at_) return false;
  return !cut_off_ || BootTime() - *cut_off_ > times_.linger + times_.margin;
}

}  // namespace viasync::store
