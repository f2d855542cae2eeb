// What viasync owns in an org. Everything else it never touches, and never counts as missing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/by_kind.h"

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
  ByKind<ManageRule> rules;
  const ManageRule& For(Kind kind) const { return rules[kind]; }
  ManageRule& For(Kind kind) { return rules[kind]; }
};

}  // namespace viasync::model
