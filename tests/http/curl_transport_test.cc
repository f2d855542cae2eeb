#include "engine/http/curl_transport.h"

#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/http/raw_server.h"

namespace viasync::http {
namespace {

using base::ErrorKind;
using base::Millis;

Task<base::Result<Response>> SendOne(Transport& transport, Request request) {
  auto exchange = Exchange(transport, std::move(request));
  co_return co_await exchange;
}

base::Result<Response> Send(Transport& transport, Request request) {
  return Run(transport, SendOne(transport, std::move(request)));
}

ErrorKind KindOf(const base::Result<Response>& result) {
  REQUIRE_FALSE(result.has_value());
  CHECK_FALSE(result.error().message.empty());
  return result.error().kind;
}

// Answers the first request of every connection and hangs up on the second without a byte.
RawServer::Reply LoseSecond(const std::string&, int nth) {
  if (nth == 1) return {.bytes = Http200("{}")};
  return {.bytes = "", .close = true};
}

std::size_t CountOf(const RawServer& server, std::string_view start) {
  const auto requests = server.requests();
  return static_cast<std::size_t>(
      std::ranges::count_if(requests, [&](auto& r) { return r.starts_with(start); }));
}

TEST_CASE("a write whose answer is lost on a warm connection reaches the server exactly once") {
  struct {
    Method method;
    std::string body;
  } const rows[] = {
      {Method::kPost, "{\"a\": 1}"},
      {Method::kPut, "{\"a\": 1}"},
      {Method::kPatch, "{\"a\": 1}"},
      {Method::kDelete, "{\"a\": 1}"},
      {Method::kPost, ""},
      {Method::kPut, ""},
      {Method::kPatch, ""},
      {Method::kDelete, ""},
      {Method::kPut, std::string(300'000, 'x')},
  };
  for (const auto& row : rows) {
    CAPTURE(MethodName(row.method));
    RawServer server(&LoseSecond);
    auto transport = MakeCurlTransport({});
    REQUIRE(Send(*transport, {.url = server.Url("/warm")}).has_value());
    auto lost =
        Send(*transport, {.method = row.method, .url = server.Url("/write"), .body = row.body});
    CHECK(KindOf(lost) == ErrorKind::kUnknown);
    CHECK(CountOf(server, std::string(MethodName(row.method)) + " /write ") == 1);
    CHECK(server.requests().back().ends_with("\r\n\r\n" + row.body));
    // The handle is as good as new.
    CHECK(Send(*transport, {.method = row.method, .url = server.Url("/next"), .body = row.body})
              .has_value());
  }
}

TEST_CASE("a read whose answer is lost on a warm connection may be repeated by itself") {
  RawServer server(&LoseSecond);
  auto transport = MakeCurlTransport({});
  REQUIRE(Send(*transport, {.url = server.Url("/warm")}).has_value());
  CHECK(Send(*transport, {.url = server.Url("/read")}).has_value());
  CHECK(CountOf(server, "GET /read ") == 2);
}

TEST_CASE("a write on a connection that the server has closed meanwhile is carried out once") {
  RawServer server([](const std::string&, int) {
    return RawServer::Reply{.bytes = Http200("{}"), .close = true};
  });
  auto transport = MakeCurlTransport({});
  REQUIRE(Send(*transport, {.url = server.Url("/warm")}).has_value());
  Run(*transport, Sleep(*transport, Millis(20)));
  CHECK(Send(*transport, {.method = Method::kPut, .url = server.Url("/write"), .body = "x"})
            .has_value());
  CHECK(CountOf(server, "PUT /write ") == 1);
}

TEST_CASE("the connection is kept, and each request carries what it should and no more") {
  RawServer server([](const std::string&, int) { return RawServer::Reply{.bytes = Http200("")}; });
  auto transport = MakeCurlTransport({.user_agent = "viasync/1"});
  REQUIRE(Send(*transport, {.method = Method::kPut,
                            .url = server.Url("/a?b=c"),
                            .headers = {{"Content-Type", "application/json"}, {"x-api-key", "k"}},
                            .body = "{}"})
              .has_value());
  REQUIRE(Send(*transport, {.url = server.Url("/plain")}).has_value());
  REQUIRE(Send(*transport, {.method = Method::kDelete, .url = server.Url("/gone")}).has_value());
  CHECK(server.connections() == 1);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].starts_with("PUT /a?b=c HTTP/1.1\r\n"));
  for (const char* wanted :
       {"Content-Type: application/json\r\n", "x-api-key: k\r\n", "User-Agent: viasync/1\r\n",
        "Accept-Encoding: gzip, deflate\r\n", "Content-Length: 2\r\n", "\r\n\r\n{}"}) {
    CHECK(requests[0].find(wanted) != std::string::npos);
  }
  CHECK(requests[1].starts_with("GET /plain HTTP/1.1\r\n"));
  CHECK(requests[2].starts_with("DELETE /gone HTTP/1.1\r\n"));
  for (int i : {1, 2}) {
    for (const char* stray : {"x-api-key", "Content-", "Expect", "{}"}) {
      CHECK(requests[i].find(stray) == std::string::npos);
    }
  }
}

TEST_CASE("any status is an answer, a redirect is not followed, interim answers are skipped") {
  struct {
    const char* bytes;
    int status;
    const char* header;
    const char* value;
  } const rows[] = {
      {"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", 302, "location",
       "/elsewhere"},
      {"HTTP/1.1 103 Early\r\nX-A: early\r\n\r\nHTTP/1.1 404 No\r\nX-A:  late \r\n"
       "Content-Length: 0\r\n\r\n",
       404, "x-a", "late"},
      {"HTTP/1.1 204 No Content\r\n\r\n", 204, "x-none", ""},
      {"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", 503, "retry-after", "7"},
  };
  for (const auto& row : rows) {
    RawServer server([&](const std::string&, int) { return RawServer::Reply{.bytes = row.bytes}; });
    auto transport = MakeCurlTransport({});
    auto answer = Send(*transport, {.url = server.Url("/")});
    REQUIRE(answer.has_value());
    CHECK(answer->status == row.status);
    CHECK(HeaderOf(*answer, row.header) == row.value);
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("bodies: chunked, compressed, large") {
  const std::string gzip_hello(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05"
      "\x00\x00\x00",
      25);
  const std::string large(1'000'000, 'z');
  const std::pair<std::string, std::string> rows[] = {
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
       "hello"},
      {Http200(gzip_hello, "Content-Encoding: gzip\r\n"), "hello"},
      {Http200(large), large},
      {Http200(""), ""},
  };
  for (const auto& [bytes, body] : rows) {
    RawServer server([&](const std::string&, int) { return RawServer::Reply{.bytes = bytes}; });
    auto transport = MakeCurlTransport({});
    auto answer = Send(*transport, {.url = server.Url("/")});
    REQUIRE(answer.has_value());
    CHECK((answer->body == body));
  }
}

TEST_CASE("a broken answer is an error of the right kind") {
  struct {
    const char* what;
    RawServer::Reply reply;
    ErrorKind kind;
  } const rows[] = {
      {"cut off", {"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", true}, ErrorKind::kUnknown},
      {"cut off in a chunk",
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{", true},
       ErrorKind::kUnknown},
      {"cut off in the head", {"HTTP/1.1 200 OK\r\nContent-", true}, ErrorKind::kUnknown},
      {"no byte", {"", true}, ErrorKind::kUnknown},
      {"silence", {""}, ErrorKind::kUnknown},
      {"no HTTP", {"SSH-2.0-OpenSSH_9.2\r\n", true}, ErrorKind::kProtocol},
      {"no gzip", {Http200("hello", "Content-Encoding: gzip\r\n")}, ErrorKind::kProtocol},
      {"too large by its header",
       {"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + std::string(2'000'000, 'x')},
       ErrorKind::kProtocol},
      {"endless body",
       {"HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x'), true, true},
       ErrorKind::kProtocol},
      {"endless head",
       {"HTTP/1.1 200 OK\r\nX-A: " + std::string(1000, 'x') + "\r\n", true, true},
       ErrorKind::kProtocol},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.what));
    RawServer server([&](const std::string&, int) { return row.reply; });
    auto transport = MakeCurlTransport({.total_timeout = Millis(400)});
    CHECK(KindOf(Send(*transport, {.method = Method::kPut,
                                   .url = server.Url("/"),
                                   .body = "x",
                                   .response_bytes_max = 1u << 20})) == row.kind);
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("what surely was not sent is told apart from what never can be") {
  struct {
    Request request;
    ErrorKind kind;
  } const rows[] = {
      {{.url = "http://127.0.0.1:1/"}, ErrorKind::kNetwork},
      {{.url = "http://no-such-host.invalid/"}, ErrorKind::kNetwork},
      {{.url = "http://[::1/"}, ErrorKind::kInvalid},
      {{.url = "file:///etc/passwd"}, ErrorKind::kInvalid},
      {{.url = "http://127.0.0.1:1/", .headers = {{"x-api-key", "k\r\nX-Evil: 1"}}},
       ErrorKind::kInvalid},
  };
  for (const auto& row : rows) {
    CAPTURE(row.request.url);
    auto transport = MakeCurlTransport({.connect_timeout = Millis(500)});
    CHECK(KindOf(Send(*transport, row.request)) == row.kind);
  }
}

Task<void> SendInto(Transport& transport, Request request, std::size_t& answered) {
  auto exchange = Exchange(transport, std::move(request));
  auto answer = co_await exchange;
  if (answer && answer->body == "{}") ++answered;
}

Task<void> SendMany(Transport& transport, std::string url, int count, std::size_t& answered) {
  Group group;
  for (int i = 0; i < count; ++i) {
    Request request{.url = url};
    group.Add(SendInto(transport, std::move(request), answered));
  }
  co_await group.Wait();
}

TEST_CASE("more exchanges than connections share them") {
  RawServer server(
      [](const std::string&, int) { return RawServer::Reply{.bytes = Http200("{}")}; });
  auto transport = MakeCurlTransport({.connections_max = 8});
  std::size_t answered = 0;
  Run(*transport, SendMany(*transport, server.Url("/"), 500, answered));
  CHECK(answered == 500);
  CHECK(server.connections() <= 8);
}

TEST_CASE("a server that does not answer is spoken of again and again, one that answers is not") {
  RawServer server([](const std::string& request, int) {
    if (request.starts_with("GET /silent")) return RawServer::Reply{};
    return RawServer::Reply{.bytes = Http200("{}")};
  });
  std::vector<std::string> told;
  CurlOptions options;
  options.total_timeout = Millis(700);
  options.waiting_every = Millis(100);
  options.waiting = [&](const std::string& line) { told.push_back(line); };
  auto transport = MakeCurlTransport(options);
  REQUIRE(Send(*transport, {.url = server.Url("/quick")}).has_value());
  CHECK(told.empty());
  CHECK_FALSE(Send(*transport, {.url = server.Url("/silent?key=hidden")}).has_value());
  REQUIRE_FALSE(told.empty());
  CHECK(told[0].starts_with("still waiting for an answer of 127.0.0.1:"));
  CHECK(told[0].find("hidden") == std::string::npos);
}

TEST_CASE("a server that answers drop by drop is spoken of, too") {
  RawServer server([](const std::string&, int) {
    return RawServer::Reply{.bytes = "HTTP/1.1 100 Continue\r\n\r\n",
                            .close = false,
                            .endless = true,
                            .pause = Millis(20)};
  });
  std::size_t told = 0;
  CurlOptions options;
  options.total_timeout = Millis(700);
  options.waiting_every = Millis(100);
  options.waiting = [&](const std::string&) { ++told; };
  auto transport = MakeCurlTransport(options);
  CHECK_FALSE(Send(*transport, {.url = server.Url("/")}).has_value());
  CHECK(told > 0);
}

TEST_CASE("Drive returns soon without an event, at once on a signal, false with nothing to do") {
  RawServer server([](const std::string&, int) { return RawServer::Reply{}; });
  auto transport = MakeCurlTransport({});
  auto& clock = base::SystemClock();
  CHECK_FALSE(transport->Drive());
  bool called = false;
  transport->Start({.url = server.Url("/silent")}, [&](auto) { called = true; });
  while (server.requests().empty()) CHECK(transport->Drive());
  const Millis before = clock.Steady();
  CHECK(transport->Drive());
  CHECK(clock.Steady() - before < Millis(400));

  struct sigaction action {};
  action.sa_handler = [](int) {};
  sigaction(SIGUSR1, &action, nullptr);
  const pthread_t here = pthread_self();
  std::thread caller([here] {
    std::this_thread::sleep_for(Millis(20));
    pthread_kill(here, SIGUSR1);
  });
  const Millis start = clock.Steady();
  CHECK(transport->Drive());
  CHECK(clock.Steady() - start < Millis(150));
  caller.join();
  CHECK_FALSE(called);
}

}  // namespace
}  // namespace viasync::http
