#include "engine/http/trust.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace viasync::http {
namespace {

struct Machine {
  std::string folder = [] {
    const char* base = std::getenv("TEST_TMPDIR");
    std::string path = std::string(base ? base : "/tmp") + "/trust-XXXXXX";
    REQUIRE(mkdtemp(path.data()) != nullptr);
    return path;
  }();
  std::string file = folder + "/ca.pem";
  std::map<std::string, std::string> variables;

  Machine() { std::ofstream(file) << "x"; }
  ~Machine() { std::filesystem::remove_all(folder); }
  base::Result<Trust> Find(const std::string& ca_file = "") const {
    return FindTrust(ca_file, [this](const char* name) {
      auto found = variables.find(name);
      return found == variables.end() ? nullptr : found->second.c_str();
    });
  }
};

TEST_CASE("certificates are found where other systems than Debian keep them") {
  Machine machine;
  auto put = [&](const std::string& path) {
    const std::filesystem::path file = machine.folder + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << "x";
  };
  CHECK(OtherBundle(machine.folder) == "");
  put("/etc/ssl/cert.pem");
  CHECK(OtherBundle(machine.folder) == machine.folder + "/etc/ssl/cert.pem");
  put("/etc/pki/tls/certs/ca-bundle.crt");
  CHECK(OtherBundle(machine.folder) == machine.folder + "/etc/pki/tls/certs/ca-bundle.crt");
  put("/etc/ssl/certs/ca-certificates.crt");
  CHECK(OtherBundle(machine.folder) == "");
}

TEST_CASE("the variables count in curl's order, and ca_file before all of them") {
  Machine machine;
  const std::string &file = machine.file, &folder = machine.folder;
  struct Row {
    std::map<std::string, std::string> variables;
    std::string ca_file, expected_file, expected_folder;
  };
  const Row rows[] = {
      {{}, "", "", ""},
      {{{"SSL_CERT_FILE", file}}, "", file, ""},
      {{{"SSL_CERT_DIR", folder}}, "", "", folder},
      {{{"SSL_CERT_DIR", folder + ":" + folder}}, "", "", folder + ":" + folder},
      {{{"SSL_CERT_FILE", file}, {"SSL_CERT_DIR", folder}}, "", file, folder},
      {{{"CURL_CA_BUNDLE", file}, {"SSL_CERT_FILE", "/not/there"}, {"SSL_CERT_DIR", "/nor/this"}},
       "",
       file,
       ""},
      {{{"CURL_CA_BUNDLE", ""}, {"SSL_CERT_FILE", file}}, "", file, ""},
      {{{"CURL_CA_BUNDLE", "/not/there"}}, "mine.pem", "mine.pem", ""},
  };
  for (const Row& row : rows) {
    machine.variables = row.variables;
    auto trust = machine.Find(row.ca_file);
    REQUIRE(trust);
    CHECK(trust->file == row.expected_file);
    CHECK(trust->folder == row.expected_folder);
  }
}

TEST_CASE("a variable that names nothing of use is an error that names the variable") {
  Machine machine;
  const std::pair<const char*, std::string> rows[] = {
      {"CURL_CA_BUNDLE", machine.folder + "/none.pem"},
      {"SSL_CERT_FILE", machine.folder + "/none.pem"},
      {"SSL_CERT_FILE", machine.folder},
      {"SSL_CERT_DIR", machine.file},
      {"SSL_CERT_DIR", machine.folder + ":" + machine.folder + "/none"},
  };
  for (const auto& [name, value] : rows) {
    machine.variables = {{name, value}};
    auto trust = machine.Find();
    REQUIRE_FALSE(trust);
    CHECK(trust.error().message.starts_with(std::string(name) + " names "));
  }
}

}  // namespace
}  // namespace viasync::http
