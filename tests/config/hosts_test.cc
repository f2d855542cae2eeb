#include "engine/config/hosts.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

namespace viasync::config {
namespace {

// "" = allowed; else the message of the error.
std::string Check(const std::string& base_url, const std::string& token_url = "",
                  const char* listed = nullptr, const std::string& ca_file = "") {
  Environment environment;
  environment.name = "us-dev";
  environment.org = "acme";
  environment.base_url = base_url;
  environment.token_url = token_url;
  environment.ca_file = ca_file;
  if (listed) setenv("VIASYNC_US_DEV_HOSTS", listed, 1);
  auto checked = CheckHosts(environment);
  unsetenv("VIASYNC_US_DEV_HOSTS");
  if (checked) return {};
  CHECK_FALSE(checked.error().hint.empty());
  return checked.error().message;
}

}  // namespace

TEST_CASE("the vendor's hosts and this machine are free") {
  CHECK(Check("") == "");
  for (const char* url :
       {"https://acme.via.aspect-cloud.net", "https://ACME.Aspect-Cloud.NET:443/path",
        "https://x.aspect-cloud.net.", "https://aspect-cloud.net", "http://127.0.0.1:8080",
        "https://localhost:1", "http://[::1]:8080", "https://127.9.9.9"}) {
    CAPTURE(url);
    CHECK(Check(url) == "");
    CHECK(Check("", url) == "");
  }
}

TEST_CASE("any other host needs the consent of the environment's variable") {
  for (const char* url :
       {"https://evil.example", "https://aspect-cloud.net.evil.example",
        "https://evilaspect-cloud.net", "https://evil.example:443/x.aspect-cloud.net",
        "https://evil.example%2f.aspect-cloud.net",
        "https://evil.example\xEF\xBC\x8F.aspect-cloud.net",
        "https://evil_example.aspect-cloud.net", "https://127.0.0.1.evil.example",
        "https://localhost.evil.example", "https://[::2]", "https://10.0.0.1"}) {
    CAPTURE(url);
    CHECK(Check(url).contains("`base_url` sends the credentials to"));
    CHECK(Check("", url).contains("`token_url` sends the credentials to"));
    CHECK(Check(url, "", "other.example").contains("us-dev"));
  }
  CHECK(Check("https://evil.example", "https://evil.example", "a.example, Evil.Example ") == "");
  CHECK(Check("https://a.evil.example", "", "*.evil.example") == "");
  CHECK(Check("https://evil.example", "", "*.evil.example") != "");
  CHECK(Check("https://a.evil.example", "", "evil.example") != "");
  CHECK(Check("https://evil.example:8443", "", "evil.example") == "");
  CHECK(Check("https://evil.example:8443", "", "evil.example:8443") == "");
  CHECK(Check("https://evil.example", "", "evil.example:8443") != "");
  CHECK(Check("https://evil.example", "", "evil.example:443") == "");
  CHECK(Check("https://[::2]:1", "", "[::2]") == "");
  CHECK(Check("https://evil.example", "", "") != "");
}

TEST_CASE("a list that is not one of hosts is an error of its own") {
  for (const char* listed : {"https://evil.example", "*", "evil example", "*.*.example", "a/b"}) {
    CAPTURE(listed);
    CHECK(Check("", "", listed).contains("is not the name of a host"));
  }
}

TEST_CASE("a ca_file counts only for hosts that were consented to") {
  CHECK(Check("", "", nullptr, "ca.pem").contains("`ca_file` says whose word counts"));
  CHECK(Check("https://127.0.0.1:1", "https://127.0.0.1:1", nullptr, "ca.pem") == "");
  CHECK(Check("", "", "*.aspect-cloud.net", "ca.pem") == "");
}

}  // namespace viasync::config
