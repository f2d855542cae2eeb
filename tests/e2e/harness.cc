#include "tests/e2e/harness.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <httplib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace viasync::e2e {
namespace {

namespace fs = std::filesystem;

std::string Slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::string Runfile(const std::string& path) {
  const char* folder = std::getenv("TEST_SRCDIR");
  const char* workspace = std::getenv("TEST_WORKSPACE");
  if (!folder || !workspace) return path;
  return std::string(folder) + "/" + workspace + "/" + path;
}

std::string Binary() { return Runfile("cli/viasync"); }
std::string TestData(const std::string& name) { return Runfile("testdata/" + name); }

Folder::Folder() {
  const char* base = std::getenv("TEST_TMPDIR");
  path_ = std::string(base ? base : "/tmp") + "/viasync-XXXXXX";
  REQUIRE(mkdtemp(path_.data()) != nullptr);
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void Folder::Write(const std::string& name, const std::string& content) const {
  fs::path path = fs::path(path_) / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

std::string Folder::Read(const std::string& name) const { return Slurp(path_ + "/" + name); }

void Folder::CopyFrom(const std::string& source) const {
  // Runfiles are links; the copies must be files that a test may edit.
  for (const auto& entry : fs::recursive_directory_iterator(source)) {
    auto target = fs::path(path_) / entry.path().lexically_relative(source);
    if (fs::is_directory(entry.path()))
      fs::create_directories(target);
    else
      Write(entry.path().lexically_relative(source).string(), Slurp(entry.path().string()));
  }
}

World::World(const nlohmann::json& org, sandbox::Settings settings) {
  nlohmann::json with_credentials = org;
  with_credentials["client_id"] = "id";
  with_credentials["client_secret"] = "s3cret-client";
  with_credentials["api_key"] = "s3cret-key";
  seed_.Write("orgs.json", nlohmann::json{{"orgs", {{"acme-dev", with_credentials}}}}.dump());
  StartServer({.seed_file = seed_.path() + "/orgs.json", .settings = settings}, "acme-dev");
}

World::World(const std::string& seed_file, const std::string& org, sandbox::Settings settings,
             const std::string& media_folder) {
  StartServer({.seed_file = seed_file, .media_folder = media_folder, .settings = settings}, org);
}

World::World(sandbox::Generate generate, sandbox::Settings settings) {
  StartServer({.generated = {generate}, .settings = settings}, generate.org);
}

World::~World() {
  httplib::Client client(url);
  auto answer = client.Get("/_sandbox/contract");
  CHECK(answer);
  if (!answer) return;
  auto breaches = nlohmann::json::parse(answer->body, nullptr, /*allow_exceptions=*/false);
  CHECK_MESSAGE(breaches.value("requests", -1) == 0, answer->body);
  CHECK_MESSAGE(breaches.value("answers", -1) == 0, answer->body);
}

void World::StartServer(sandbox::Options options, const std::string& org) {
  options.settings.strict = true;
  auto port = server_.Start(options);
  REQUIRE_MESSAGE(port.has_value(), port.error().message);
  url = server_.Url();
  auto state = Org(org);
  env["VIASYNC_DEV_CLIENT_ID"] = state.at("client_id");
  env["VIASYNC_DEV_CLIENT_SECRET"] = state.at("client_secret");
  env["VIASYNC_DEV_API_KEY"] = state.at("api_key");
  env["NO_COLOR"] = "1";
  WriteProject();
}

void World::WriteProject(const std::string& more) {
  repo.Write("viasync.yaml",
             "version: 1\nenvironments:\n  dev:\n    org: acme-dev\n    base_url: " + url +
                 "\n    token_url: " + server_.TokenUrl() + "\n" + more);
}

pid_t World::Spawn(const std::vector<std::string>& args,
                   const std::function<void()>& open_streams) {
  std::vector<std::string> words = {Binary()};
  words.insert(words.end(), args.begin(), args.end());
  // All is made ready before the fork: this process has threads, so the child may only make system
  // calls.
  std::vector<std::string> variables;
  for (char** entry = environ; *entry; ++entry) variables.emplace_back(*entry);
  for (const auto& [name, value] : env) variables.push_back(name + "=" + value);
  auto pointers = [](std::vector<std::string>& strings) {
    std::vector<char*> list;
    for (auto& text : strings) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
  };
  auto argv = pointers(words), envp = pointers(variables);
  pid_t pid = fork();
  REQUIRE(pid >= 0);
  if (pid > 0) return pid;
  open_streams();
  if (chdir(repo.path().c_str()) != 0) _exit(127);
  execve(argv[0], argv.data(), envp.data());
  _exit(127);
}

pid_t World::Start(const std::vector<std::string>& args, const std::string& out_file) {
  std::string err_file = out_file == "/dev/null" ? out_file : out_file + ".err";
  return Spawn(args, [&] {
    constexpr int kCreate = O_WRONLY | O_CREAT | O_TRUNC;
    dup2(open("/dev/null", O_RDONLY), 0);
    dup2(open(out_file.c_str(), kCreate, 0600), 1);
    dup2(open(err_file.c_str(), kCreate, 0600), 2);
  });
}

Output World::RunOnTerminal(const std::vector<std::string>& args, const std::string& typed,
                            unsigned short columns) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(terminal >= 0);
  REQUIRE((grantpt(terminal) == 0 && unlockpt(terminal) == 0));
  const std::string name = ptsname(terminal);
  const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  REQUIRE(ioctl(terminal, TIOCSWINSZ, &size) == 0);
  const pid_t pid = Spawn(args, [&] {
    setsid();
    const int end = open(name.c_str(), O_RDWR);  // becomes the controlling terminal
    for (int stream : {0, 1, 2}) dup2(end, stream);
  });
  Output output;
  // Waits in the terminal until it is read; it ends by itself when nobody has it open any more.
  REQUIRE(write(terminal, typed.data(), typed.size()) == static_cast<ssize_t>(typed.size()));
  char buffer[4096];
  for (ssize_t n; (n = read(terminal, buffer, sizeof buffer)) > 0;) {
    output.out.append(buffer, static_cast<std::size_t>(n));
  }
  close(terminal);
  output.exit_code = Wait(pid);
  std::erase(output.out, '\r');
  return output;
}

int World::Wait(pid_t pid) {
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Output World::Run(const std::vector<std::string>& args) {
  Folder capture;
  std::string file = capture.path() + "/out";
  Output output;
  output.exit_code = Wait(Start(args, file));
  output.out = Slurp(file);
  output.err = Slurp(file + ".err");
  return output;
}

nlohmann::json World::Control(const std::string& method, const std::string& path,
                              const nlohmann::json& body) {
  httplib::Client client(url);
  client.set_read_timeout(60);  // seconds; a busy machine is no failure
  httplib::Request request;
  request.method = method;
  request.path = "/_sandbox/" + path;
  if (!body.is_null()) {
    request.body = body.dump();
    request.set_header("Content-Type", "application/json");
  }
  auto answer = client.send(request);
  REQUIRE(answer);
  REQUIRE_MESSAGE(answer->status < 300, answer->body);
  return answer->body.empty() ? nlohmann::json() : nlohmann::json::parse(answer->body);
}

void World::Edit(const std::string& kind, const std::string& action, const std::string& key,
                 const nlohmann::json& set) {
  nlohmann::json edit = {
      {"org", "acme-dev"}, {"user", "maria"}, {"kind", kind}, {"action", action}, {"key", key}};
  if (action != "delete") edit["set"] = set;
  Control("POST", "edit", edit);
}

void World::Fault(const nlohmann::json& rule) { Control("POST", "faults", rule); }

nlohmann::json World::Org(const std::string& name) { return Control("GET", "orgs/" + name); }

nlohmann::json World::Find(const std::string& collection, const std::string& name) {
  auto org = Org();
  for (const auto& item : org.at(collection)) {
    for (const char* property : {"filterName", "name", "contactAddress"}) {
      if (item.value(property, "") == name) return item;
    }
  }
  return nullptr;
}

std::vector<nlohmann::json> World::Writes() {
  auto log = Control("GET", "log?writes=true");
  const auto& entries = log.is_array() ? log : log.at("entries");
  return {entries.begin(), entries.end()};
}

}  // namespace viasync::e2e
