#include "engine/config/project.h"

#include <array>

#include "engine/base/strings.h"
#include "engine/config/environment_decoder.h"
#include "engine/config/policy_decoder.h"
#include "engine/config/yaml_reader.h"

namespace viasync::config {
namespace {

enum Key {
  kVersion,
  kEnvironments,
  kManage,
  kLimits,
  kFiles,
  kChecks,
  kMigrations,
  kDefaultRegion,
  kKeyCount
};
constexpr std::array<std::string_view, kKeyCount> kKeys = {"version",    "environments",  "manage",
                                                           "limits",     "files",         "checks",
                                                           "migrations", "default_region"};

void CheckVersion(const FileContext& context, NodeRef root, NodeRef version) {
  if (!version) {
    context.Report(root, "`version` is missing", "add `version: 1` as the first line");
    return;
  }
  auto text = ReadText(context, version, "version");
  if (text && *text != "1") {
    context.Report(version, "`version` " + Quoted(*text) + " is not known here",
                   "write `version: 1`, or use a newer viasync");
  }
}

void DecodeProject(const FileContext& context, NodeRef root, Project& project) {
  if (root.type() == NodeType::kNull) {
    context.Report(1, 1, "the file is empty", "`viasync init` writes one that can be filled in");
    return;
  }
  std::array<NodeRef, kKeyCount> nodes;
  if (!ReadMap(context, root, "viasync.yaml", kKeys, nodes)) return;
  bool misspelt = !context.problems.empty();
  CheckVersion(context, root, nodes[kVersion]);
  if (nodes[kDefaultRegion]) {
    project.default_region = ReadPhoneRegion(context, nodes[kDefaultRegion]);
  }
  if (nodes[kEnvironments]) {
    DecodeEnvironments(context, nodes[kEnvironments], project);
  } else if (!misspelt) {
    context.Report(root, "`environments` is missing",
                   "add `environments: {dev: {org: YOUR-ORG, region: us}}`");
  }
  if (nodes[kManage]) DecodeManage(context, nodes[kManage], project.manage);
  if (nodes[kLimits]) DecodeLimits(context, nodes[kLimits], project.limits);
  if (nodes[kFiles]) DecodeFiles(context, nodes[kFiles], project);
  if (nodes[kChecks]) DecodeChecks(context, nodes[kChecks], project.checks);
  if (nodes[kMigrations]) DecodeMigrations(context, nodes[kMigrations], project.migrations);
}

}  // namespace

std::expected<Project, base::Errors> LoadProject(const std::string& root, FileTree& files) {
  auto there = files.Open(kProjectFile);
  if (!there) {
    auto error = std::move(there.error());
    if (error.kind == base::ErrorKind::kNotFound) {
      error.message = "there is no viasync.yaml in " + Quoted(root);
      error.hint = "name the folder of your repository with -C, or make one with `viasync init`";
    }
    return std::unexpected(base::Errors{std::move(error)});
  }
  Problems problems(files);
  Project project{.root = root, .limits = plan::DefaultLimits()};
  Tree tree;
  if (ReadYamlTree(kProjectFile, tree, problems)) {
    DecodeProject({problems, kProjectFile, "", nullptr}, {&tree, 0}, project);
  }
  ReadMigrationFiles(problems, project.migrations);
  if (!problems.empty()) return std::unexpected(problems.Take());
  return project;
}

std::expected<Project, base::Errors> LoadProject(const std::string& root) {
  return LoadProject(root, *MakeDiskTree(root));
}

base::Result<const Environment*> FindEnvironment(const Project& project, const std::string& name) {
  auto found = project.environments.find(name);
  if (found != project.environments.end()) return &found->second;
  std::vector<std::string> names;
  for (const auto& [known, environment] : project.environments) names.push_back(known);
  if (name.empty()) {
    return base::Fail(base::ErrorKind::kNotFound, "which environment? viasync.yaml has several",
                      "name one with -e: " + base::Join(names, ", "));
  }
  return base::Fail(base::ErrorKind::kNotFound,
                    "there is no environment " + Quoted(name) + DidYouMean(name, names),
                    "viasync.yaml names " + base::Join(names, ", "));
}

}  // namespace viasync::config
