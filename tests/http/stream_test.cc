// Bodies that stream: what reaches the sink, what a source may do, and that neither is sent twice.
#include <doctest/doctest.h>

#include <string>

#include "engine/http/curl_transport.h"
#include "tests/http/raw_server.h"

namespace viasync::http {
namespace {

class TextSource : public BodySource {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() override { return text_.size(); }
  base::Result<std::size_t> Read(char* buffer, std::size_t size) override {
    if (fails_at <= at_) return base::Fail(base::ErrorKind::kIo, "the disk is broken");
    const std::size_t count = std::min({size, text_.size() - at_, std::size_t{1000}});
    text_.copy(buffer, count, at_);
    at_ += count;
    return count;
  }
  std::size_t fails_at = std::string::npos;

 private:
  std::string text_;
  std::size_t at_ = 0;
};

class TextSink : public BodySink {
 public:
  base::Result<void> Begin(const Response& head) override {
    status = head.status;
    range = HeaderOf(head, "content-range");
    return {};
  }
  base::Result<void> Write(std::string_view bytes) override {
    if (text.size() + bytes.size() > limit) return base::Fail(base::ErrorKind::kIo, "full");
    text += bytes;
    return {};
  }
  int status = 0;
  std::string range, text;
  std::size_t limit = std::string::npos;
};

Task<base::Result<Response>> SendOne(Transport& transport, Request request) {
  auto exchange = Exchange(transport, std::move(request));
  co_return co_await exchange;
}

base::Result<Response> Send(Request request) {
  auto transport = MakeCurlTransport({});
  return Run(*transport, SendOne(*transport, std::move(request)));
}

}  // namespace

TEST_CASE("a success goes to the sink, its head first; any other body into the answer") {
  RawServer server([](const std::string& request, int) -> RawServer::Reply {
    if (request.starts_with("GET /no")) {
      return {.bytes = "HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nused"};
    }
    return {.bytes =
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-9/10\r\n"
                "Content-Length: 7\r\n\r\n3456789"};
  });
  auto sink = std::make_shared<TextSink>();
  auto got = Send({.url = server.Url("/yes"), .headers = {{"Range", "bytes=3-"}}, .sink = sink});
  REQUIRE(got);
  CHECK(got->status == 206);
  CHECK(got->body.empty());
  CHECK(sink->status == 206);
  CHECK(sink->range == "bytes 3-9/10");
  CHECK(sink->text == "3456789");
  // The bytes of a file are asked for as they are.
  CHECK(server.requests().back().find("Accept-Encoding") == std::string::npos);
  auto refused = std::make_shared<TextSink>();
  got = Send({.url = server.Url("/no"), .sink = refused});
  REQUIRE(got);
  CHECK(got->status == 403);
  CHECK(got->body == "used");
  CHECK(refused->status == 0);
}

TEST_CASE("an error of the sink or the source ends the exchange and is its error") {
  RawServer server([](const std::string&, int) -> RawServer::Reply {
    return {.bytes = Http200(std::string(100'000, 'x'))};
  });
  auto sink = std::make_shared<TextSink>();
  sink->limit = 10;
  auto got = Send({.url = server.Url("/"), .sink = sink});
  REQUIRE_FALSE(got);
  CHECK(got.error().message == "full");
  auto source = std::make_shared<TextSource>(std::string(100'000, 'x'));
  source->fails_at = 5000;
  got = Send({.method = Method::kPut, .url = server.Url("/"), .source = source});
  REQUIRE_FALSE(got);
  CHECK(got.error().message == "the disk is broken");
}

TEST_CASE("an upload is sent once, whole, and without headers of its own") {
  RawServer server(
      [](const std::string&, int) -> RawServer::Reply { return {.bytes = "", .close = true}; });
  const std::string body(300'000, 'x');
  auto got = Send({.method = Method::kPut,
                   .url = server.Url("/up"),
                   .source = std::make_shared<TextSource>(body)});
  REQUIRE_FALSE(got);
  CHECK(got.error().kind == base::ErrorKind::kUnknown);
  REQUIRE(server.requests().size() == 1);
  const std::string request = server.requests()[0];
  CHECK(request.starts_with("PUT /up "));
  CHECK(request.ends_with("\r\n\r\n" + body));
  for (const char* header : {"Authorization", "Content-Type", "Expect", "Transfer-Encoding"}) {
    CHECK(request.find(header) == std::string::npos);
  }
}

}  // namespace viasync::http
