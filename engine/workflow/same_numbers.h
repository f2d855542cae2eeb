// Numbers that the files and the org spell in different ways. Pure.
#pragma once

#include <string>
#include <vector>

#include "engine/model/resources.h"
#include "engine/plan/plan.h"

namespace viasync::workflow {

// A warning for each number that the files declare and that stands under another spelling in the
// files or in the org. Nothing without a `region`, in which numbers without a country are dialled.
std::vector<plan::Warning> WarnOfSameNumbers(
    const std::vector<model::Declared<model::Exclusion>>& declared,
    const std::vector<model::Remote<model::Exclusion>>& remote, const std::string& region);

}  // namespace viasync::workflow
