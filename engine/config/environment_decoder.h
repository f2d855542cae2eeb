// `environments` of viasync.yaml.
#pragma once

#include "engine/config/decode.h"
#include "engine/config/project.h"

namespace viasync::config {

void DecodeEnvironments(const FileContext& context, NodeRef node, Project& project);

}  // namespace viasync::config
