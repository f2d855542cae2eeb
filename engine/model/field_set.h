// Which fields of a resource: a small set of places in its field table, with one place behind them.
// A million of them are held.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/model/by_kind.h"

namespace viasync::model {

class FieldSet {
 public:
  constexpr bool Has(std::size_t field) const { return (bits_ >> field & 1U) != 0; }
  constexpr void Add(std::size_t field) { bits_ = static_cast<Bits>(bits_ | Bit(field)); }
  constexpr void Remove(std::size_t field) { bits_ = static_cast<Bits>(bits_ & ~Bit(field)); }
  constexpr void Add(FieldSet other) { bits_ |= other.bits_; }
  constexpr void Remove(FieldSet other) { bits_ = static_cast<Bits>(bits_ & ~other.bits_); }
  friend constexpr bool operator==(FieldSet, FieldSet) = default;

 private:
  using Bits = std::uint16_t;
  static_assert(kFieldsMax + 1 <= 8 * sizeof(Bits), "a kind has more fields than a FieldSet holds");
  static constexpr unsigned Bit(std::size_t field) { return 1U << field; }

  Bits bits_ = 0;
};

}  // namespace viasync::model
