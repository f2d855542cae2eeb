// Lists: a terse collection (names only); nothing but the filter of an item can be changed.
#pragma once

#include "engine/api/calls.h"

namespace viasync::api {

template <>
struct Calls<model::List> : CallDefaults {
  using R = model::List;
  static constexpr bool kTerse = true;
  static Call<void> Stream(Target target, Receiver<R> to);
  static Call<model::Remote<R>> Get(Target target, std::string id);
  static Call<std::vector<model::Remote<R>>> Find(Target target, R key);
  // Sends the filter alone.
  static Call<model::Remote<R>> Update(Target target, std::string id, std::int64_t version, R list);
};

Call<void> StreamListsOfType(Session& session, model::ListType type,
                             Receiver<model::List> to);  // terse

}  // namespace viasync::api
