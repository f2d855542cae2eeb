// What an end-to-end test needs: the real binary, a sandbox on loopback in this process, a
// repository in a folder of its own, and the sandbox's own word on what reached it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/sandbox/server.h"

namespace viasync::e2e {

// When the exclusions of the tests begin.
inline constexpr const char* kStart = "2026-01-05T00:00:00.000Z";

struct Output {
  int exit_code = -1;  // 128 + signal where it was killed
  std::string out, err;
};

// A folder that is removed with it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  void Write(const std::string& name, const std::string& content) const;  // makes folders
  std::string Read(const std::string& name) const;
  void CopyFrom(const std::string& source) const;

 private:
  std::string path_;
};

// Sandbox, repository and environment variables of one test. The sandbox is strict: what was asked
// and answered must keep the API's contract, or the test fails when its world ends.
class World {
 public:
  // `seed`: an org as in engine/sandbox/state.h, without credentials; it becomes acme-dev.
  explicit World(const nlohmann::json& org, sandbox::Settings settings = {});
  // Several orgs from a seed file, `org` being the one that `dev` names. `media_folder`: where they
  // keep their media storages; empty = in memory.
  World(const std::string& seed_file, const std::string& org, sandbox::Settings settings = {},
        const std::string& media_folder = "");
  // Generated resources.
  World(sandbox::Generate generate, sandbox::Settings settings);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Folder repo;
  std::map<std::string, std::string> env;  // of the binary, besides what it inherits
  std::string url;

  // Writes viasync.yaml: environment `dev` on this sandbox. `more` is appended as it is, so that it
  // may begin with further lines of `dev`.
  void WriteProject(const std::string& more = "");

  // Runs `viasync ARGS` in the repository and waits.
  Output Run(const std::vector<std::string>& args);
  // The same without waiting.
  pid_t Start(const std::vector<std::string>& args, const std::string& out_file = "/dev/null");
  static int Wait(pid_t pid);
  // Runs it on a terminal of its own, at which a person types `typed`. All that the terminal shows
  // is in `out`, what was typed included.
  Output RunOnTerminal(const std::vector<std::string>& args, const std::string& typed,
                       unsigned short columns = 80);

  nlohmann::json Control(const std::string& method, const std::string& path,
                         const nlohmann::json& body = nullptr);
  // A change made in the vendor's UI by maria.
  void Edit(const std::string& kind, const std::string& action, const std::string& key,
            const nlohmann::json& set = nlohmann::json::object());
  void Fault(const nlohmann::json& rule);
  nlohmann::json Org(const std::string& name = "acme-dev");
  // The filter, list (by name) or exclusion (by address) as the org holds it; null = none.
  nlohmann::json Find(const std::string& collection, const std::string& name);
  // Writes that reached the org, in order: every request but GETs and tokens.
  std::vector<nlohmann::json> Writes();

 private:
  // Forks; the child gives itself its streams, by system calls alone, and becomes the binary.
  pid_t Spawn(const std::vector<std::string>& args, const std::function<void()>& open_streams);
  void StartServer(sandbox::Options options, const std::string& org);
  Folder seed_;
  sandbox::Server server_;
};

// A file that the test was built with, by its path from the top of the project.
std::string Runfile(const std::string& path);
// The binary under test, and files of testdata/.
std::string Binary();
std::string TestData(const std::string& name);

}  // namespace viasync::e2e
