// Any bytes as a row of the store: nothing, or a value that is written with the same bytes again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/store/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto key = text.substr(0, size / 8), bytes = text.substr(size / 8);
  if (auto values = viasync::store::DecodeValues(key, bytes)) {
    if (viasync::store::EncodeValues(key, *values) != bytes) std::abort();
  }
  if (auto record = viasync::store::DecodeRecord(key, bytes)) {
    if (viasync::store::EncodeRecord(key, *record) != bytes) std::abort();
  }
  if (auto move = viasync::store::DecodeMove(key, bytes)) {
    if (viasync::store::EncodeMove(key, *move) != bytes) std::abort();
  }
  // And what is written is read, whatever it holds.
  const viasync::store::Values values = {{"name", std::string(bytes)},
                                         {std::string(key), std::string(key)}};
  const std::string sealed = viasync::store::EncodeValues(key, values);
  const auto again = viasync::store::DecodeValues(key, sealed);
  if (!again || *again != values) std::abort();
  return 0;
}
