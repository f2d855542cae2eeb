// Where the demo plays: a repository in a temporary folder, an org behind an embedded sandbox, and
// viasync's own commands run in this process. Whatever was moved aside for it (current folder,
// stderr) is put back at its end; the folder is kept.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "engine/base/result.h"
#include "engine/report/style.h"
#include "engine/sandbox/server.h"

namespace viasync::cli {

class DemoStage {
 public:
  // Lays everything out and starts the org. From now on both streams go to stdout, in order.
  static base::Result<std::unique_ptr<DemoStage>> Set();
  ~DemoStage();
  DemoStage(const DemoStage&) = delete;
  DemoStage& operator=(const DemoStage&) = delete;

  // A new screen: its number follows from the ones before.
  void Heading(std::string_view title);
  // Sentences between the commands.
  void Say(std::string_view text);
  void ShowCommand(const std::vector<std::string>& arguments);
  // Shows the command, runs it, and remembers when it ends otherwise than expected.
  void Run(const std::vector<std::string>& arguments, ExitCode expected = ExitCode::kDone);
  // Replaces `was` in a file of the repository and shows the two lines.
  void EditFile(const std::string& file, std::string_view was, std::string_view becomes);

  // Notes a step that did not go as promised.
  void Miss(std::string what) { missed_.push_back(std::move(what)); }
  const std::vector<std::string>& missed() const { return missed_; }

  // The number of the last request the org was sent.
  std::int64_t LastRequest();
  // Their methods and statuses since then: `PUT 409`.
  std::vector<std::string> RequestsSince(std::int64_t sequence);

  const std::string& folder() const { return folder_; }
  const sandbox::Server& org() const { return server_; }
  const report::Style& style() const { return style_; }

 private:
  DemoStage() = default;
  base::Result<void> LayOutFiles();
  void RedirectStderr();

  std::string folder_;  // holds repo/ and org.json
  std::string came_from_;
  int stderr_ = -1;
  int heading_ = 0;
  report::Style style_;
  sandbox::Server server_;
  std::vector<std::string> missed_;
};

}  // namespace viasync::cli
