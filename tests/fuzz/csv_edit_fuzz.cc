// Any bytes as a CSV file of exclusions, edited in place.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/edit_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  viasync::config::EditCheck(
      {{"config/all.csv", text}, {"config/e.yaml", "exclusions:\n  - from: all.csv\n"}},
      viasync::config::ChoicesOf(text))
      .Run();
  return 0;
}
