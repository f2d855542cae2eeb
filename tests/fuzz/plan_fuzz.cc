// Any bytes as a plan file: a plan or an error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/plan/plan_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)viasync::plan::PlanFromJson({reinterpret_cast<const char*>(data), size});
  return 0;
}
