// What viasync owns in an org. Everything else it never touches, and never counts as missing.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/resources.h"

namespace viasync::model {

// Globs on names. The default owns everything of the kind.
struct ManageRule {
  std::vector<std::string> include = {"*"};
  std::vector<std::string> exclude;
  std::vector<std::string> ignore;  // writable fields that are left to the UI
  bool Owns(std::string_view name) const;
  bool Ignores(std::string_view field) const;
};

struct Manage {
  std::array<ManageRule, 3> rules;  // by Kind
  const ManageRule& For(Kind kind) const { return rules[static_cast<std::size_t>(kind)]; }
  ManageRule& For(Kind kind) { return rules[static_cast<std::size_t>(kind)]; }
};

}  // namespace viasync::model
