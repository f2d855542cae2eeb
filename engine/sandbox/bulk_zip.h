// The zip of an export: one JSON file an object, `STRATEGY/ABC.json`, and `campaign.json` about the
// whole. The vendor's holds XML of its own form, which nobody but the vendor reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/sandbox/bulk.h"

namespace viasync::sandbox {

// `padding`: so many bytes of noise, stored as they are, for tests of large files.
std::string PackObjects(const std::vector<BulkObject>& objects, const std::string& comment,
                        std::int64_t padding);

// Nullopt: no zip, a damaged one, or one of another form.
std::optional<std::vector<BulkObject>> UnpackObjects(const std::string& zip);

}  // namespace viasync::sandbox
