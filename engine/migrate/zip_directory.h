// The two tables of contents of a zip, held against each other. Every entry is described twice: in
// the central directory at the end, and in front of its bytes. Programs read one or the other, so
// where they differ, two of them see two different zips.
//
//   local header   "PK\3\4" version flags method time date crc size unpacked name-len extra-len …
//   central entry  "PK\1\2" made-by version flags method time date crc size unpacked name-len
//                  extra-len comment-len disk attributes… offset …
//   end            "PK\5\6" disks… entries entries size offset comment-len …
//
// Zip64 (sizes of 4 GiB and more) keeps the large numbers in an extra field and in an end of its
// own.
#pragma once

#include <cstdint>
#include <istream>
#include <string>

#include "engine/base/result.h"

namespace viasync::migrate {

// What is wrong with the file: a sentence without its name, "holds …"; "" = nothing. `bytes`: of
// the file. Entries that are neither stored nor deflated, or that share bytes, are wrong, too.
std::string DirectoryProblem(std::istream& file, std::uint64_t bytes, std::size_t entries_max);

}  // namespace viasync::migrate
