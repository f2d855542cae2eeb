// Values that come from variables: who uses one, and changing it where it is written.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/config/edit/layers.h"
#include "engine/config/edit/splice.h"

namespace viasync::config {

// True when the text refers to a variable; `$${` does not.
bool RefersToVariable(std::string_view text);

// The name, where the text is one variable and nothing else.
std::optional<std::string> OnlyVariable(std::string_view text);

// How often the files of the layers refer to each variable.
std::map<std::string, std::size_t> CountVariables(std::span<const FileLayer> layers,
                                                  FileTree& files);

// The change of `environments: NAME: variables: VARIABLE` in the text of viasync.yaml. Errors: it
// is written there in a way that cannot be changed safely.
base::Result<Splice> EditVariable(std::string_view project_text, const std::string& environment,
                                  const std::string& variable, const std::string& value,
                                  std::size_t edit);

}  // namespace viasync::config
