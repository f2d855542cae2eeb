#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/layout.h"
#include "engine/base/strings.h"
#include "engine/config/project.h"
#include "engine/report/style.h"

namespace viasync::cli {
namespace {

// `empty`: without the samples in folders, for an org that has grown and is pulled.
std::vector<EmbeddedFile> FilesOf(bool empty) {
  std::vector<EmbeddedFile> files;
  for (const auto& file : InitFiles()) {
    bool sample = file.path.find('/') != std::string_view::npos;
    if (!empty || !sample) files.push_back(file);
  }
  return files;
}

std::string NextSteps(const std::string& directory, bool empty, const report::Style& style) {
  auto bold = [&](std::string_view text) {
    return report::Paint(style, report::Colour::kBold, text);
  };
  std::string enter;
  if (directory != ".") enter = "       " + bold("cd " + base::Printable(directory)) + "\n";
  return "\nNext:\n"
         "  1. Put your org and region into viasync.yaml.\n"
         "  2. Export the credentials of your API client: VIASYNC_DEV_CLIENT_ID,\n"
         "     VIASYNC_DEV_CLIENT_SECRET and VIASYNC_DEV_API_KEY.\n"
         "  3. See what would change; nothing here writes to an org:\n" +
         enter +
         (empty
              ? "       " + bold("viasync pull -e dev --dry-run") +
                    "\n     and bring the org into files with `viasync pull -e dev`."
              : "       " + bold("viasync validate") + "\n       " + bold("viasync plan -e dev")) +
         "\n\nNo org at hand? `viasync demo` shows all of it, `viasync sandbox` serves one to play "
         "with.\n";
}

ExitCode RunInit(const std::string& directory, bool empty) {
  const auto files = FilesOf(empty);
  auto style = StdoutStyle();
  auto there = ExistingFiles(files, directory);
  if (std::ranges::find(there, config::kProjectFile) != there.end()) {
    // Sample filters in a repository that is in use would be made in its org.
    return Report({.kind = base::ErrorKind::kInvalid,
                   .message = "there is a viasync.yaml in " + base::Printable(directory) +
                              " already; nothing was written",
                   .hint = "init lays out a new one: name an empty folder"});
  }
  auto written = LayOut(files, directory);
  if (!written) return Report(written.error());
  for (const auto& path : *written) {
    std::cout << report::Paint(style, report::Colour::kGreen, "+ ") << path << "\n";
  }
  for (const auto& path : there) {
    std::string note =
        path == ".gitignore" ? "exists, left alone: add `.viasync/` to it" : "exists, left alone";
    std::cout << "= " << path << "  " << note << "\n";
  }
  std::cout << NextSteps(directory, empty, style);
  return ExitCode::kDone;
}

}  // namespace

Run DefineInit(Args& args, const Globals& globals) {
  auto directory = std::make_shared<std::string>();
  auto empty = std::make_shared<bool>(false);
  args.Text("DIR", *directory, "the folder; made where it is missing");
  args.Flag("--empty", *empty, "no sample filters: for an org that is to be pulled");
  return [&globals, directory, empty] {
    return RunInit(directory->empty() ? globals.directory : *directory, *empty);
  };
}

}  // namespace viasync::cli
