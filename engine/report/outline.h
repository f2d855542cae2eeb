// A plan sorted for reading: what allows contact again first, then by kind, what is alike together,
// long runs cut. What the formats print is decided here once.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/report/document.h"
#include "engine/report/words.h"

namespace viasync::report {

// Changes of one kind, action and direction.
struct Block {
  std::vector<const reconcile::Change*> shown;  // never empty
  // What was cut: how many, by file (empty: declared in none), most first.
  std::vector<std::pair<std::string, std::size_t>> cut;
};

// `… and 1,030 more exclusions to create: 1,004 in config/dnc.csv, 26 in 2 other files`; empty =
// nothing was cut. The files' names are values.
Line CutLine(const Block& block, Purpose purpose);

struct KindCounts {
  std::size_t create = 0, update = 0, remove = 0, pull = 0, conflict = 0;
  friend bool operator==(const KindCounts&, const KindCounts&) = default;
};

struct OutlineSection {
  model::Kind kind{};
  KindCounts counts{};           // of all changes of the kind
  std::size_t unprotecting = 0;  // of these: they are in Outline::unprotecting instead
  std::vector<Block> blocks{};
};

struct Outline {
  // What allows contact again: pushes, and pulls, which take protection out of the files. All of
  // them, whatever `changes_max` is.
  std::vector<const reconcile::Change*> unprotecting, unprotecting_pulls;
  model::ByKind<OutlineSection> sections;
  std::vector<const reconcile::Conflict*> conflicts;
  std::size_t conflicts_cut = 0;
  std::size_t changes_cut = 0;
};

// Besides what allows contact again, at most about `changes_max` changes, shared fairly between the
// blocks, at least one of each; and as many conflicts. A comparison of two orgs allows nothing. The
// plan must outlive the outline.
Outline MakeOutline(const plan::Plan& plan, std::size_t changes_max,
                    Purpose purpose = Purpose::kApply);

// `2 to create, 1 drifted` (`1 to pull`, where it is pulled; `2 missing` of a comparison); empty =
// none.
std::string CountsText(const KindCounts& counts, Purpose purpose = Purpose::kApply);
// The counts of a section without its conflicts, and how many of its changes stand elsewhere.
std::string CountsText(const OutlineSection& section, Purpose purpose = Purpose::kApply);

}  // namespace viasync::report
