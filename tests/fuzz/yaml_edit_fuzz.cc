// Any bytes as a YAML file of the configuration, edited in place.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/edit_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  viasync::config::EditCheck({{"config/a.yaml", text}}, viasync::config::ChoicesOf(text)).Run();
  return 0;
}
