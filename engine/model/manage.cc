#include "engine/model/manage.h"

#include <algorithm>

#include "engine/base/globs.h"

namespace viasync::model {

bool ManageRule::Owns(std::string_view name) const {
  auto matches = [&](const std::string& glob) { return base::GlobMatch(glob, name); };
  return std::ranges::any_of(include, matches) && !std::ranges::any_of(exclude, matches);
}

bool ManageRule::Ignores(std::string_view field) const {
  return std::ranges::find(ignore, field) != ignore.end();
}

}  // namespace viasync::model
