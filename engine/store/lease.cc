#include "engine/store/lease.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"

namespace viasync::store {

LeaseTimes LeaseTimes::Of(base::Millis lease) {
  return {.lease = lease,
          .renew_every = lease / 4,
          .retry_every = std::max(lease / 60, base::Millis(50)),
          .deadline = lease / 3,
          .linger = lease / 12,
          .margin = lease / 12};
}

void LeaseWatch::Renewed(base::Millis asked) {
  renewed_ = std::max(renewed_, asked);
  failed_.reset();
}

void LeaseWatch::Refused(base::Error why) {
  if (!lost_) lost_ = std::move(why);
}

void LeaseWatch::Failed(base::Millis now, base::Error why) {
  failed_ = now;
  if (now - renewed_ >= times_.lease) Refused(std::move(why));
}

base::SendGate::Leave LeaseWatch::Ask(base::Millis now) const {
  using Leave = base::SendGate::Leave;
  if (lost_) return Leave::kNever;
  return now - renewed_ > times_.may_send() ? Leave::kWait : Leave::kGo;
}

base::Millis LeaseWatch::RenewAt() const {
  const base::Millis regular = renewed_ + times_.renew_every;
  return failed_ ? std::max(regular, *failed_ + times_.retry_every) : regular;
}

Fate JudgeLostAnswer(const LeaseRow& row, const std::string& token, const HistoryMark& before,
                     const HistoryMark& after) {
  if (row.mark.epoch < before.epoch) return Fate::kWentBack;
  if (row.mark.epoch > before.epoch || row.token != token) return Fate::kTaken;
  if (row.mark == after) return Fate::kDone;
  return row.mark == before ? Fate::kNotDone : Fate::kWentBack;
}

std::optional<std::string> WhatIsMissing(const HistoryMark& seen, const HistoryMark& now,
                                         const std::optional<std::string>& chain_then) {
  if (now.batch < seen.batch) {
    return fmt::format("it has {} of the {} known here", now.batch,
                       base::Plural(static_cast<std::size_t>(seen.batch), "transaction"));
  }
  if (chain_then != seen.chain) {
    return fmt::format("transaction {} is not the one that is known here", seen.batch);
  }
  if (now.epoch < seen.epoch) {
    return fmt::format("it has seen {} of the {} known here", now.epoch,
                       base::Plural(static_cast<std::size_t>(seen.epoch), "holder"));
  }
  return std::nullopt;
}

std::string NextLink(std::string_view link, std::string_view content) {
  std::string text(link);
  text += '\0';
  text += content;
  const std::string hex = base::Sha256Hex(text);
  std::string bytes;
  auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(value(hex[i]) << 4 | value(hex[i + 1]));
  }
  return bytes;
}

}  // namespace viasync::store
