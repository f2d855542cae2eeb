#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "engine/migrate/zip_file.h"
#include "engine/report/migration_text.h"

namespace viasync::cli {
namespace {

struct Flags {
  std::string path, format = "text";
  bool all = false;
};

ExitCode RunInspect(const Globals& globals, const Flags& flags) {
  const bool json = flags.format == "json";
  auto content = migrate::InspectZip(flags.path);
  if (!content) return Report(content.error(), globals.directory, json);
  std::cout << (json ? report::ZipJson(flags.path, *content)
                     : report::ZipText(flags.path, *content, StdoutStyle(), flags.all));
  return ExitCode::kDone;
}

}  // namespace

Run DefineInspect(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.Text("FILE", flags->path, "the zip of an export").Required();
  args.Flag("--all", flags->all, "list every file");
  args.Text("--format", flags->format, "text or json").Choices({"text", "json"});
  return [&globals, flags] { return RunInspect(globals, *flags); };
}

}  // namespace viasync::cli
