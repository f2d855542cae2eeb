#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/job_flow.h"
#include "cli/layout.h"
#include "cli/pipeline_files.h"
#include "engine/base/strings.h"
#include "engine/config/environment_decoder.h"
#include "engine/config/project.h"
#include "engine/config/secrets.h"
#include "engine/report/style.h"

namespace viasync::cli {
namespace {

struct InitFlags {
  std::string directory, org, region;
  std::string ci;      // github or gitlab: with a pipeline; empty = without
  bool empty = false;  // without samples, for an org that has grown and is pulled
};

// Puts `value` behind the first `key` from `begin` on, and keeps the column of a comment if it can.
void Fill(std::string& file, std::size_t begin, std::string_view key, const std::string& value) {
  auto at = file.find(key, begin) + key.size();
  auto size = file.find_first_of(" \n", at) - at;
  file.replace(at, size, value);
  std::size_t end = at + value.size();
  if (file[end] == '\n') return;
  for (; size < value.size() && file.substr(end, 3) == "   "; ++size) file.erase(end, 1);
  if (value.size() < size) file.insert(end, size - value.size(), ' ');
}

// The project file with what is known of the org.
std::string ProjectFile(std::string_view sample, const InitFlags& flags,
                        const std::string& environment) {
  std::string file(sample);
  // Without samples the one environment gets the name.
  bool renamed = flags.empty && environment != "dev";
  auto section = file.find(renamed ? "\n  dev:" : "\n  " + environment + ":");
  if (!flags.org.empty()) Fill(file, section, "    org: ", flags.org);
  if (!flags.region.empty()) Fill(file, section, "    region: ", flags.region);
  if (!renamed) return file;
  std::string variable = config::VariablePrefix(environment);
  file.replace(file.find("  dev:"), 6, "  " + environment + ":");
  for (auto at = file.find("VIASYNC_DEV_"); at != std::string::npos;
       at = file.find("VIASYNC_DEV_", at + 1)) {
    file.replace(at, 12, variable);
  }
  return file;
}

base::Error Bad(std::string message, std::string hint) {
  return {
      .kind = base::ErrorKind::kInvalid, .message = std::move(message), .hint = std::move(hint)};
}

// What the project file would be refused for.
base::Errors Check(const InitFlags& flags, const std::string& environment) {
  base::Errors errors;
  if (!flags.org.empty() && !config::IsPlainName(flags.org)) {
    errors.push_back(Bad("`" + base::Printable(flags.org) + "` is not a valid org id",
                         "give the id as in https://ID.via.aspect-cloud.net: letters, digits and "
                         "`-`"));
  }
  if (!environment.empty() && !config::IsPlainName(environment)) {
    errors.push_back(Bad("`" + base::Printable(environment) + "` is not a valid environment name",
                         "use letters, digits, `_` and `-`"));
  } else if (!flags.empty && !environment.empty() && environment != "dev" &&
             environment != "prod") {
    errors.push_back(Bad("the samples are for the environments dev and prod",
                         "add --empty to name the only environment " + environment));
  }
  return errors;
}

std::string NextSteps(const InitFlags& flags, const std::string& environment,
                      const report::Style& style) {
  auto bold = [&](std::string_view text) {
    return report::Paint(style, report::Colour::kBold, text);
  };
  std::string enter, steps;
  int number = 0;
  auto step = [&](const std::string& text) {
    steps += "  " + std::to_string(++number) + ". " + text + "\n";
  };
  if (flags.directory != ".") {
    enter = "       " + bold("cd " + base::Printable(flags.directory)) + "\n";
  }
  if (flags.org.empty() || flags.region.empty()) {
    step(flags.org.empty() ? flags.region.empty() ? "Put your org and region into viasync.yaml."
                                                  : "Put your org into viasync.yaml."
                           : "Check the region in viasync.yaml.");
  }
  std::string variable = config::VariablePrefix(environment);
  step("Export the credentials of your API client: " + variable + "CLIENT_ID,\n     " + variable +
       "CLIENT_SECRET and " + variable + "API_KEY.");
  if (!flags.ci.empty()) {
    step("Set up the pipeline: the first lines of its file say what it needs.");
  }
  step("See what would change; nothing here writes to an org:");
  std::string pull = "viasync pull -e " + environment;
  return "\nNext:\n" + steps + enter +
         (flags.empty ? "       " + bold(pull + " --dry-run") +
                            "\n     and bring the org into files with `" + pull + "`."
                      : "       " + bold("viasync validate") + "\n       " +
                            bold("viasync plan -e " + environment)) +
         "\n\nNo org at hand? `viasync demo` shows all of it, `viasync sandbox` serves one to play "
         "with.\n";
}

std::vector<EmbeddedFile> Views(const std::vector<PipelineFile>& files) {
  std::vector<EmbeddedFile> views;
  for (const auto& file : files) views.push_back({.path = file.path, .content = file.content});
  return views;
}

// Into a repository that is in use: the pipeline alone.
ExitCode AddPipeline(const InitFlags& flags, const std::string& named) {
  if (flags.empty || !flags.org.empty() || !flags.region.empty()) {
    return Report(Bad("there is a viasync.yaml in " + base::Printable(flags.directory) +
                          " already: --empty, --org and --region have nothing to do here",
                      "leave them out to add the pipeline alone"));
  }
  auto project = config::LoadProject(flags.directory);
  if (!project) return Report(project.error(), flags.directory);
  auto environment = NameEnvironment(*project, named);
  if (!environment) return Report(environment.error(), flags.directory);
  const auto pipeline = PipelineFiles(flags.ci, environment->name);
  const auto files = Views(pipeline);
  if (auto there = ExistingFiles(files, flags.directory); !there.empty()) {
    return Report(Bad("there is a " + there.front() + " already; nothing was written",
                      "run `viasync init --ci " + flags.ci + " -e " + environment->name +
                          " DIR` with a new folder, and copy the jobs from there"));
  }
  auto written = LayOut(files, flags.directory);
  if (!written) return Report(written.error());
  for (const auto& path : *written) {
    std::cout << report::Paint(StdoutStyle(), report::Colour::kGreen, "+ ") << path << "\n";
  }
  std::cout << "\nIts first lines say what to set up before the first run.\n";
  return ExitCode::kDone;
}

ExitCode RunInit(const InitFlags& flags, const std::string& named) {
  const EmbeddedFile kProject[] = {{.path = config::kProjectFile, .content = {}}};
  if (!flags.ci.empty() && !ExistingFiles(kProject, flags.directory).empty()) {
    return AddPipeline(flags, named);
  }
  if (auto errors = Check(flags, named); !errors.empty()) return Report(errors, flags.directory);
  const std::string environment = named.empty() ? "dev" : named;
  auto samples = flags.empty ? InitEmptyFiles() : InitFiles();
  std::vector<EmbeddedFile> files(samples.begin(), samples.end());
  if (flags.empty) {
    std::ranges::copy_if(InitFiles(), std::back_inserter(files),
                         [](const EmbeddedFile& file) { return file.path == ".gitignore"; });
  }
  std::string project;
  for (auto& file : files) {
    if (file.path != config::kProjectFile) continue;
    project = ProjectFile(file.content, flags, environment);
    file.content = project;
  }
  // The samples have two environments; it is prod that a pipeline looks after.
  const std::string target = named.empty() && !flags.empty ? "prod" : environment;
  const auto pipeline =
      flags.ci.empty() ? std::vector<PipelineFile>() : PipelineFiles(flags.ci, target);
  std::ranges::copy(Views(pipeline), std::back_inserter(files));
  const auto& directory = flags.directory;
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
  std::cout << NextSteps(flags, environment, style);
  return ExitCode::kDone;
}

}  // namespace

Run DefineInit(Args& args, const Globals& globals) {
  auto flags = std::make_shared<InitFlags>();
  args.Text("DIR", flags->directory, "the folder; made where it is missing");
  args.Flag("--empty", flags->empty, "no sample filters: for an org that is to be pulled");
  args.Text("--org", flags->org, "the org's id, for viasync.yaml").Value("ID");
  args.Text("--region", flags->region, "where its tokens come from, for viasync.yaml")
      .Choices({"us", "eu", "uk", "ca"});
  args.Text(
          "--ci", flags->ci,
          "add a pipeline for environment -e: validate and plan for each pull request, apply what "
          "was reviewed, look for drift at night; also into a repository that is in use")
      .Choices({"github", "gitlab"});
  return [&globals, flags] {
    if (flags->directory.empty()) flags->directory = globals.directory;
    return RunInit(*flags, globals.environment);
  };
}

}  // namespace viasync::cli
