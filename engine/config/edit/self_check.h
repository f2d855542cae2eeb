// Proves edited files by reading them: every entry is as before, but for what was asked. The
// project's own reader is the judge.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "engine/config/edit/file_builder.h"

namespace viasync::config {

struct CheckResult {
  std::set<std::size_t> wrong;                // edits that did not come out as asked
  std::map<std::size_t, base::Error> faulty;  // edits of which the reader says what is wrong
  std::optional<base::Error> unclear;         // something is wrong, but not whose fault it is
  bool good() const { return wrong.empty() && faulty.empty() && !unclear; }
};

struct CheckInput {
  FileTree& files;
  const Project& project;
  const Environment& environment;
  std::span<const FileLayer> before;
  std::span<const ResourceEdit> edits;
};

// The kinds of which something changes.
model::ByKind<bool> KindsIn(std::span<const ResourceEdit> edits);

CheckResult CheckEdited(const CheckInput& input, const Ops& ops, const BuiltFiles& built);

}  // namespace viasync::config
