#include "cli/demo_stage.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "cli/commands.h"
#include "cli/console.h"
#include "cli/files.h"
#include "cli/layout.h"
#include "engine/base/strings.h"
#include "engine/sandbox/control_client.h"

namespace viasync::cli {
namespace {

namespace fs = std::filesystem;
using report::Colour;

constexpr std::string_view kOrgFile = "org.json";
constexpr std::string_view kProject = "viasync.yaml";

std::string Replaced(std::string text, std::string_view was, std::string_view becomes) {
  if (auto at = text.find(was); at != std::string::npos) text.replace(at, was.size(), becomes);
  return text;
}

// As one would type it: quotes only where the shell needs them.
std::string ShellWord(const std::string& word) {
  if (word.find_first_of(" ()'*;&<>|$") == std::string::npos) return word;
  auto equals = word.find('=');
  if (equals == std::string::npos) return "'" + word + "'";
  return word.substr(0, equals + 1) + "'" + word.substr(equals + 1) + "'";
}

}  // namespace

base::Result<std::unique_ptr<DemoStage>> DemoStage::Set() {
  std::unique_ptr<DemoStage> stage(new DemoStage);
  std::string pattern = (fs::temp_directory_path() / "viasync-demo-XXXXXX").string();
  if (!mkdtemp(pattern.data())) {
    return base::Fail(base::ErrorKind::kIo,
                      "no folder can be made in " + fs::temp_directory_path().string() + ": " +
                          base::SystemReason(errno),
                      "set TMPDIR to a folder that can be written");
  }
  stage->folder_ = pattern;
  stage->style_ = StdoutStyle();
  // Only while there is one thread: the environment of a process is not safe to change later.
  unsetenv("VIASYNC_ENV");  // the demo has an environment of its own
  setenv("VIASYNC_DEV_CLIENT_ID", "demo-client", 1);
  setenv("VIASYNC_DEV_CLIENT_SECRET", "demo-secret", 1);
  setenv("VIASYNC_DEV_API_KEY", "demo-key", 1);
  if (auto done = stage->LayOutFiles(); !done) return base::Fail(done.error());
  stage->came_from_ = fs::current_path().string();
  fs::current_path(stage->folder_ + "/repo");
  stage->RedirectStderr();
  return stage;
}

base::Result<void> DemoStage::LayOutFiles() {
  std::vector<EmbeddedFile> files;
  for (const auto& file : DemoFiles()) {
    if (file.path == kOrgFile) {
      auto written = WriteFile(folder_ + "/" + std::string(kOrgFile), file.content);
      if (!written) return base::Fail(written.error());
    } else if (file.path != kProject) {
      files.push_back(file);
    }
  }
  auto written = LayOut(files, folder_ + "/repo");
  if (!written) return base::Fail(written.error());
  constexpr base::Millis kLatency{15};
  auto port = server_.Start({.data_file = folder_ + "/" + std::string(kOrgFile),
                             .settings = {.latency = kLatency},
                             .threads = 16});
  if (!port) return base::Fail(port.error());
  for (const auto& file : DemoFiles()) {
    if (file.path != kProject) continue;
    std::string text = Replaced(std::string(file.content), "${base_url}", server_.Url());
    return WriteFile(folder_ + "/repo/" + std::string(kProject),
                     Replaced(std::move(text), "${token_url}", server_.TokenUrl()));
  }
  return {};
}

// The demo is one text. Commands that write to both streams must not get out of order in a pipe.
void DemoStage::RedirectStderr() {
  std::cout << std::unitbuf;
  std::fflush(stderr);
  stderr_ = dup(STDERR_FILENO);
  dup2(STDOUT_FILENO, STDERR_FILENO);
}

DemoStage::~DemoStage() {
  if (auto stopped = server_.Stop(); !stopped) Report(stopped.error());
  if (stderr_ >= 0) {
    std::cout << std::nounitbuf << std::flush;
    std::fflush(stderr);
    dup2(stderr_, STDERR_FILENO);
    close(stderr_);
  }
  std::error_code ignored;
  if (!came_from_.empty()) fs::current_path(came_from_, ignored);
}

void DemoStage::Heading(std::string_view title) {
  constexpr std::size_t kColumns = 80;
  std::string line = fmt::format("── {} · {} ", ++heading_, title);
  while (report::Columns(line) < kColumns) line += "─";
  std::cout << "\n" << report::Paint(style_, Colour::kCyan, line) << "\n";
}

void DemoStage::Say(std::string_view text) { std::cout << text << "\n"; }

void DemoStage::ShowCommand(const std::vector<std::string>& arguments) {
  constexpr std::size_t kColumns = 90;
  std::string line = "$ viasync";
  std::size_t column = line.size();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string word = ShellWord(arguments[i]);
    bool has_value =
        word.starts_with("--") && i + 1 < arguments.size() && !arguments[i + 1].starts_with("--");
    if (has_value) word += " " + ShellWord(arguments[++i]);
    if (column + word.size() > kColumns) {
      line += " \\\n   ";
      column = 3;
    }
    line += " " + word;
    column += word.size() + 1;
  }
  std::cout << "\n" << report::Paint(style_, Colour::kBold, line) << "\n";
}

void DemoStage::Run(const std::vector<std::string>& arguments, ExitCode expected) {
  ShowCommand(arguments);
  std::vector<const char*> argv = {"viasync"};
  for (const auto& word : arguments) argv.push_back(word.c_str());
  auto code = Main(static_cast<int>(argv.size()), argv.data());
  if (code != ExitCode::kDone) {
    std::cout << report::Paint(style_, Colour::kDim,
                               fmt::format("(exit code {})", static_cast<int>(code)))
              << "\n";
  }
  if (code == expected) return;
  Miss(fmt::format("`viasync {}` ended with exit code {} instead of {}", base::Join(arguments, " "),
                   static_cast<int>(code), static_cast<int>(expected)));
}

void DemoStage::EditFile(const std::string& file, std::string_view was, std::string_view becomes) {
  auto text = ReadFile(file);
  if (!text || text->find(was) == std::string::npos) {
    return Miss(file + " does not hold what was to be edited");
  }
  auto written = WriteFile(file, Replaced(*text, was, becomes));
  if (!written) return Miss(written.error().message);
  std::cout << "\n  " << file << "\n"
            << report::Paint(style_, Colour::kRed, "  - " + std::string(was)) << "\n"
            << report::Paint(style_, Colour::kGreen, "  + " + std::string(becomes)) << "\n";
}

std::int64_t DemoStage::LastRequest() {
  auto log = sandbox::GetControl(server_.Url(), "log");
  if (!log || !log->contains("entries") || (*log)["entries"].empty()) return 0;
  return (*log)["entries"].back().value("sequence", std::int64_t{0});
}

std::vector<std::string> DemoStage::RequestsSince(std::int64_t sequence) {
  std::vector<std::string> requests;
  auto log = sandbox::GetControl(server_.Url(), fmt::format("log?since={}", sequence));
  if (!log || !log->contains("entries")) return requests;
  for (const auto& entry : (*log)["entries"]) {
    requests.push_back(entry.value("method", "") + " " + std::to_string(entry.value("status", 0)));
  }
  return requests;
}

}  // namespace viasync::cli
