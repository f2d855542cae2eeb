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
  std::string enter;
  if (directory != ".") enter = "       " + bold("cd " + base::Printable(directory)) + "\n";
  return "\nNext:\n"
         "  1. Put your org and region into viasync.yaml.\n"
         "  2. Export the credentials of your API client: VIASYNC_DEV_CLIENT_ID,\n"
         "     VIASYNC_DEV_CLIENT_SECRET and VIASYNC_DEV_API_KEY.\n"
         "  3. See what would change; neither of these writes to an org:\n" +
         enter + "       " + bold("viasync validate") + "\n       " + bold("viasync plan -e dev") +
         "\n\nNo org at hand? `viasync demo` shows all of it, `viasync sandbox` serves one to play "
         "with.\n";
}

ExitCode RunInit(const std::string& directory) {
  auto style = StdoutStyle();
  auto there = ExistingFiles(InitFiles(), directory);
  if (std::ranges::find(there, config::kProjectFile) != there.end()) {
    // Sample filters in a repository that is in use would be made in its org.
    return Report({.kind = base::ErrorKind::kInvalid,
                   .message = "there is a viasync.yaml in " + base::Printable(directory) +
                              " already; nothing was written",
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
