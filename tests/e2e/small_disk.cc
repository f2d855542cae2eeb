// A disk that becomes full, for one process: preloaded into it, this library lets it write
// SMALL_DISK_BYTES below the folder SMALL_DISK_FOLDER. What does not fit is cut off as the kernel
// cuts it off, and every later write fails with ENOSPC.
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

template <class F>
F Real(const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

bool IsOnTheDisk(int descriptor) {
  const char* folder = getenv("SMALL_DISK_FOLDER");
  if (!folder) return false;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size <= 0) return false;
  path[size] = '\0';
  const size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

std::atomic<std::int64_t>& Room() {
  static std::atomic<std::int64_t> room = [] {
    const char* bytes = getenv("SMALL_DISK_BYTES");
    return bytes ? strtoll(bytes, nullptr, 10) : 0;
  }();
  return room;
}

// How many of `wanted` bytes still fit; -1 = none, with errno.
ssize_t Take(int descriptor, size_t wanted) {
  if (wanted == 0 || !IsOnTheDisk(descriptor)) return static_cast<ssize_t>(wanted);
  const std::int64_t room = std::max<std::int64_t>(Room(), 0);
  const std::int64_t fits = std::min(room, static_cast<std::int64_t>(wanted));
  Room() -= fits;
  if (fits > 0) return fits;
  errno = ENOSPC;
  return -1;
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static const auto real = Real<ssize_t (*)(int, const void*, size_t)>("write");
  const ssize_t fits = Take(descriptor, size);
  return fits < 0 ? fits : real(descriptor, bytes, static_cast<size_t>(fits));
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
  static const auto real = Real<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  const ssize_t fits = Take(descriptor, size);
  return fits < 0 ? fits : real(descriptor, bytes, static_cast<size_t>(fits), offset);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  return pwrite64(descriptor, bytes, size, offset);
}

ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  ssize_t written = 0;
  for (int i = 0; i < count; ++i) {
    const ssize_t some = write(descriptor, parts[i].iov_base, parts[i].iov_len);
    if (some < 0) return written > 0 ? written : some;
    written += some;
    if (static_cast<size_t>(some) < parts[i].iov_len) break;
  }
  return written;
}

}  // extern "C"
