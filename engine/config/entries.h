// What one layer of the repository (`config/`, or the overlay of an environment) declares, before
// the layers are laid over each other.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/fields.h"
#include "engine/model/resources.h"

namespace viasync::config {

// An entry as written. `given` knows which fields stand there: bit i = model::Fields<R>()[i].
template <class R>
struct Entry : model::Declared<R> {
  std::uint8_t given = 0;
  bool Gives(std::size_t field) const { return (given >> field & 1) != 0; }
};

// Behind the fields: whether `absent` stands there.
template <class R>
std::size_t AbsentBit() {
  return model::Fields<R>().size();
}

struct Layer {
  std::vector<Entry<model::Filter>> filters;
  std::vector<Entry<model::Exclusion>> exclusions;
  std::vector<Entry<model::List>> lists;
  // Where `filter` of a list stands, by the list's name: for problems that show only later.
  std::map<std::string, base::SourcePos> list_filters;
  // CSV files that were read, with the place that names them.
  std::map<std::string, base::SourcePos> csv_files;
};

// `config/a.yaml:12`.
std::string PlaceText(const model::Source& source);
inline base::SourcePos PlaceOf(const model::Source& source) {
  return {source.file.str(), source.line, 0};
}

}  // namespace viasync::config
