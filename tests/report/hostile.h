// Strings that an org might hold to attack who reads about them, and plans that hold them
// everywhere.
#pragma once

#include <array>
#include <string>

#include "tests/report/plans.h"

namespace viasync::report::test {

inline const std::array<std::string, 8> kHostile = {
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "</details></code><script>alert(1)</script>",
    "```\n# heading\n````",
    "`a` ``b`` @everyone #1 www.evil.example",
    "x | y \\| z \\",
    "\u202egnp.exe\u2066",
    "line\r\nbreak\ttab",
    "broken \xff\xfe utf-8",
};

inline Plan HostilePlan(const std::string& text) {
  auto create = FilterCreate(), update = FilterUpdate(), drift = FilterDrift();
  create.key = text;
  create.source.file = text;
  for (auto& field : create.fields) field.local = text;
  for (auto& field : update.fields) field.local = text;
  drift.modified_by = text;
  auto exclusion = ExclusionCreate(text);
  for (auto& field : exclusion.fields) field.local = text;
  auto removed = ExclusionDelete();
  removed.key = "sms:" + text + "@" + text;
  auto list = ListUpdate();
  list.key = text;
  list.fields[0].local = text;
  auto conflict = FilterConflict();
  conflict.change.key = text;
  conflict.reason = text;
  for (auto& field : conflict.change.fields) field.base = field.local = field.remote = text;
  Plan header = Header();
  header.environment = header.org = header.tool = header.base_from = text;
  header.warnings = {{.message = text + " `" + text + "`",
                      .hint = text,
                      .where = base::SourcePos{text, 1, 1},
                      .type = "voice",
                      .addresses = {text}}};
  return plan::MakePlan(header, {.changes = {create, update, drift, exclusion, removed, list},
                                 .conflicts = {conflict},
                                 .unmanaged = {{Kind::kFilter, text, text}}});
}

}  // namespace viasync::report::test
