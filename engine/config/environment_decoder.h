// `environments` of viasync.yaml.
#pragma once

#include "engine/config/decode.h"
#include "engine/config/project.h"

namespace viasync::config {

// `default_region`: `US`, `GB`. Empty: reported.
std::string ReadPhoneRegion(const FileContext& context, NodeRef node);

void DecodeEnvironments(const FileContext& context, NodeRef node, Project& project);

}  // namespace viasync::config
