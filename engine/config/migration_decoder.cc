#include "engine/config/migration_decoder.h"

#include <array>
#include <filesystem>
#include <vector>

#include "engine/base/strings.h"
#include "engine/config/values.h"
#include "engine/config/yaml_reader.h"
#include "engine/model/object_types.h"

namespace viasync::config {
namespace {

namespace fs = std::filesystem;

enum Key { kObjects, kRelated, kOptions, kConflicts, kKeyCount };
constexpr std::array<std::string_view, kKeyCount> kKeys = {"objects", "related", "options",
                                                           "conflicts"};
enum Option { kDialer, kSalt, kAppendSalt, kInsertOnly, kUpdateAll, kIgnoreErrors, kOptionCount };
constexpr std::array<std::string_view, kOptionCount> kOptionKeys = {
    "dialer", "salt", "append_salt", "insert_only", "update_all", "ignore_errors"};
constexpr std::array<std::string_view, 2> kRuleKeys = {"rename", "others"};
constexpr std::array<std::string_view, 3> kAnswers = {"ignore", "salt", "stop"};
constexpr std::string_view kDefault = "default";
constexpr const char* kFolder = "migrations";

bool IsMap(const FileContext& context, NodeRef node, std::string_view name, const char* example) {
  if (node.type() == NodeType::kMap) return true;
  context.Report(node, Quoted(name) + " must be a map, found " + std::string(TypeName(node.type())),
                 std::string("write it like ") + example);
  return false;
}

// Nullopt: reported.
std::optional<std::string> ReadType(const FileContext& context, NodeRef key) {
  auto type = model::FindObjectType(key.text());
  if (type) return type;
  auto types = model::ObjectTypes();
  context.Report(key,
                 Quoted(key.text()) + " is not a type of object" +
                     DidYouMean(base::ToUpper(key.text()), types),
                 "use " + OneOf(types));
  return std::nullopt;
}

void ReadPattern(const FileContext& context, NodeRef node, std::vector<std::string>& patterns) {
  auto text = ReadText(context, node, "a name");
  if (!text) return;
  if (text->empty()) {
    context.Report(node, "a name is empty", "write a name or a pattern like \"ABC_*\"");
    return;
  }
  CheckGlob(context, node, *text);
  patterns.push_back(std::move(*text));
}

void ReadObjects(const FileContext& context, NodeRef node, model::ObjectGlobs& objects) {
  if (!IsMap(context, node, "objects", "`objects: {STRATEGY: [\"ABC_*\"]}`")) return;
  for (NodeRef key = node.begin(); key != node.end(); key = key.next().next()) {
    auto type = ReadType(context, key);
    if (!type) continue;
    NodeRef names = key.next();
    auto& patterns = objects[*type];
    if (names.type() == NodeType::kText) {
      ReadPattern(context, names, patterns);
    } else if (names.type() == NodeType::kList) {
      for (NodeRef item = names.begin(); item != names.end(); item = item.next()) {
        ReadPattern(context, item, patterns);
      }
    } else {
      context.Report(names, Quoted(key.text()) + " must be a list of names",
                     "write `" + std::string(key.text()) + ": [\"ABC_*\"]`, or \"*\" for all");
    }
  }
  if (node.begin() == node.end()) {
    context.Report(node, "`objects` is empty", "name what travels: `STRATEGY: [\"ABC_*\"]`");
  }
}

void ReadOptions(const FileContext& context, NodeRef node, model::ImportOptions& options) {
  std::array<NodeRef, kOptionCount> nodes;
  if (!ReadMap(context, node, "`options`", kOptionKeys, nodes)) return;
  if (nodes[kDialer]) options.dialer = ReadText(context, nodes[kDialer], "dialer").value_or("");
  if (nodes[kSalt]) {
    options.salt = ReadText(context, nodes[kSalt], "salt").value_or("");
    if (auto problem = model::SaltProblem(options.salt); !problem.empty()) {
      context.Report(nodes[kSalt], "`salt` " + Quoted(options.salt) + " " + problem,
                     "use up to 4 letters and digits");
    }
  }
  const std::pair<Option, bool*> flags[] = {{kAppendSalt, &options.append_salt},
                                            {kInsertOnly, &options.insert_only},
                                            {kUpdateAll, &options.update_all},
                                            {kIgnoreErrors, &options.ignore_errors}};
  for (auto [key, flag] : flags) {
    if (nodes[key]) *flag = ReadBool(context, nodes[key], kOptionKeys[key]).value_or(false);
  }
  if (options.insert_only && options.update_all) {
    context.Report(nodes[kUpdateAll], "`insert_only` and `update_all` exclude each other",
                   "keep one: insert_only never updates, update_all never inserts");
  }
}

// `ignore`, `salt` or `stop`. Nullopt: reported.
std::optional<model::OnConflict> ReadAnswer(const FileContext& context, NodeRef node,
                                            std::string_view name,
                                            const model::ImportOptions& options) {
  auto text = ReadText(context, node, name);
  if (!text) return std::nullopt;
  auto answer = model::ParseOnConflict(*text);
  if (!answer) {
    context.Report(node, Quoted(name) + " cannot be " + Quoted(*text) + DidYouMean(*text, kAnswers),
                   "use " + OneOf(kAnswers));
  } else if (*answer == model::OnConflict::kSalt && options.salt.empty()) {
    context.Report(node, Quoted(name) + " wants a salt, and there is none",
                   "set `salt` of the options to up to 4 letters and digits");
  }
  return answer;
}

void ReadRenames(const FileContext& context, NodeRef node, model::TypeRule& rule) {
  if (!IsMap(context, node, "rename", "`rename: {OLD: NEW}`")) return;
  for (NodeRef key = node.begin(); key != node.end(); key = key.next().next()) {
    auto becomes = ReadText(context, key.next(), key.text());
    if (!becomes) continue;
    if (becomes->empty() || *becomes == key.text()) {
      context.Report(key.next(), Quoted(key.text()) + " needs another name",
                     "write the name it gets, or answer it with `others: ignore`");
    }
    rule.rename[std::string(key.text())] = std::move(*becomes);
  }
}

void ReadRule(const FileContext& context, NodeRef key, const model::ImportOptions& options,
              model::ConflictRules& rules) {
  auto type = ReadType(context, key);
  if (!type) return;
  NodeRef node = key.next();
  model::TypeRule rule;
  if (node.type() == NodeType::kText) {
    rule.others = ReadAnswer(context, node, key.text(), options);
  } else {
    std::array<NodeRef, kRuleKeys.size()> nodes;
    if (!ReadMap(context, node, Quoted(key.text()), kRuleKeys, nodes)) return;
    if (nodes[0]) ReadRenames(context, nodes[0], rule);
    if (nodes[1]) rule.others = ReadAnswer(context, nodes[1], "others", options);
  }
  if (!rules.types.emplace(model::TypeKey(*type), std::move(rule)).second) {
    context.Report(key, Quoted(key.text()) + " is named twice", "keep one of the two");
  }
}

void ReadConflicts(const FileContext& context, NodeRef node, const model::ImportOptions& options,
                   model::ConflictRules& rules) {
  if (node.type() == NodeType::kNull) return;
  if (!IsMap(context, node, "conflicts", "`conflicts: {DISPOSITIONS: ignore, default: stop}`")) {
    return;
  }
  for (NodeRef key = node.begin(); key != node.end(); key = key.next().next()) {
    if (key.text() == kDefault) {
      auto fallback = ReadAnswer(context, key.next(), kDefault, options);
      if (fallback) rules.fallback = *fallback;
    } else {
      ReadRule(context, key, options, rules);
    }
  }
}

void DecodeMigration(const FileContext& context, NodeRef key, model::Migration& migration) {
  std::array<NodeRef, kKeyCount> nodes;
  const std::string what = "migration " + Quoted(migration.name);
  if (!ReadMap(context, key.next(), what, kKeys, nodes)) return;
  if (nodes[kObjects]) {
    ReadObjects(context, nodes[kObjects], migration.objects);
  } else {
    context.Report(key, what + " has no `objects`",
                   "add `objects: {STRATEGY: [\"ABC_*\"]}`: what travels");
  }
  if (nodes[kRelated]) {
    migration.related = ReadBool(context, nodes[kRelated], "related").value_or(false);
  }
  if (nodes[kOptions] && nodes[kOptions].type() != NodeType::kNull) {
    ReadOptions(context, nodes[kOptions], migration.options);
  }
  if (nodes[kConflicts]) {
    ReadConflicts(context, nodes[kConflicts], migration.options, migration.conflicts);
  }
}

// Decodes the one section that a file of this kind has.
template <class Decode>
void DecodeFile(const FileContext& context, NodeRef root, std::string_view section, Decode decode) {
  std::array<NodeRef, 1> nodes;
  if (!ReadMap(context, root, "the file", std::span(&section, 1), nodes)) return;
  if (nodes[0]) {
    decode(nodes[0]);
  } else {
    context.Report(root, Quoted(section) + " is missing",
                   "begin the file with `" + std::string(section) + ":`");
  }
}

// Reads a file that lies anywhere: its folder stands for the repository.
template <class Decode>
base::Errors ReadLooseFile(const std::string& path, std::string_view section, Decode decode) {
  const fs::path whole(path);
  const std::string folder = whole.parent_path().empty() ? "." : whole.parent_path().string();
  auto files = MakeDiskTree(folder);
  Problems problems(*files);
  const std::string name = whole.filename().string();
  Tree tree;
  if (auto there = files->Open(name); !there) {
    there.error().message = Quoted(path) + ": " + there.error().message;
    return {std::move(there.error())};
  }
  if (ReadYamlTree(name, tree, problems)) {
    FileContext context{problems, name, "", nullptr};
    DecodeFile(context, {&tree, 0}, section, [&](NodeRef node) { decode(context, node); });
  }
  auto errors = problems.empty() ? base::Errors() : problems.Take();
  for (auto& error : errors) {
    if (error.where) error.where->file = path;
  }
  return errors;
}

}  // namespace

void DecodeMigrations(const FileContext& context, NodeRef node, Migrations& migrations) {
  if (node.type() == NodeType::kNull) return;
  if (!IsMap(context, node, "migrations", "`migrations: {spring-release: {objects: …}}`")) return;
  for (NodeRef key = node.begin(); key != node.end(); key = key.next().next()) {
    const std::string name(key.text());
    auto problem = CheckName("name", name, key.marks());
    if (!problem) problem = CheckNewName("name", name);
    if (problem) {
      context.Report(key, std::move(problem->message), std::move(problem->hint));
      continue;
    }
    base::SourcePos where{context.path, key.line(), key.column()};
    auto [entry, added] = migrations.emplace(name, DeclaredMigration{{.name = name}, where});
    if (!added) {
      context.Report(key,
                     "migration " + Quoted(name) + " is declared twice, first in " +
                         entry->second.where.file + ":" + std::to_string(entry->second.where.line),
                     "keep one of the two");
      continue;
    }
    DecodeMigration(context, key, entry->second.value);
  }
}

void ReadMigrationFiles(Problems& problems, Migrations& migrations) {
  auto paths = problems.files().List(kFolder);
  if (!paths) return problems.Add(std::move(paths.error()));
  for (const std::string& path : *paths) {
    Tree tree;
    if (!ReadYamlTree(path, tree, problems)) continue;
    FileContext context{problems, path, "", nullptr};
    NodeRef root{&tree, 0};
    if (root.type() == NodeType::kNull) continue;
    DecodeFile(context, root, "migrations",
               [&](NodeRef node) { DecodeMigrations(context, node, migrations); });
  }
}

std::expected<Migrations, base::Errors> LoadMigrations(const std::string& path) {
  Migrations migrations;
  auto errors = ReadLooseFile(path, "migrations", [&](const FileContext& context, NodeRef node) {
    DecodeMigrations(context, node, migrations);
  });
  if (!errors.empty()) return std::unexpected(std::move(errors));
  for (auto& [name, migration] : migrations) migration.where.file = path;
  return migrations;
}

std::expected<model::ConflictRules, base::Errors> LoadConflictRules(
    const std::string& path, const model::ImportOptions& options) {
  model::ConflictRules rules;
  auto errors = ReadLooseFile(path, "conflicts", [&](const FileContext& context, NodeRef node) {
    ReadConflicts(context, node, options, rules);
  });
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return rules;
}

}  // namespace viasync::config
