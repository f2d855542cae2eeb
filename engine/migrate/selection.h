// Which objects travel: globs on names against what the org offers. Pure.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "engine/api/jobs.h"
#include "engine/base/result.h"
#include "engine/model/migration.h"

namespace viasync::migrate {

struct Chosen {
  std::string type;  // as requests spell it
  std::string name;
  std::string description;
  std::string because;  // `STRATEGY ABC` that refers to it; empty = asked for by name
};

struct Selection {
  std::vector<Chosen> objects;        // by type in the reference's order, then by name
  std::vector<std::string> dangling;  // `INPUTS X`: referred to, but not offered by the org
};

// `where` names the offer in errors: `acme-dev`, `spring.zip`. Errors: one for each name or pattern
// that matches nothing (with the nearest name; a lone `*` may match nothing), or for none at all.
std::expected<Selection, base::Errors> Select(const std::vector<api::BulkItem>& offer,
                                              const model::ObjectGlobs& wanted, bool related,
                                              const std::string& where);

// One entry a type.
std::vector<api::ObjectNames> ForRequest(const std::vector<Chosen>& objects);

// `TYPE=NAME` of a command line. Errors: kInvalid, with the nearest type.
base::Result<void> AddObjects(const std::string& text, model::ObjectGlobs& globs);

}  // namespace viasync::migrate
