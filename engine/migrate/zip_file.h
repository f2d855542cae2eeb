// What a zip holds, without trusting it: nothing is unpacked to disk, every byte is read and its
// checksum compared, and what no honest export holds is refused: paths that lead out, links, more
// bytes than its size can explain, too many entries, encryption, a missing end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace viasync::migrate {

struct ZipEntry {
  std::string path;
  std::uint64_t bytes = 0;  // unpacked
  std::string type;         // of object, as far as the path says: `STRATEGY`; empty = it does not
  std::string name;         // of the object; empty with the type
};

struct ZipContent {
  std::vector<ZipEntry> entries;  // files alone, by path
  std::uint64_t file_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
  std::string sha256;  // of the file
};

struct ZipLimits {
  std::size_t entries_max = 100'000;
  std::size_t path_bytes_max = 1024;
  // Unpacked bytes against those of the file; what stays below the floor is not looked at.
  std::uint64_t ratio_max = 100;
  std::uint64_t ratio_floor = 8u << 20;
};

// Errors: kNotFound, kIo; kInvalid, which says what is wrong with it.
base::Result<ZipContent> InspectZip(const std::string& path, const ZipLimits& limits = {});

}  // namespace viasync::migrate
