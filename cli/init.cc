#include <CLI/CLI.hpp>
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

std::string NextSteps(const std::string& directory, const report::Style& style) {
  auto bold = [&](std::string_view text) {
    return report::Paint(style, report::Colour::kBold, text);
  };
  std::string into = directory == "." ? "" : "cd " + base::Printable(directory) + " && ";
  return "\nNext:\n"
         "  1. Put your org and region into " +
         bold("viasync.yaml") +
         ".\n"
         "  2. Export the credentials of its API client:\n"
         "       VIASYNC_DEV_CLIENT_ID, VIASYNC_DEV_CLIENT_SECRET, VIASYNC_DEV_API_KEY\n"
         "  3. " +
         bold(into + "viasync validate") +
         "       checks the files\n"
         "  4. " +
         bold("viasync plan -e dev") +
         "    shows what would change; it never writes\n"
         "\nNo org at hand? " +
         bold("viasync demo") + " shows all of it, " + bold("viasync sandbox") +
         " serves one to play with.\n";
}

ExitCode RunInit(const std::string& directory) {
  auto style = StdoutStyle();
  auto there = ExistingFiles(InitFiles(), directory);
  if (std::ranges::find(there, config::kProjectFile) != there.end()) {
    // Sample filters in a repository that is in use would be made in its org.
    return Report({.kind = base::ErrorKind::kInvalid,
                   .message = base::Printable(directory) + " is a viasync repository already (" +
                              base::Join(there, ", ") + "); nothing was written",
                   .hint = "init lays out a new one: name an empty folder"});
  }
  auto written = LayOut(InitFiles(), directory);
  if (!written) return Report(written.error());
  for (const auto& path : *written) {
    std::cout << report::Paint(style, report::Colour::kGreen, "+ ") << path << "\n";
  }
  for (const auto& path : there) {
    std::string note =
        path == ".gitignore" ? "exists, left alone: add `.viasync/` to it" : "exists, left alone";
    std::cout << "= " << path << "  " << note << "\n";
  }
  std::cout << NextSteps(directory, style);
  return ExitCode::kDone;
}

}  // namespace

Run DefineInit(CLI::App& app, const Globals& globals) {
  auto directory = std::make_shared<std::string>();
  app.add_option("DIR", *directory, "the folder; made where it is missing");
  return [&globals, directory] {
    return RunInit(directory->empty() ? globals.directory : *directory);
  };
}

}  // namespace viasync::cli
