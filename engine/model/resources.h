// A resource as each side of a comparison knows it: the files, the org, and the base between them.
// What the kinds are stands in kinds.h, what identifies a resource in keys.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/interned.h"
#include "engine/base/ports.h"
#include "engine/model/by_kind.h"
#include "engine/model/field_set.h"
#include "engine/model/keys.h"

namespace viasync::model {

// A resource as text: field name -> canonical text, in the order of the kind's field table, empty
// values left out.
using Values = std::vector<std::pair<std::string, std::string>>;

// Where in the user's files a resource is declared. Small: a million of them are held.
struct Source {
  base::Interned file;  // relative to the repository
  int line = 0;
};

// The local side: a resource as the repository declares it, after variables and overlays.
template <class R>
struct Declared {
  R value;
  Source source;
  bool absent = false;  // must not exist in the org
  FieldSet emptied;     // declared as a text that is empty (`reason: ""`), not left out
};

// The remote side: a resource as the org answered.
template <class R>
struct Remote {
  R value;
  std::string id;
  std::int64_t version = 0;  // what a write must carry; 0 while `detailed` is false
  bool detailed = true;      // false: only the terse collection entry was read
  base::Interned modified_by{};
  std::optional<base::UtcTime> modified_at{};
};

// The base: a resource as both sides last agreed.
template <class R>
struct Agreed {
  R value;                      // as declared
  std::optional<R> seen{};      // as the org stored it, where it rewrote the value
  bool keyed_by_start = false;  // stored under KeyWithStart, not KeyOf
};

template <class R>
using DeclaredOnes = std::vector<Declared<R>>;
template <class R>
using RemoteOnes = std::vector<Remote<R>>;
template <class R>
using AgreedOnes = std::vector<Agreed<R>>;

}  // namespace viasync::model
