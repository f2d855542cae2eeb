// Exclusions: a terse collection; what an answer to a write shows is its id at most.
#pragma once

#include "engine/api/calls.h"

namespace viasync::api {

template <>
struct Calls<model::Exclusion> : CallDefaults {
  using R = model::Exclusion;
  static constexpr bool kTerse = true;
  static Call<void> Stream(Target target, Receiver<R> to);
  static Call<model::Remote<R>> Get(Target target, std::string id);
  static Call<std::vector<model::Remote<R>>> Find(Target target, R key);
  // `exclusion.start` must be set.
  static Call<model::Remote<R>> Create(Target target, R exclusion);
  static Call<model::Remote<R>> Update(Target target, std::string id, std::int64_t version,
                                       R exclusion);
  static Call<void> Delete(Target target, std::string id);
};

// Terse entries of that type, address and list (compared here too: a server may ignore a filter).
Call<std::vector<model::Remote<model::Exclusion>>> FindTerse(Session& session,
                                                             model::Exclusion key);
// The same for every list; `list` (empty = any) spares the entries of others, but for all lists.
Call<std::vector<model::Remote<model::Exclusion>>> FindAddress(Session& session,
                                                               model::ContactType type,
                                                               std::string address,
                                                               std::string list = {});

// Those last modified within the range; whether the org takes its limits in is not said. Terse.
struct TimeRange {
  base::UtcTime from{}, to{};
};
Call<void> StreamModifiedExclusions(Session& session, TimeRange range,
                                    Receiver<model::Exclusion> to);

}  // namespace viasync::api
