#include "engine/report/outline.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>

#include "engine/base/strings.h"

namespace viasync::report {
namespace {

using reconcile::Change;

constexpr std::size_t kFilesNamed = 3;

using Group = std::vector<const Change*>;
using GroupKey = std::tuple<model::Kind, reconcile::Direction, bool, reconcile::Action>;

// Whoever goes comes before whoever keeps some protection.
void RemovalsFirst(Group& group) {
  std::ranges::stable_partition(
      group, [](const Change* change) { return change->action == reconcile::Action::kDelete; });
}

// The largest number of changes per group that keeps the sum within `changes_max`.
std::size_t ShownPerGroup(const std::map<GroupKey, Group>& groups, std::size_t changes_max) {
  std::vector<std::size_t> sizes;
  for (const auto& [key, group] : groups) sizes.push_back(group.size());
  std::ranges::sort(sizes);
  std::size_t left = changes_max;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    std::size_t share = left / (sizes.size() - i);
    if (sizes[i] > share) return std::max<std::size_t>(share, 1);
    left -= sizes[i];
  }
  return changes_max;
}

Block MakeBlock(const Group& group, std::size_t shown_max) {
  Block block;
  std::size_t shown = group.size() <= shown_max + 1 ? group.size() : shown_max;
  block.shown.assign(group.begin(), group.begin() + static_cast<std::ptrdiff_t>(shown));
  std::map<std::string, std::size_t> by_file;
  for (const auto* change : std::span(group).subspan(shown)) ++by_file[change->source.file.str()];
  for (const auto& [file, count] : by_file) block.cut.emplace_back(base::Printable(file), count);
  std::ranges::stable_sort(block.cut, std::greater(), &std::pair<std::string, std::size_t>::second);
  return block;
}

void Count(KindCounts& counts, const Change& change) {
  if (change.direction == reconcile::Direction::kPull)
    ++counts.pull;
  else if (change.action == reconcile::Action::kCreate)
    ++counts.create;
  else if (change.action == reconcile::Action::kUpdate)
    ++counts.update;
  else
    ++counts.remove;
}

}  // namespace

Line CutLine(const Block& block, Purpose purpose) {
  if (block.cut.empty()) return {};
  std::size_t all = 0, named = 0;
  for (const auto& [file, count] : block.cut) all += count;
  Line line = {{CutText(all, *block.shown.front(), purpose)}};
  auto place = [&](const std::string& file) {
    line.push_back(file.empty() ? Span{"no file"} : Span{file, true});
  };
  if (block.cut.size() == 1) {
    const auto& file = block.cut.front().first;
    if (file.empty()) return line;
    line.push_back({", in "});
    place(file);
    return line;
  }
  const std::size_t files = block.cut.size() > kFilesNamed + 1 ? kFilesNamed : block.cut.size();
  const char* separator = ": ";
  for (const auto& [file, count] : std::span(block.cut).first(files)) {
    line.push_back({separator + base::Thousands(count) + " in "});
    place(file);
    named += count;
    separator = ", ";
  }
  if (named == all) return line;
  line.push_back({", " + base::Thousands(all - named) + " in " +
                  base::Plural(block.cut.size() - files, "other file")});
  return line;
}

Outline MakeOutline(const plan::Plan& plan, std::size_t changes_max, Purpose purpose) {
  Outline outline;
  for (auto kind : model::kKinds) outline.sections[kind].kind = kind;
  auto section = [&](model::Kind kind) -> OutlineSection& { return outline.sections[kind]; };
  std::map<GroupKey, Group> groups;
  for (const auto& change : plan.changes) {
    Count(section(change.kind).counts, change);
    if (change.unprotects && purpose != Purpose::kDiff) {
      bool pull = change.direction == reconcile::Direction::kPull;
      (pull ? outline.unprotecting_pulls : outline.unprotecting).push_back(&change);
      ++section(change.kind).unprotecting;
      continue;
    }
    groups[{change.kind, change.direction, change.reverts_drift, change.action}].push_back(&change);
  }
  RemovalsFirst(outline.unprotecting);
  RemovalsFirst(outline.unprotecting_pulls);
  std::size_t shown_max = ShownPerGroup(groups, changes_max);
  for (const auto& [key, group] : groups) {
    Block block = MakeBlock(group, shown_max);
    outline.changes_cut += group.size() - block.shown.size();
    section(std::get<0>(key)).blocks.push_back(std::move(block));
  }
  for (const auto& conflict : plan.conflicts) {
    ++section(conflict.change.kind).counts.conflict;
    if (outline.conflicts.size() < changes_max)
      outline.conflicts.push_back(&conflict);
    else
      ++outline.conflicts_cut;
  }
  return outline;
}

std::string CountsText(const KindCounts& counts, Purpose purpose) {
  std::vector<std::string> parts;
  auto add = [&](std::size_t count, std::string_view words) {
    if (count) parts.push_back(base::Thousands(count) + " " + std::string(words));
  };
  const bool diff = purpose == Purpose::kDiff;
  add(counts.create, diff ? "missing" : "to create");
  add(counts.update, diff ? "different" : "to update");
  add(counts.remove, diff ? "extra" : "to delete");
  add(counts.pull, purpose == Purpose::kApply ? "drifted" : "to pull");
  add(counts.conflict, counts.conflict == 1 ? "conflict" : "conflicts");
  return base::Join(parts, ", ");
}

std::string CountsText(const OutlineSection& section, Purpose purpose) {
  auto counts = section.counts;
  counts.conflict = 0;  // they have a section of their own
  std::string text = CountsText(counts, purpose);
  if (section.unprotecting > 0) {
    text += "; " + base::Thousands(section.unprotecting) + " of these " +
            (section.unprotecting == 1 ? "is" : "are") + " listed above";
  }
  return text;
}

}  // namespace viasync::report
