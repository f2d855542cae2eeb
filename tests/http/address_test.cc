#include "engine/http/address.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "engine/http/curl_transport.h"
#include "tests/http/raw_server.h"

namespace viasync::http {
namespace {

TEST_CASE("an address is as near as its net") {
  const struct {
    const char* ip;
    Reach reach;
  } rows[] = {
      {"8.8.8.8", Reach::kPublic},
      {"172.15.0.1", Reach::kPublic},
      {"172.32.0.1", Reach::kPublic},
      {"100.128.0.1", Reach::kPublic},
      {"10.0.0.1", Reach::kPrivate},
      {"172.16.0.1", Reach::kPrivate},
      {"172.31.255.255", Reach::kPrivate},
      {"192.168.1.1", Reach::kPrivate},
      {"100.64.0.1", Reach::kPrivate},
      {"127.0.0.1", Reach::kLoopback},
      {"127.255.255.254", Reach::kLoopback},
      {"0.0.0.0", Reach::kLoopback},
      {"169.254.169.254", Reach::kLoopback},
      {"224.0.0.1", Reach::kLoopback},
      {"255.255.255.255", Reach::kLoopback},
      {"2606:4700::1", Reach::kPublic},
      {"fd12::1", Reach::kPrivate},
      {"fec0::1", Reach::kPrivate},
      {"fe80::1", Reach::kLoopback},
      {"ff02::1", Reach::kLoopback},
      {"::1", Reach::kLoopback},
      {"::", Reach::kLoopback},
      {"::ffff:8.8.8.8", Reach::kPublic},
      {"::ffff:127.0.0.1", Reach::kLoopback},
      {"::ffff:10.0.0.1", Reach::kPrivate},
      {"::127.0.0.1", Reach::kLoopback},
      {"64:ff9b::7f00:1", Reach::kLoopback},
      {"64:ff9b::808:808", Reach::kPublic},
      {"2002:7f00:1::", Reach::kLoopback},
      {"2002:a00:1::1", Reach::kPrivate},
  };
  for (const auto& row : rows) {
    CAPTURE(row.ip);
    CHECK(ReachOf(std::string(row.ip)) == row.reach);
  }
  CHECK_FALSE(ReachOf(std::string("example.com")));
  CHECK_FALSE(ReachOf(std::string("")));
}

TEST_CASE("the host of a URL says how near it is, in whatever form the number is written") {
  for (const char* host : {"127.0.0.1", "localhost", "LOCALHOST.", "a.localhost", "2130706433",
                           "0x7f000001", "0x7f.1", "127.1", "017700000001", "[::1]",
                           "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "169.254.169.254"}) {
    CAPTURE(host);
    CHECK(LiteralReach(std::string("https://") + host + ":443/x?y") == Reach::kLoopback);
  }
  CHECK(LiteralReach("https://0xa000001/") == Reach::kPrivate);
  CHECK(LiteralReach("https://8.8.8.8/") == Reach::kPublic);
  CHECK_FALSE(LiteralReach("https://acme.example/127.0.0.1"));
  CHECK_FALSE(LiteralReach("https://127.0.0.1.example/"));
}

Task<base::Result<Response>> SendOne(Transport& transport, Request request) {
  auto exchange = Exchange(transport, std::move(request));
  co_return co_await exchange;
}

TEST_CASE("what may reach public addresses alone is not sent to this machine, by any name") {
  RawServer server(
      [](const std::string&, int) { return RawServer::Reply{.bytes = Http200("{}")}; });
  auto transport = MakeCurlTransport({.connect_timeout = base::Millis(2'000)});
  const std::string url = server.Url("/x");
  const std::string port = url.substr(url.rfind(':'));
  char name[256] = "localhost";
  gethostname(name, sizeof name - 1);
  const std::string hosts[] = {"127.0.0.1",     "localhost", "2130706433",         "0x7f.1",
                               "127.1",         "0.0.0.0",   "[::ffff:127.0.0.1]", "[::1]",
                               "ip6-localhost", name};
  for (const std::string& host : hosts) {
    CAPTURE(host);
    for (Reach nearest : {Reach::kPublic, Reach::kPrivate}) {
      // A host name may lead to a private address of this machine.
      if (nearest == Reach::kPrivate && host == name) continue;
      auto answer = Run(*transport,
                        SendOne(*transport, {.url = "http://" + host + port, .nearest = nearest}));
      REQUIRE_FALSE(answer);
      const bool unknown = answer.error().kind == base::ErrorKind::kNetwork;  // no such name here
      if (!unknown) CHECK(answer.error().message.find("not sent") != std::string::npos);
      if (host.find_first_not_of("0123456789x.") == std::string::npos) CHECK_FALSE(unknown);
    }
  }
  CHECK(server.requests().empty());
  // Where the org is on this machine itself, it may; and says where it was reached.
  auto answer = Run(*transport, SendOne(*transport, {.url = url}));
  REQUIRE(answer);
  CHECK(answer->peer == "127.0.0.1");
  // Nor over the connection that is open now.
  CHECK_FALSE(Run(*transport, SendOne(*transport, {.url = url, .nearest = Reach::kPublic})));
  CHECK(server.requests().size() == 1);
}

}  // namespace
}  // namespace viasync::http
