#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/console.h"
#include "engine/base/strings.h"
#include "schemas/embedded.h"

namespace viasync::cli {
namespace {

std::string_view About(std::string_view name) {
  if (name == "config") return "files below config/ and environments/";
  if (name == "openapi") return "the Campaign API: its operations, bodies and codes";
  if (name == "project") return "viasync.yaml";
  if (name == "result") return "what a run with --ci writes to viasync-ci/result.json";
  return name == "plan" ? "what `viasync plan --out` and --format json write" : "";
}

ExitCode RunSchema(const std::string& name) {
  if (name.empty()) {
    for (const auto& schema : schemas::All()) {
      std::cout << report::Pad(schema.name, 9) << About(schema.name) << "\n";
    }
    std::cout << "\nPrint one with `viasync schema NAME`.\n";
    return ExitCode::kDone;
  }
  if (auto text = schemas::Find(name)) {
    std::cout << *text << (text->ends_with('\n') ? "" : "\n");
    return ExitCode::kDone;
  }
  std::vector<std::string> names;
  for (const auto& schema : schemas::All()) names.emplace_back(schema.name);
  auto nearest = base::Nearest(name, names);
  return Report({.kind = base::ErrorKind::kNotFound,
                 .message = "there is no schema `" + base::Printable(name) + "`",
                 .hint = nearest ? "did you mean `" + *nearest + "`?"
                                 : "there are " + base::Join(names, ", ")});
}

}  // namespace

Run DefineSchema(Args& args, const Globals&) {
  auto name = std::make_shared<std::string>();
  std::vector<std::string> names;
  for (const auto& schema : schemas::All()) names.emplace_back(schema.name);
  args.Text("NAME", *name, "which one; left out: lists them").Completes("", std::move(names));
  return [name] { return RunSchema(*name); };
}

}  // namespace viasync::cli
