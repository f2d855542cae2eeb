// reference and timezones: what an org merely tells.
#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/org_flow.h"
#include "cli/table.h"
#include "engine/workflow/operations.h"

namespace viasync::cli {
namespace {

using workflow::Reference;

struct Kind {
  const char* name;
  Reference kind;
  std::vector<std::string> columns;  // of id, code, name, type: those it has
};

const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kKinds = {
      {"purposes", Reference::kPurposes, {"id", "name", "type"}},
      {"geocodes", Reference::kGeocodes, {"id", "name"}},
      {"dispositions", Reference::kDispositions, {"id", "code", "name", "type"}},
      {"number-types", Reference::kNumberTypes, {"id", "code", "name"}},
      {"schemas", Reference::kSchemas, {"id", "name", "description"}}};
  return kKinds;
}

std::string Column(const api::ReferenceItem& item, Reference kind, const std::string& name) {
  if (kind == Reference::kSchemas && name != "id") return name == "name" ? item.code : item.name;
  if (name == "id") return item.id;
  if (name == "code") return item.code;
  return name == "name" ? item.name : item.type;
}

ExitCode RunReference(const Globals& globals, const std::string& name, const std::string& format) {
  const Kind* kind = nullptr;
  for (const auto& known : Kinds()) {
    if (known.name == name) kind = &known;
  }
  auto opened = OpenOrgOf(globals);
  if (!opened) return Report(opened.error(), globals.directory);
  auto items = workflow::ReadReference(opened->org, kind->kind);
  if (!items) return Report(items.error());
  Table table{.columns = kind->columns, .rows = {}};
  for (const auto& item : *items) {
    auto& row = table.rows.emplace_back();
    for (const auto& column : kind->columns) row.push_back(Column(item, kind->kind, column));
  }
  std::cout << RenderTable(table, format, "the org has none");
  return ExitCode::kDone;
}

struct ZoneFlags {
  api::Place place;
  std::string format = "text";
  bool v2 = false;
};

ExitCode RunTimeZones(const Globals& globals, const ZoneFlags& flags) {
  auto opened = OpenOrgOf(globals);
  if (!opened) return Report(opened.error(), globals.directory);
  auto zones = workflow::ReadTimeZones(opened->org, flags.place, flags.v2);
  if (!zones) return Report(zones.error());
  Table table{.columns = {"id", "zone", "name"}, .rows = {}};
  for (const auto& zone : *zones) table.rows.push_back({zone.id, zone.olson, zone.display});
  std::cout << RenderTable(table, flags.format, "no time zone was found");
  return ExitCode::kDone;
}

}  // namespace

Run DefineReference(Args& args, const Globals& globals) {
  auto kind = std::make_shared<std::string>(), format = std::make_shared<std::string>("text");
  std::vector<std::string> names;
  for (const auto& known : Kinds()) names.emplace_back(known.name);
  args.Text("KIND", *kind, "purposes, geocodes, dispositions, number-types or schemas")
      .Required()
      .Choices(names);
  AddFormat(args, *format);
  return [&globals, kind, format] { return RunReference(globals, *kind, *format); };
}

Run DefineTimeZones(Args& args, const Globals& globals) {
  auto flags = std::make_shared<ZoneFlags>();
  args.Text("--postal-code", flags->place.postal_code, "looked up first, in its country")
      .Value("CODE");
  args.Text("--phone", flags->place.phone, "looked up where the postal code is not known")
      .Value("NUMBER");
  args.Text("--country", flags->place.country, "two letters").Value("CODE");
  args.Flag("--v2", flags->v2, "ask version 2 of the API, which finds one or none");
  AddFormat(args, flags->format);
  args.Footer("Without a postal code and a phone number, all time zones of the org are shown.");
  return [&globals, flags] { return RunTimeZones(globals, *flags); };
}

}  // namespace viasync::cli
