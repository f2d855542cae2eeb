// A server that echoes what it was sent, in every spelling: none of it is in what the real binary
// prints, logs or writes. The spellings one by one are in tests/base/redact_test.cc.
#include <doctest/doctest.h>
#include <httplib.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/redact.h"
#include "tests/e2e/small_world.h"

namespace viasync::e2e {
namespace {

namespace fs = std::filesystem;

const std::string kSecret = "s3cr3t/of+the=client&\"x\"";
const std::string kKey = "api-key-0123456789";
const std::string kToken = "t0k3n.of-the_run/ABC+def==";

std::string Each(const std::string& text, const char* format) {
  std::string out;
  for (unsigned char c : text) {
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, format, c);
    out += buffer;
  }
  return out;
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string Base64(const std::string& text) {
  constexpr const char* kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (unsigned char c : text) {
    bits = bits << 8 | c;
    for (count += 8; count >= 6; count -= 6) out += kLetters[bits >> (count - 6) & 63];
  }
  if (count > 0) out += kLetters[bits << (6 - count) & 63];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::string InJson(const std::string& text) {
  return Replaced(Replaced(Replaced(text, "\\", "\\\\"), "\"", "\\\""), "/", "\\/");
}

// All that a careless server knows, as a text inside JSON.
std::string Echo() {
  std::string echo;
  for (const auto& secret : {kSecret, kKey, kToken}) {
    echo += InJson(secret) + " | " + InJson(InJson(secret)) + " | " + Each(secret, "\\u%04x") +
            " | " + Each(secret, "%%%02x") + " | " + Each(secret, "%%25%02X") + " | " +
            Each(secret, "&#%u;") + " | " + Each(secret, "&#x%X;") + " | " +
            InJson(Base64(secret)) + " | " + InJson(Base64("c:" + secret)) + " | " +
            InJson(secret.substr(0, 6)) + "\\n  " + InJson(secret.substr(6)) + " | ";
  }
  return echo;
}

class EchoServer {
 public:
  EchoServer() {
    auto answer = [this](const httplib::Request& request, httplib::Response& response) {
      const bool token = request.path == "/token";
      response.status = token ? 200 : status.load();
      if (token) {
        response.set_content("{\"access_token\": \"" + kToken + "\", \"expires_in\": 3600}",
                             "application/json");
      } else {
        response.set_content(Replaced(body, "ECHO", Echo()), type);
      }
    };
    server_.Get(".*", answer);
    server_.Post(".*", answer);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~EchoServer() {
    server_.stop();
    thread_.join();
  }
  std::string Url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  std::atomic<int> status = 400;
  std::string body, type = "application/json";  // set while nothing runs

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

std::string AllFiles(const std::string& folder) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(file), {});
    all += '\n';
  }
  return all;
}

}  // namespace

TEST_CASE("no output and no file holds what a server echoed") {
  EchoServer server;
  World world(SmallOrg());
  world.repo.Write("viasync.yaml",
                   "version: 1\nenvironments:\n  dev:\n    org: acme-dev\n"
                   "    base_url: " +
                       server.Url() + "\n    token_url: " + server.Url() + "/token\n");
  world.repo.Write("config/filters.yaml", "filters:\n  - {name: One, criteria: A = 2}\n");
  world.repo.Write("records.csv", "@ACCOUNT\n1000\n");
  world.env["VIASYNC_DEV_CLIENT_ID"] = "c";
  world.env["VIASYNC_DEV_CLIENT_SECRET"] = kSecret;
  world.env["VIASYNC_DEV_API_KEY"] = kKey;
  base::Redactor secrets{kSecret, kKey, kToken};
  const struct {
    int status;
    const char *type, *body;
  } answers[] = {
      {400, "application/json", R"({"error": {"code": 400, "message": "got ECHO",
          "errors": [{"scope": "x", "reason": "ECHO", "message": "ECHO"}]}})"},
      {403, "text/html", "<html><title>ECHO</title><body>ECHO</body>"},
      {404, "text/plain", "ECHO"},
      {200, "application/json", R"({"filters": [{"id": "1", "filterName": "ECHO"}], "ECHO": 1})"},
      {200, "text/plain", "{\"filters\": ECHO"},
      {302, "application/json", R"({"message": "ECHO"})"},
  };
  const std::vector<std::vector<std::string>> commands = {
      {"plan"},
      {"-v", "--log-format", "json", "plan", "--format", "json", "--out", "plan.json"},
      {"plan", "--format", "markdown"},
      {"apply", "--yes"},
      {"pull", "--yes"},
      {"api", "filters"},
      {"api", "POST", "filters", "--body", "filter.json", "--yes"},
      {"records", "insert", "50", "records.csv", "--yes"},
      {"history"},
  };
  world.repo.Write("filter.json", R"({"filterName": "A", "filterCriteria": "1 = 1"})");
  for (const auto& answer : answers) {
    server.status = answer.status;
    server.type = answer.type;
    server.body = answer.body;
    for (const auto& command : commands) {
      CAPTURE(answer.status);
      CAPTURE(answer.body);
      CAPTURE(command.back());
      const auto output = world.Run(command);
      const std::string all = output.out + "\n" + output.err + "\n" + AllFiles(world.repo.path());
      CHECK_MESSAGE(!secrets.FoundIn(all), (output.out + output.err));
      for (const auto& secret : {kSecret, kKey, kToken}) {
        CHECK(all.find(secret.substr(0, 10)) == std::string::npos);
      }
    }
  }
}

TEST_CASE("no error shows the password of a proxy, however malformed its URL is") {
  World world(SmallOrg());
  world.repo.Write("viasync.yaml", "version: 1\nenvironments:\n  dev: {org: a, region: us}\n");
  for (const char* url :
       {"http://user:pr0xy-pass@127.0.0.1:1", "http://user:pr0xy-pass@:x", "user:pr0xy-pass@[",
        "http://user:pr0xy-pass", "socks9://u:pr0xy-pass@h"}) {
    CAPTURE(url);
    world.env["HTTPS_PROXY"] = url;
    world.env["https_proxy"] = url;
    const auto output = world.Run({"api", "filters"});
    CHECK(output.exit_code != 0);
    CHECK((output.out + output.err).find("pr0xy-pass") == std::string::npos);
  }
}

TEST_CASE("a body that is nested without end kills nobody") {
  EchoServer server;
  World world(SmallOrg());
  world.repo.Write("viasync.yaml",
                   "version: 1\nenvironments:\n  dev:\n    org: acme-dev\n"
                   "    base_url: " +
                       server.Url() + "\n    token_url: " + server.Url() + "/token\n");
  world.repo.Write("deep.jsonl", std::string(200'000, '[') + "\n");
  world.repo.Write("deep.json", std::string(200'000, '['));
  for (const char* body : {"[", "{\"error\":", "{\"filters\":["}) {
    for (int status : {200, 400}) {
      server.body.clear();
      while (server.body.size() < 200'000) server.body += body;
      server.status = status;
      for (const std::vector<std::string>& command :
           {std::vector<std::string>{"plan"},
            {"api", "filters"},
            {"api", "filters", "--all"},
            {"jobs", "list"},
            {"strategies"},
            {"records", "insert", "50", "deep.jsonl", "--yes"},
            {"api", "POST", "filters", "--body", "deep.json", "--yes"},
            {"apply", "deep.json"}}) {
        CAPTURE(command.front());
        const auto output = world.Run(command);
        CHECK_MESSAGE((output.exit_code == 1 || output.exit_code == 4), (output.out + output.err));
      }
    }
  }
}

}  // namespace viasync::e2e
