// A plan sorted for reading: by kind, what is alike together, long runs cut. What the formats print
// is decided here once.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/report/words.h"

namespace viasync::report {

// Changes of one kind, action and direction.
struct Block {
  std::vector<const reconcile::Change*> shown;  // never empty
  // What was cut: how many, by file; the last names "N other files" where there are many.
  std::vector<std::pair<std::string, std::size_t>> cut;
};

struct KindCounts {
  std::size_t create = 0, update = 0, remove = 0, pull = 0, conflict = 0;
  friend bool operator==(const KindCounts&, const KindCounts&) = default;
};

struct Section {
  model::Kind kind;
  KindCounts counts;
  std::vector<Block> blocks;
};

struct Outline {
  std::vector<Section> sections;  // one per kind, also where it is empty
  std::vector<const reconcile::Conflict*> conflicts;
  std::size_t conflicts_cut = 0;
  std::size_t changes_cut = 0;
};

// At most about `changes_max` changes, shared fairly between the blocks, at least one of each; and
// as many conflicts. The plan must outlive the outline.
Outline MakeOutline(const plan::Plan& plan, std::size_t changes_max);

// `2 to create, 1 drifted` (`1 to pull`, where it is pulled; `2 missing` of a comparison); empty =
// none.
std::string CountsText(const KindCounts& counts, Purpose purpose = Purpose::kApply);

}  // namespace viasync::report
