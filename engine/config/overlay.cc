#include "engine/config/overlay.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "engine/base/sort_indirect.h"
#include "engine/config/values.h"

namespace viasync::config {
namespace {

using model::StartOf;

// By key, start, then place: a total order, so that sorting forgets how entries were read.
template <class R>
bool Before(const Entry<R>& a, const Entry<R>& b) {
  if (auto order = model::Compare(a.value, b.value); order != 0) return order < 0;
  if (a.source.file != b.source.file) return a.source.file < b.source.file;
  return a.source.line < b.source.line;
}

template <class R>
bool SameKey(const Entry<R>& a, const Entry<R>& b) {
  return model::CompareKeys(a.value, b.value) == 0;
}

// Neighbours of one key that cannot be told apart.
template <class R>
bool Clash(const Entry<R>& a, const Entry<R>& b) {
  if (!SameKey(a, b)) return false;
  auto* start = StartOf(a.value);
  return !start || !*start || *start == *StartOf(b.value);
}

template <class R>
void ReportTwice(const Entry<R>& a, const Entry<R>& b, Problems& problems) {
  auto place = [](const Entry<R>& entry) { return PlaceOf(entry.source); };
  const auto& first = place(a) <= place(b) ? a : b;
  const auto& second = &first == &a ? b : a;
  std::string hint = "keep one of the two";
  if (StartOf(a.value)) hint += ", or give each a `start` of its own";
  problems.Add(place(second),
               std::string(model::KindName(model::kKindOf<R>)) + " " +
                   Quoted(model::KeyOf(second.value)) + " is declared twice, first in " +
                   PlaceText(first.source),
               hint);
}

template <class R>
void Sort(std::vector<Entry<R>>& entries) {
  base::SortIndirect(entries, Before<R>);
}

template <class R>
void ReportClashes(const std::vector<Entry<R>>& entries, Problems& problems) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (Clash(entries[i - 1], entries[i])) ReportTwice(entries[i - 1], entries[i], problems);
  }
}

// The overlay decides last, so the result counts as declared there.
template <class R>
void Merge(Entry<R>& to, const Entry<R>& change) {
  auto fields = model::Fields<R>();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].key && change.Gives(i)) fields[i].copy(to.value, change.value);
  }
  if (change.Gives(kAbsentPlace<R>)) to.absent = change.absent;
  to.emptied.Remove(change.given);
  to.emptied.Add(change.emptied);
  to.given.Add(change.given);
  to.source = change.source;
}

// The end of the run of entries that share the key of the first.
template <class R>
std::size_t RunEnd(const std::vector<Entry<R>>& entries, std::size_t begin) {
  std::size_t end = begin;
  while (end < entries.size() && SameKey(entries[begin], entries[end])) ++end;
  return end;
}

template <class R>
void LayOverRun(std::span<Entry<R>> base, std::span<Entry<R>> changes, std::vector<Entry<R>>& added,
                Problems& problems) {
  bool by_start = base.size() > 1 || changes.size() > 1;
  for (auto& change : changes) {
    auto target = base.begin();
    if (auto* start = StartOf(change.value); start && by_start) {
      if (!*start) {
        problems.Add(PlaceOf(change.source),
                     Quoted(model::KeyOf(change.value)) + " stands for several entries",
                     "add the `start` of the intended one; the first is in " +
                         PlaceText(base.empty() ? change.source : base.front().source));
        continue;
      }
      target = std::ranges::find_if(
          base, [&](const Entry<R>& entry) { return *StartOf(entry.value) == *start; });
    }
    if (target == base.end()) {
      added.push_back(std::move(change));
    } else {
      Merge(*target, change);
    }
  }
}

template <class R>
void LayOverKind(std::vector<Entry<R>>& base, std::vector<Entry<R>> overlay, Problems& problems) {
  std::vector<Entry<R>> added;
  auto by_key = [](const Entry<R>& a, const Entry<R>& b) {
    return model::CompareKeys(a.value, b.value) < 0;
  };
  for (std::size_t begin = 0, end = 0; begin < overlay.size(); begin = end) {
    end = RunEnd(overlay, begin);
    auto same = std::ranges::equal_range(base, overlay[begin], by_key);
    LayOverRun<R>(std::span(same.begin(), same.end()),
                  std::span(overlay).subspan(begin, end - begin), added, problems);
  }
  std::ranges::move(added, std::back_inserter(base));
  Sort(base);
}

}  // namespace

std::string PlaceText(const model::Source& source) {
  return source.file.str() + ":" + std::to_string(source.line);
}

void SortLayer(Layer& layer, Problems& problems) {
  model::ForEachKind([&]<class R> {
    Sort(layer.Of<R>());
    ReportClashes(layer.Of<R>(), problems);
  });
}

void LayOver(Layer& base, Layer overlay, Problems& problems) {
  bool clear = problems.empty();
  model::ForEachKind([&]<class R> {
    LayOverKind(base.Of<R>(), std::move(overlay.Of<R>()), problems);
    // Starts that an overlay adds or changes may clash; else what clashes is reported already.
    if (model::InfoOf<R>().several_per_key && clear) ReportClashes(base.Of<R>(), problems);
  });
  for (auto& [list, place] : overlay.list_filters) base.list_filters[list] = place;
}

}  // namespace viasync::config
