#include "engine/plan/plan_json.h"

#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/plan/json_stream.h"
#include "engine/plan/signature.h"

namespace viasync::plan {
namespace {

using Json = nlohmann::ordered_json;

using reconcile::Change;
using reconcile::Direction;

Json OrNull(const base::OptionalText& text) { return text ? Json(*text) : Json(nullptr); }

Json FieldToJson(const reconcile::FieldChange& field) {
  Json json = {{"name", field.name},
               {"base", OrNull(field.base)},
               {"local", OrNull(field.local)},
               {"remote", OrNull(field.remote)}};
  if (field.merged) json["merged"] = *field.merged;
  return json;
}

// What a change and a conflict have in common.
Json Head(const Change& change) {
  Json json = {{"kind", model::KindName(change.kind)},
               {"key", change.key},
               {"id", change.id.empty() ? Json(nullptr) : Json(change.id)},
               {"version", change.id.empty() ? Json(nullptr) : Json(change.version)}};
  return json;
}

void Tail(Json& json, const Change& change) {
  json["source"] = change.source.file.empty()
                       ? Json(nullptr)
                       : Json{{"file", change.source.file.str()}, {"line", change.source.line}};
  if (!change.modified_by.empty()) json["modifiedBy"] = change.modified_by.str();
  if (change.modified_at) json["modifiedAt"] = base::FormatTime(*change.modified_at);
  json["fields"] = Json::array();
  for (const auto& field : change.fields) json["fields"].push_back(FieldToJson(field));
}

Json ChangeToJson(const Change& change) {
  Json json = Head(change);
  json["action"] = reconcile::ActionName(change.action);
  json["direction"] = reconcile::DirectionName(change.direction);
  if (model::InfoOf(change.kind).protects) {
    json["protects"] = change.protects;
    if (change.protected_until) json["protectedUntil"] = base::FormatTime(*change.protected_until);
    if (change.unprotects) json["unprotects"] = true;
  }
  if (change.reverts_drift) json["revertsDrift"] = true;
  Tail(json, change);
  return json;
}

std::string_view ConflictName(reconcile::ConflictKind kind) {
  switch (kind) {
    case reconcile::ConflictKind::kBothChanged:
      return "both-changed";
    case reconcile::ConflictKind::kDeletedAndChanged:
      return "deleted-and-changed";
    case reconcile::ConflictKind::kAmbiguous:
      return "ambiguous";
  }
  return {};
}

Json ConflictToJson(const reconcile::Conflict& conflict) {
  Json json = Head(conflict.change);
  json["conflict"] = ConflictName(conflict.kind);
  json["reason"] = conflict.reason;
  Tail(json, conflict.change);
  return json;
}

Json OptionsToJson(const Options& options) {
  Json json = Json::object();
  if (options.prune) json["prune"] = true;
  if (options.revert_drift) json["revertDrift"] = true;
  if (options.skip_conflicts) json["skipConflicts"] = true;
  if (!options.base_ref.empty()) json["baseRef"] = options.base_ref;
  if (options.trust_base) json["trustBase"] = true;
  if (!options.prefer.empty()) json["prefer"] = options.prefer;
  if (!options.prefer_key.empty()) json["preferKey"] = options.prefer_key;
  if (!options.limits.empty()) json["limits"] = options.limits;
  return json;
}

Json SummaryToJson(const Summary& s) {
  return {
      {"create", s.create},       {"update", s.update},       {"delete", s.remove},
      {"unprotect", s.unprotect}, {"pull", s.pull},           {"pullUnprotect", s.pull_unprotect},
      {"conflict", s.conflict},   {"unchanged", s.unchanged}, {"unmanaged", s.unmanaged}};
}

// Whoever reads the document from its top reads these first; `changes` is in the order of writing.
void WriteUnprotecting(JsonStream& stream, const Plan& plan) {
  stream.BeginArray("unprotecting");
  for (const auto& change : plan.changes) {
    if (!change.unprotects) continue;
    stream.Element({{"key", change.key},
                    {"action", reconcile::ActionName(change.action)},
                    {"direction", reconcile::DirectionName(change.direction)}});
  }
  stream.EndArray();
}

Json ExceededToJson(const Exceeded& exceeded) {
  return {{"limit", exceeded.limit},
          {"value", exceeded.value},
          {"allowed", exceeded.allowed},
          {"count", exceeded.count},
          {"population", exceeded.population}};
}

Json PopulationToJson(const Population& population) {
  Json json = Json::object();
  for (auto kind : model::kKinds) json[std::string(model::KindPlural(kind))] = population[kind];
  return json;
}

Json WarningToJson(const Warning& warning) {
  Json json = {{"message", warning.message}};
  if (!warning.hint.empty()) json["hint"] = warning.hint;
  if (!warning.addresses.empty()) {
    json["type"] = warning.type;
    json["addresses"] = warning.addresses;
  }
  if (warning.where) {
    const auto& [file, line, column] = *warning.where;
    json["source"] = {{"file", file}, {"line", line}, {"column", column}};
  }
  return json;
}

template <class Items, class ToJson>
void WriteArray(JsonStream& stream, std::string_view name, const Items& items,
                const ToJson& to_json) {
  stream.BeginArray(name);
  for (const auto& item : items) stream.Element(to_json(item));
  stream.EndArray();
}

void Write(JsonStream& stream, const Plan& plan) {
  stream.Member("format", kFormat);
  stream.Member("id", plan.id);
  stream.Member("tool", plan.tool);
  stream.Member("environment", plan.environment);
  stream.Member("org", plan.org);
  stream.Member("created", base::FormatTime(plan.created));
  stream.Member("base", plan.base_from);
  stream.Member("options", OptionsToJson(plan.options));
  stream.Member("summary", SummaryToJson(plan.summary));
  WriteArray(stream, "exceeded", plan.exceeded, ExceededToJson);
  WriteUnprotecting(stream, plan);
  WriteArray(stream, "warnings", plan.warnings, WarningToJson);
  stream.Member("population", PopulationToJson(plan.population));
  WriteArray(stream, "renames", plan.renames, [](const Rename& one) {
    return Json{{"from", one.from}, {"to", one.to}};
  });
  WriteArray(stream, "changes", plan.changes, ChangeToJson);
  WriteArray(stream, "conflicts", plan.conflicts, ConflictToJson);
  WriteArray(stream, "unmanaged", plan.unmanaged, [](const reconcile::Unmanaged& one) {
    return Json{{"kind", model::KindName(one.kind)}, {"key", one.key}, {"id", one.id}};
  });
}

// What is hashed and signed: the bytes must not depend on what is escaped for people.
std::string Plain(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Checksum(const Json& without) { return "sha256:" + base::Sha256Hex(Plain(without)); }

// --- reading ------------------------------------------------------------------------------------

// Thrown inside this file only, and caught in PlanFromJson. `where` is a JSON pointer.
struct Bad {
  std::string what;
  std::string where{};
};

template <class T>
T Get(const Json& json, const char* name) {
  if (!json.is_object() || !json.contains(name))
    throw Bad{std::string("`") + name + "` is missing"};
  try {
    return json.at(name).get<T>();
  } catch (const Json::exception&) {
    throw Bad{std::string("`") + name + "` has the wrong type"};
  }
}

std::optional<std::string> GetOrNull(const Json& json, const char* name) {
  if (!json.contains(name) || json.at(name).is_null()) return std::nullopt;
  return Get<std::string>(json, name);
}

base::UtcTime GetTime(const Json& json, const char* name) {
  auto time = base::ParseTime(Get<std::string>(json, name));
  if (!time) throw Bad{std::string("`") + name + "` is not a valid time"};
  return *time;
}

model::Kind GetKind(const Json& json) {
  auto kind = model::ParseKind(Get<std::string>(json, "kind"));
  if (!kind) {
    std::vector<std::string> names;
    for (auto known : model::kKinds) names.emplace_back(model::KindName(known));
    throw Bad{"`kind` is none of " + base::Join(names, ", ")};
  }
  return *kind;
}

// Reads every item of the array `name`, and says which one is bad.
template <class Each>
void ForEachItem(const Json& json, const char* name, Each each) {
  if (!json.is_object() || !json.contains(name)) {
    throw Bad{std::string("`") + name + "` is missing"};
  }
  const Json& array = json.at(name);
  if (!array.is_array()) throw Bad{std::string("`") + name + "` is not an array"};
  std::size_t index = 0;
  for (const auto& item : array) {
    std::string pointer = std::string("/") + name + "/" + std::to_string(index++);
    try {
      each(item);
    } catch (const Bad& bad) {
      throw Bad{bad.what, pointer + bad.where};
    } catch (const Json::exception&) {
      throw Bad{"a value has the wrong type", pointer};
    }
  }
}

model::Source SourceFromJson(const Json& json) {
  if (!json.contains("source") || json.at("source").is_null()) return {};
  const Json& source = json.at("source");
  return {base::Interned(Get<std::string>(source, "file")), Get<int>(source, "line")};
}

Warning WarningFromJson(const Json& json) {
  Warning warning{.message = Get<std::string>(json, "message"),
                  .hint = GetOrNull(json, "hint").value_or("")};
  if (json.contains("source")) {
    const Json& source = json.at("source");
    warning.where = base::SourcePos{Get<std::string>(source, "file"), Get<int>(source, "line"),
                                    Get<int>(source, "column")};
  }
  if (!json.contains("addresses")) return warning;
  warning.type = Get<std::string>(json, "type");
  warning.addresses = Get<std::vector<std::string>>(json, "addresses");
  return warning;
}

Change ChangeFromJson(const Json& json) {
  Change change;
  change.kind = GetKind(json);
  change.key = Get<std::string>(json, "key");
  change.id = GetOrNull(json, "id").value_or("");
  if (!change.id.empty()) change.version = Get<std::int64_t>(json, "version");
  change.source = SourceFromJson(json);
  if (auto by = GetOrNull(json, "modifiedBy")) change.modified_by = *by;
  if (json.contains("modifiedAt")) change.modified_at = GetTime(json, "modifiedAt");
  change.protects = json.value("protects", !model::InfoOf(change.kind).protects);
  if (json.contains("protectedUntil")) change.protected_until = GetTime(json, "protectedUntil");
  change.reverts_drift = json.value("revertsDrift", false);
  ForEachItem(json, "fields", [&](const Json& field) {
    change.fields.push_back({Get<std::string>(field, "name"), GetOrNull(field, "base"),
                             GetOrNull(field, "local"), GetOrNull(field, "remote"),
                             GetOrNull(field, "merged")});
  });
  return change;
}

void ReadVerb(Change& change, const Json& json) {
  const auto action = reconcile::ParseAction(Get<std::string>(json, "action"));
  if (!action) throw Bad{"`action` is none of create, update, delete"};
  change.action = *action;
  auto direction = Get<std::string>(json, "direction");
  if (direction == "push")
    change.direction = Direction::kPush;
  else if (direction == "pull")
    change.direction = Direction::kPull;
  else
    throw Bad{"`direction` is neither push nor pull"};
}

reconcile::Conflict ConflictFromJson(const Json& json) {
  reconcile::Conflict conflict;
  conflict.change = ChangeFromJson(json);
  conflict.reason = Get<std::string>(json, "reason");
  auto name = Get<std::string>(json, "conflict");
  for (auto kind :
       {reconcile::ConflictKind::kBothChanged, reconcile::ConflictKind::kDeletedAndChanged,
        reconcile::ConflictKind::kAmbiguous}) {
    if (ConflictName(kind) == name) {
      conflict.kind = kind;
      return conflict;
    }
  }
  throw Bad{"`conflict` is none that is known"};
}

Options OptionsFromJson(const Json& json) {
  return {.prune = json.value("prune", false),
          .revert_drift = json.value("revertDrift", false),
          .skip_conflicts = json.value("skipConflicts", false),
          .base_ref = json.value("baseRef", ""),
          .trust_base = json.value("trustBase", false),
          .prefer = json.value("prefer", ""),
          .prefer_key = json.value("preferKey", std::map<std::string, std::string>{}),
          .limits = json.value("limits", std::map<std::string, std::string>{})};
}

std::optional<base::Error> CheckSignature(const Json& without,
                                          const std::optional<std::string>& signature,
                                          std::string_view key) {
  if (signature && SignatureMatches(*signature, Plain(without), key)) return std::nullopt;
  return base::Error{.kind = base::ErrorKind::kInvalid,
                     .message = signature ? "the plan's signature does not match VIASYNC_PLAN_KEY"
                                          : "the plan is not signed, and VIASYNC_PLAN_KEY is set",
                     .hint = "plan again where the same key is set, and apply that"};
}

Plan FromJson(const Json& json) {
  Plan header;
  header.tool = Get<std::string>(json, "tool");
  header.environment = Get<std::string>(json, "environment");
  header.org = Get<std::string>(json, "org");
  header.created = GetTime(json, "created");
  header.base_from = Get<std::string>(json, "base");
  header.options = OptionsFromJson(Get<Json>(json, "options"));
  auto population = Get<Json>(json, "population");
  for (auto kind : model::kKinds) {
    header.population[kind] = Get<std::size_t>(population, model::KindPlural(kind).data());
  }
  // What follows from the changes (`unprotecting`, `renames`, most of `summary`) is not read.
  if (json.contains("exceeded")) {
    ForEachItem(json, "exceeded", [&](const Json& item) {
      header.exceeded.push_back({Get<std::string>(item, "limit"), Get<std::string>(item, "value"),
                                 Get<std::size_t>(item, "allowed"), Get<std::size_t>(item, "count"),
                                 Get<std::size_t>(item, "population")});
    });
  }
  if (json.contains("warnings")) {
    ForEachItem(json, "warnings",
                [&](const Json& item) { header.warnings.push_back(WarningFromJson(item)); });
  }
  Decisions decisions;
  ForEachItem(json, "changes", [&](const Json& item) {
    decisions.changes.push_back(ChangeFromJson(item));
    ReadVerb(decisions.changes.back(), item);
  });
  ForEachItem(json, "conflicts",
              [&](const Json& item) { decisions.conflicts.push_back(ConflictFromJson(item)); });
  ForEachItem(json, "unmanaged", [&](const Json& item) {
    decisions.unmanaged.push_back(
        {GetKind(item), Get<std::string>(item, "key"), Get<std::string>(item, "id")});
  });
  decisions.unchanged = Get<std::size_t>(Get<Json>(json, "summary"), "unchanged");
  return MakePlan(std::move(header), std::move(decisions));
}

}  // namespace

void WritePlanJson(const Plan& plan, std::string_view key,
                   const std::function<void(std::string_view)>& write) {
  JsonStream stream(write, /*keep_plain=*/!key.empty());
  Write(stream, plan);
  stream.Member("checksum", "sha256:" + stream.Sha256());
  if (!key.empty()) stream.Member("signature", Sign(stream.Plain(), key));
  stream.End();
}

std::string PlanToJson(const Plan& plan, std::string_view key) {
  std::string text;
  WritePlanJson(plan, key, [&text](std::string_view part) { text += part; });
  return text;
}

base::Result<Plan> PlanFromJson(std::string_view text, std::string_view key) {
  constexpr auto kInvalid = base::ErrorKind::kInvalid;
  Json json = base::ParseOrderedJson(text);
  if (!json.is_object()) {
    return base::Fail(kInvalid, "this is not a plan: not a JSON object",
                      "give the file that `viasync plan --out FILE` wrote");
  }
  try {
    if (auto format = Get<std::string>(json, "format"); format != kFormat) {
      return base::Fail(kInvalid,
                        "the plan has the format `" + base::Printable(format) + "`, this viasync " +
                            "reads " + std::string(kFormat),
                        "plan again with this viasync");
    }
    auto signature = GetOrNull(json, "signature");
    json.erase("signature");
    if (!key.empty()) {
      if (auto wrong = CheckSignature(json, signature, key)) return base::Fail(std::move(*wrong));
    }
    auto checksum = Get<std::string>(json, "checksum");
    auto id = Get<std::string>(json, "id");
    Plan plan = FromJson(json);
    json.erase("checksum");
    if (plan.id != id || Checksum(json) != checksum) {
      return base::Fail(kInvalid, "the plan was edited: its content does not match its checksum",
                        "a plan is applied as it was reviewed or not at all; plan again");
    }
    return plan;
  } catch (const Bad& bad) {
    std::string where = bad.where.empty() ? std::string() : " at " + bad.where;
    return base::Fail(kInvalid, "this is not a plan: " + bad.what + where,
                      "plan again with `viasync plan`");
  } catch (const Json::exception& error) {
    return base::Fail(kInvalid, std::string("this is not a plan: ") + base::Printable(error.what()),
                      "plan again with `viasync plan`");
  }
}

}  // namespace viasync::plan
