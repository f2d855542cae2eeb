// Certificates through the real binary: what cannot be verified is not spoken to, and gets no
// secret.
#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <string>

#include "tests/e2e/small_world.h"
#include "tests/e2e/tls_proxy.h"

namespace viasync::e2e {
namespace {

struct TlsWorld {
  World world{SmallOrg()};
  Folder certificates;
  Authority authority{certificates.path()};
  const std::map<std::string, std::string> credentials = world.env;

  TlsWorld() { world.repo.Write("config/filters.yaml", kFilters); }

  Output PlanThrough(const TlsProxy& proxy, const std::string& ca_file) {
    world.repo.Write(
        "viasync.yaml",
        "version: 1\nenvironments:\n  dev:\n    org: acme-dev\n    base_url: " + proxy.Url() +
            "\n    token_url: " + proxy.Url() + "/tokenservice/oauth2/access_token\n" +
            (ca_file.empty() ? "" : "    ca_file: " + ca_file + "\n"));
    return world.Run({"plan"});
  }

  void CheckRefused(const Output& output, const std::string& says = "ertificate") {
    CHECK(output.exit_code == 1);
    CHECK_MESSAGE(output.err.find(says) != std::string::npos, output.err);
    CHECK_MESSAGE(output.err.find("ca_file") != std::string::npos, output.err);
    CHECK(world.Control("GET", "log").at("entries").empty());
  }
};

}  // namespace

TEST_CASE_FIXTURE(TlsWorld, "an org whose certificate the authority of ca_file has signed") {
  auto [certificate, key] = authority.Sign("127.0.0.1", 30);
  TlsProxy proxy(world.url, certificate, key);
  auto plan = PlanThrough(proxy, authority.file());
  CHECK_MESSAGE(plan.exit_code == 0, plan.err);
  CHECK(plan.out.find("1 to update") != std::string::npos);
  auto apply = world.Run({"apply", "--yes", "--no-base"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  CHECK(world.Find("filters", "One")["filterCriteria"] == "A = 2");
}

TEST_CASE_FIXTURE(TlsWorld, "without ca_file the variables that curl reads name the authority") {
  auto [certificate, key] = authority.Sign("127.0.0.1", 30);
  TlsProxy proxy(world.url, certificate, key);
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    world.env = {{name, authority.file()}};
    for (auto [key_name, value] : std::map<std::string, std::string>(credentials)) {
      world.env[key_name] = value;
    }
    auto plan = PlanThrough(proxy, "");
    CHECK_MESSAGE(plan.exit_code == 0, plan.err);
    world.env[name] = authority.file() + ".not";
    auto refused = PlanThrough(proxy, "");
    CHECK(refused.exit_code == 1);
    CHECK_MESSAGE(refused.err.find(std::string(name) + " names ") != std::string::npos,
                  refused.err);
  }
}

TEST_CASE_FIXTURE(TlsWorld, "the keys of a TLS session are written nowhere") {
  auto [certificate, key] = authority.Sign("127.0.0.1", 30);
  TlsProxy proxy(world.url, certificate, key);
  world.env["SSLKEYLOGFILE"] = certificates.path() + "/keys";
  CHECK(PlanThrough(proxy, authority.file()).exit_code == 0);
  CHECK_FALSE(std::filesystem::exists(certificates.path() + "/keys"));
}

TEST_CASE_FIXTURE(TlsWorld, "an authority that nobody named is not trusted") {
  auto [certificate, key] = authority.Sign("127.0.0.1", 30);
  TlsProxy proxy(world.url, certificate, key);
  CheckRefused(PlanThrough(proxy, ""));
  // Another one of the same name does not help either.
  Folder elsewhere;
  Authority other(elsewhere.path());
  CheckRefused(PlanThrough(proxy, other.file()), "no TLS connection");
}

TEST_CASE_FIXTURE(TlsWorld, "a certificate for another host, or one that has expired") {
  for (auto [host, days] : {std::pair{"acme.example", 30}, std::pair{"127.0.0.1", -1}}) {
    CAPTURE(std::string(host));
    auto [certificate, key] = authority.Sign(host, days);
    TlsProxy proxy(world.url, certificate, key);
    CheckRefused(PlanThrough(proxy, authority.file()));
  }
}

TEST_CASE_FIXTURE(TlsWorld, "a ca_file that is not there, or holds none") {
  auto [certificate, key] = authority.Sign("127.0.0.1", 30);
  TlsProxy proxy(world.url, certificate, key);
  world.repo.Write("empty.pem", "no certificate\n");
  for (const char* file : {"missing.pem", "empty.pem"}) {
    CAPTURE(std::string(file));
    auto output = PlanThrough(proxy, file);
    CHECK(output.exit_code == 1);
    CHECK_MESSAGE(output.err.find(file) != std::string::npos, output.err);
    CHECK(world.Control("GET", "log").at("entries").empty());
  }
}

}  // namespace viasync::e2e
