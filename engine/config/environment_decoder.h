// `environments` of viasync.yaml.
#pragma once

#include <string_view>

#include "engine/config/decode.h"
#include "engine/config/project.h"

namespace viasync::config {

// `default_region`: `US`, `GB`. Empty: reported.
std::string ReadPhoneRegion(const FileContext& context, NodeRef node);

void DecodeEnvironments(const FileContext& context, NodeRef node, Project& project);

// What an org or an environment may be called: part of host names and of paths, so nothing that
// means something there.
bool IsPlainName(std::string_view name);

}  // namespace viasync::config
