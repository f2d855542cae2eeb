// One entry of a section of YAML -> Entry<R>, by the kind's field table and its own rules.
#pragma once

#include "engine/config/decode.h"
#include "engine/config/entries.h"

namespace viasync::config {

// Appends to `layer`, or reports what is wrong.
void DecodeEntry(model::Kind kind, const FileContext& context, NodeRef item, Layer& layer);

}  // namespace viasync::config
