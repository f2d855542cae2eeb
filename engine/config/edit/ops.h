// Edits of resources, taken apart into what happens to which entry of which file. Decides by what
// the entries mean; how they are written is not looked at.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/config/edit/edit.h"
#include "engine/config/edit/layers.h"
#include "engine/config/edit/yaml_editor.h"

namespace viasync::config {

struct FieldOp {
  std::size_t edit;
  EntryRef entry;
  std::size_t field;
  std::string value;  // trimmed; "" = written as nothing
  bool drop = false;  // the field leaves the entry
};

struct RemoveOp {
  std::size_t edit;
  EntryRef entry;
};

struct Ops {
  std::vector<FieldOp> fields;
  std::vector<RemoveOp> removed;
  std::vector<NewEntry> added;
  std::vector<Refusal> refused;
};

Ops PlanOps(std::span<const FileLayer> layers, std::span<const ResourceEdit> edits);

const model::Source& SourceOf(std::span<const FileLayer> layers, const EntryRef& entry);

// True for a row of a CSV file.
bool IsRow(std::span<const FileLayer> layers, const EntryRef& entry);

}  // namespace viasync::config
