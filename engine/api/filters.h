// Filters (v3).
#pragma once

#include "engine/api/calls.h"

namespace viasync::api {

// They stream with "#<id>" as their schema; Resolve turns it into the name, where it has one. A
// filter whose schemaId is no schema of the org keeps "#<id>".
template <>
struct Calls<model::Filter> {
  using R = model::Filter;
  static constexpr bool kTerse = false;
  static Call<void> Stream(Target target, Receiver<R> to);
  static Call<model::Remote<R>> Get(Target target, std::string id);
  static Call<std::vector<model::Remote<R>>> Find(Target target, R key);
  static Call<model::Remote<R>> Create(Target target, R filter);
  static Call<model::Remote<R>> Update(Target target, std::string id, std::int64_t version,
                                       R filter);
  static Call<void> Delete(Target target, std::string id);
  static void Resolve(R& filter, const Schemas& schemas);
};

}  // namespace viasync::api
