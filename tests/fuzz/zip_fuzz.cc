// Any bytes as the zip of an export: what it holds, or what is wrong with it.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/base/strings.h"
#include "engine/migrate/zip_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int fd = memfd_create("zip", MFD_CLOEXEC);
  static const std::string path = "/proc/self/fd/" + std::to_string(fd);
  if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != static_cast<ssize_t>(size)) return 0;
  constexpr viasync::migrate::ZipLimits kLimits{
      .entries_max = 1000, .path_bytes_max = 256, .ratio_max = 100, .ratio_floor = 1 << 20};
  auto content = viasync::migrate::InspectZip(path, kLimits);
  if (!content) {
    if (content.error().message.empty()) std::abort();
    return 0;
  }
  if (content->entries.size() > kLimits.entries_max) std::abort();
  for (const auto& entry : content->entries) {
    const auto& name = entry.path;
    const bool leads_out =
        name.starts_with('/') || name.starts_with("../") || name.find("/../") != std::string::npos;
    if (leads_out || name.size() > kLimits.path_bytes_max) std::abort();
  }
  return 0;
}
