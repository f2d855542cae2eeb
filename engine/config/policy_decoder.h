// `manage`, `limits`, `files` and `checks` of viasync.yaml.
#pragma once

#include "engine/config/decode.h"
#include "engine/config/project.h"
#include "engine/model/manage.h"
#include "engine/plan/limits.h"

namespace viasync::config {

void DecodeManage(const FileContext& context, NodeRef node, model::Manage& manage);

// Entries replace those of `limits`, the others stay.
void DecodeLimits(const FileContext& context, NodeRef node, plan::Limits& limits);

// Which files take new entries, and which are not to be read.
void DecodeFiles(const FileContext& context, NodeRef node, Project& project);

void DecodeChecks(const FileContext& context, NodeRef node, Checks& checks);

}  // namespace viasync::config
