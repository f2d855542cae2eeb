// What one layer of the repository (`config/`, or the overlay of an environment) declares, before
// the layers are laid over each other.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/strings.h"
#include "engine/model/fields.h"
#include "engine/model/resources.h"

namespace viasync::config {

// An entry as written. `given`: which fields stand there, by their place in model::Fields<R>().
template <class R>
struct Entry : model::Declared<R> {
  model::FieldSet given;
  bool Gives(std::size_t field) const { return given.Has(field); }
};
template <class R>
using Entries = std::vector<Entry<R>>;

// The place behind the fields: whether `absent` stands there.
template <class R>
inline constexpr std::size_t kAbsentPlace = model::InfoOf<R>().fields;

// A text of a file as the field takes it. In quotes, names and texts are taken as they are; all
// else has no use for blanks at its ends.
template <class R>
std::string_view AsRead(const model::Field<R>& field, std::string_view text, bool quoted) {
  bool words = field.shape == model::Shape::kName || field.shape == model::Shape::kText;
  return words && quoted ? text : base::Trim(text);
}

// A value of the org as a file takes it: only a name means something else without its blanks.
template <class R>
std::string_view ForFile(const model::Field<R>& field, std::string_view text) {
  return field.shape == model::Shape::kName ? text : base::Trim(text);
}

// A criterion that does not read as a condition. The org may hold it as it is, so whether this is
// an error is up to who knows what would be written.
struct CriteriaFault {
  std::string criteria;
  base::Error error;
};

// The entries of a kind: layer.Of<model::Filter>().
struct Layer : model::PerKind<Entries> {
  // Where `filter` of a list stands, by the list's name: for problems that show only later.
  std::map<std::string, base::SourcePos> list_filters;
  // CSV files that were read, with the place that names them.
  std::map<std::string, base::SourcePos> csv_files;
  std::vector<CriteriaFault> criteria_faults;
};

// `config/a.yaml:12`.
std::string PlaceText(const model::Source& source);
inline base::SourcePos PlaceOf(const model::Source& source) {
  return {source.file.str(), source.line, 0};
}

}  // namespace viasync::config
