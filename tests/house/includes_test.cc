// Holds the includes of every source file against the BUILD files: GCC has no layering check, so a
// header that is reachable through a dependency of a dependency compiles although its target is not
// listed, and the arrows between rooms would exist on paper only.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

// Folder of a package -> folders of the packages that its targets list under `deps`.
using Packages = std::map<std::string, std::set<std::string>>;

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool IsSource(const fs::path& path) {
  return path.extension() == ".h" || path.extension() == ".cc";
}

// The packages named in the `deps` lists of a BUILD file.
std::set<std::string> DepsOf(const std::string& build) {
  static const std::regex kList(R"(\bdeps = \[([^\]]*)\])");
  static const std::regex kLabel(R"re("//([^":]+)(:[^"]*)?")re");
  std::set<std::string> deps;
  for (std::sregex_iterator list(build.begin(), build.end(), kList), end; list != end; ++list) {
    std::string labels = (*list)[1];
    for (std::sregex_iterator label(labels.begin(), labels.end(), kLabel); label != end; ++label) {
      deps.insert((*label)[1]);
    }
  }
  return deps;
}

Packages ReadPackages() {
  Packages packages;
  for (const char* root : {"engine", "cli", "schemas"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().filename() != "BUILD") continue;
      packages[entry.path().parent_path().string()] = DepsOf(ReadAll(entry.path()));
    }
  }
  return packages;
}

// The folder of the package that a file belongs to: the nearest one above it with a BUILD file.
std::string PackageOf(const Packages& packages, fs::path file) {
  do {
    file = file.parent_path();
    if (packages.contains(file.string())) return file.string();
  } while (!file.empty());
  return {};
}

// The project's own headers that a file includes.
std::vector<std::string> IncludesOf(const fs::path& file) {
  static const std::regex kInclude(R"re(#include "((?:engine|cli|schemas)/[^"]+)")re");
  std::string text = ReadAll(file);
  std::vector<std::string> includes;
  for (std::sregex_iterator it(text.begin(), text.end(), kInclude), end; it != end; ++it) {
    includes.push_back((*it)[1]);
  }
  return includes;
}

// "FILE includes HEADER, but TARGET is not among the deps of FOLDER/BUILD", one for each fault.
std::vector<std::string> WrongIncludes(const Packages& packages, int* files) {
  std::vector<std::string> wrong;
  for (const auto& [folder, deps] : packages) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!IsSource(entry.path()) || PackageOf(packages, entry.path()) != folder) continue;
      ++*files;
      for (const auto& header : IncludesOf(entry.path())) {
        std::string owner = PackageOf(packages, header);
        if (owner == folder || deps.contains(owner)) continue;
        wrong.push_back(entry.path().string() + " includes " + header + ", but //" + owner +
                        " is not among the deps of " + folder + "/BUILD");
      }
    }
  }
  std::sort(wrong.begin(), wrong.end());
  return wrong;
}

}  // namespace

TEST_CASE("every include belongs to a target that the BUILD file lists") {
  auto packages = ReadPackages();
  int files = 0;
  for (const auto& fault : WrongIncludes(packages, &files)) FAIL_CHECK(fault);
  CHECK(packages.size() > 15);
  CHECK(files > 300);
}

TEST_CASE("the arrows between rooms run one way") {
  auto packages = ReadPackages();
  // Whatever can be reached from a package over deps; a package that reaches itself is in a circle.
  for (const auto& [folder, direct] : packages) {
    std::set<std::string> reached;
    std::vector<std::string> open(direct.begin(), direct.end());
    while (!open.empty()) {
      auto next = open.back();
      open.pop_back();
      if (next == folder || !reached.insert(next).second) continue;
      auto found = packages.find(next);
      if (found == packages.end()) continue;
      CHECK_MESSAGE(!found->second.contains(folder), next << " depends back on " << folder);
      open.insert(open.end(), found->second.begin(), found->second.end());
    }
  }
}

TEST_CASE("the sandbox stands apart from the client") {
  auto packages = ReadPackages();
  CHECK(packages.at("engine/sandbox") ==
        std::set<std::string>{"engine/base", "engine/contract", "engine/files"});
}

TEST_CASE("what has one safe way is done in no other") {
  const struct {
    const char *pattern, *instead;
    std::set<std::string> allowed;
  } rules[] = {
      {R"(json::(parse|accept|sax_parse)\()",
       "base::ParseJson, which bounds the depth",
       // contract reads the document that is built in.
       {"engine/base/json.cc", "engine/contract/document.cc"}},
      {R"(error_handler_t::replace)",
       "base::DumpJson, which hides nothing",
       // Texts that are hashed or sent: their bytes must stay.
       {"engine/base/json.cc", "engine/plan/plan_json.cc", "engine/plan/json_stream.cc",
        "engine/api/error_body.cc", "engine/contract/schema.cc", "engine/migrate/record.cc",
        "engine/workflow/api_call.cc", "engine/workflow/migrate.cc", "engine/workflow/bulk_rows.cc",
        "engine/sandbox/control_client.cc"}},
      {R"(\bO_TRUNC\b|\brename\()",
       "files::AtomicFile, which follows no link",
       // A download that goes on is one file over several runs.
       {"engine/files/atomic_file.cc", "engine/migrate/file_io.cc"}},
      {R"(\bf(printf|puts|putc|write)\()",
       "std::cout or Log, which let no secret through",
       // A temporary file, and what a wrong build of ours says before it aborts.
       {"cli/spool.cc", "engine/contract/document.cc", "engine/contract/codes.cc"}},
  };
  for (const auto& rule : rules) {
    const std::regex pattern(rule.pattern, std::regex::icase);
    for (const char* root : {"engine", "cli"}) {
      for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (!IsSource(entry.path()) || rule.allowed.contains(entry.path().string())) continue;
        CHECK_MESSAGE(!std::regex_search(ReadAll(entry.path()), pattern),
                      entry.path().string() << ": use " << rule.instead);
      }
    }
  }
}
