// Keeps the lease while a run is at work, waits for the org or for a person: a thread with a
// connection of its own renews it. At the same time the gate that everything sent to the org
// passes.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "engine/base/send_gate.h"
#include "engine/store/lease.h"
#include "engine/store/postgres/connection.h"
#include "engine/store/postgres/lease_row.h"

namespace viasync::store {

// Time that goes on while the machine sleeps.
base::Millis BootTime();

class LeaseKeeper final : public base::SendGate {
 public:
  // `asked`: when the lease was asked for. `new_server`: leases may be held that the server does
  // not know of; nothing is sent until they are over.
  LeaseKeeper(PostgresAddress address, LeasePlace place, std::int64_t epoch, std::string token,
              LeaseTimes times, base::Millis asked, bool new_server);
  ~LeaseKeeper() override;  // renews no more
  void Stop();

  Leave Ask() override;
  base::Error Why() override;
  void CutOff() override;
  base::Millis deadline() const override { return times_.deadline; }
  base::Millis linger() const override { return times_.linger; }

  // What a writing transaction found out, which renews the lease, too.
  void Renewed(base::Millis asked);
  void Refused(base::Error why);
  void Failed(base::Error why);
  // While one is under way the row is locked: nothing is renewed beside it.
  void Writing(bool now);

  // Nothing of this run can be under way to the org any more.
  bool IsQuiet();

 private:
  void Work(const std::stop_token& stop);
  void RenewNow();

  const PostgresAddress address_;
  const LeasePlace place_;
  const std::int64_t epoch_;
  const std::string token_;
  const LeaseTimes times_;
  const base::Millis open_at_;
  std::unique_ptr<Connection> connection_;  // of the thread

  std::mutex mutex_;
  std::condition_variable_any woken_;
  LeaseWatch watch_;
  bool writing_ = false;
  std::optional<base::Millis> cut_off_;
  std::jthread thread_;
};

}  // namespace viasync::store
