#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "tests/cli/shell.h"

namespace viasync::cli {
namespace {

// Characters, not bytes.
std::size_t Columns(const std::string& line) {
  std::size_t columns = 0;
  for (unsigned char c : line) columns += (c & 0xC0) != 0x80;
  return columns;
}

struct Demo {
  std::string tmp = NewFolder();
  Ran ran = Shell(tmp, "TMPDIR=" + tmp + " viasync demo");
  std::string repo() const {
    for (const auto& entry : std::filesystem::directory_iterator(tmp)) {
      return entry.path().string() + "/repo";
    }
    return {};
  }
};

const Demo& TheDemo() {
  static const Demo demo;
  return demo;
}

TEST_CASE("the demo shows the main job and says that every step went well") {
  const auto& ran = TheDemo().ran;
  CAPTURE(ran.text);
  CHECK(ran.exit_code == 0);
  for (const char* sentence :
       {"The files are valid.", "$ viasync plan\n", "is still what was reviewed",
        "$ viasync apply --yes\n", "$ viasync apply plan.json\n",
        "No changes. acme-dev matches the repository", "the plan is stale", "(exit code 6)",
        "(exit code 2)", "PUT    409", "Every step went as it should"}) {
    CAPTURE(sentence);
    CHECK(ran.text.find(sentence) != std::string::npos);
  }
}

TEST_CASE("nothing of the change in between is lost") {
  auto org = Read(TheDemo().repo() + "/../org.json");
  CHECK(org.find("evenings first, no Sundays") != std::string::npos);
  CHECK(org.find("Balance >= 2500 AND Attempts < 4") != std::string::npos);
}

TEST_CASE("the demo in a pipe is plain text of at most 100 columns") {
  const auto& text = TheDemo().ran.text;
  CHECK(text.find('\x1b') == std::string::npos);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("/viasync") != std::string::npos) continue;  // names the folder, however long
    CAPTURE(line);
    CHECK(Columns(line) <= 100);
  }
}

TEST_CASE("history and status tell afterwards what the demo did, and no secret") {
  auto repo = TheDemo().repo();
  auto history = Shell(repo, "viasync history --limit 1 --format json");
  CAPTURE(history.text);
  CHECK(history.exit_code == 0);
  CHECK(history.text.find("\"key\":\"HighBalance\",\"action\":\"update\"") != std::string::npos);
  auto lists = Shell(repo, "viasync history --kind list");
  CHECK(lists.text.find("Offers") != std::string::npos);
  CHECK(lists.text.find("HighBalance") == std::string::npos);
  auto status = Shell(repo, "VIASYNC_DEV_CLIENT_SECRET=demo-secret viasync status");
  CAPTURE(status.text);
  CHECK(status.text.find("6 filters, 34 exclusions, 3 lists") != std::string::npos);
  CHECK(status.text.find("demo-secret") == std::string::npos);
}

TEST_CASE("what the demo leaves can be gone on with") {
  auto repo = TheDemo().repo();
  auto ran = Shell(
      repo,
      "cp ../org.json again.json; : > out; viasync sandbox --data again.json --port 0 > out & "
      "for i in {1..200}; do read -r line < out && break; sleep 0.05; done; "
      "url=${line#listening on }; sed -i \"s|http://[0-9.:]*|$url|\" viasync.yaml; "
      "VIASYNC_DEV_CLIENT_ID=demo-client VIASYNC_DEV_CLIENT_SECRET=demo-secret "
      "VIASYNC_DEV_API_KEY=demo-key viasync drift; code=$?; kill %1; wait; exit $code");
  CAPTURE(ran.text);
  CHECK(ran.exit_code == 2);
}

}  // namespace
}  // namespace viasync::cli
