// The words in which changes are told to people, the same in text, Markdown and HTML. All
// that comes back is printable (base::Printable); escaping for a format is the format's own job.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/reconcile/change.h"

namespace viasync::report {

// What a plan is shown for: what changed in the org stays as it is, or goes into the files; or two
// orgs are compared, and the plan says what the second would need to be like the first.
enum class Purpose { kApply, kPull, kSync, kDiff };

// `0987•••2222`, `j•••@example.com`: enough to recognise an address one knows, not to contact it.
std::string MaskAddress(std::string_view type, std::string_view address);

// The key as people read it; masked where it holds an address.
std::string KeyText(model::Kind kind, std::string_view key, bool mask);

// `3 Nov 2017 23:20` in UTC; the seconds only where there are some, milliseconds never. No moment:
// as it is.
std::string MomentText(std::string_view canonical);
std::string MomentText(base::UtcTime time);
// With its zone, filled up to stand in a column: `3 Nov 2017 23:20 UTC    `.
inline constexpr std::size_t kMomentColumns = 24;
std::string MomentColumn(base::UtcTime time);

// A field as a change turns it from one value into another. nullopt = there was, or will be, none.
// Criteria are raw, since they have still to be split into lines; all else is printable.
struct FieldView {
  std::string name;
  bool criteria = false;
  base::OptionalText was, becomes;
};
// Without the key's fields and those without any value.
std::vector<FieldView> ViewFields(const reconcile::Change& change);

// A field in conflict, line by line: a criterion's local and remote as what they change in the
// base.
struct ConflictField {
  std::string name;
  std::vector<std::string> base, local, remote;
};
std::vector<ConflictField> ViewConflict(const reconcile::Change& change);

// One value for people: times in words, `no end`, `none`.
std::string ValueText(model::Kind kind, std::string_view field, std::string_view value);

// An exclusion as people think of it. For updates reason and period are empty.
struct ExclusionView {
  std::string type, address, list;  // address masked where asked; `all lists`
  std::string period;               // `3 Nov 2017 23:20 → 12 Nov 2017 23:20`
  std::string reason;
  std::string effect;  // `may be called again`; empty where nobody loses protection (unprotects)
};
ExclusionView ViewExclusion(const reconcile::Change& change, bool mask);

// What an update changes, in one line: `end: 3 Nov 2017 23:20 → no end`.
std::string UpdateText(const reconcile::Change& change);

// `by maria, 3 Nov 2017 23:20 UTC`: who last changed it in the org; empty = the org does not say.
std::string WhoChanged(const reconcile::Change& change);

// Whether a change is of something that the org has and the base does not know: nobody can tell
// whether the files or the org changed.
bool LacksBase(const reconcile::Change& change);

// `changed in the org by maria, 3 Nov 2017 23:20 UTC; apply leaves it alone`; for pushes over
// drift `takes back what maria did in the org, …`; for pushes without a base `last changed in the
// org by maria, …`; else empty. Where it is pulled, the note says
// what becomes of it instead.
std::string DriftNote(const reconcile::Change& change, Purpose purpose = Purpose::kApply);

// `config/filters.yaml:12`; empty = declared nowhere.
std::string SourceText(const model::Source& source);

// `… and 4,312 more exclusions to create`, for changes like `alike`.
std::string CutText(std::size_t count, const reconcile::Change& alike,
                    Purpose purpose = Purpose::kApply);

}  // namespace viasync::report
