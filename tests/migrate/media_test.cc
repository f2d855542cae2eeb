// Downloads from a media storage over a real connection: redirects, and a download that goes on.
#include <doctest/doctest.h>
#include <httplib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "engine/base/redact.h"
#include "engine/http/curl_transport.h"
#include "engine/migrate/media_storage.h"

namespace viasync::migrate {
namespace {

class ZeroRandom : public base::Random {
 public:
  std::uint64_t Next() override { return 0; }
};

// Plays the org, its token service and the machines of its storage.
struct Storage {
  httplib::Server server;
  std::string url, content = "the zip";
  std::string signed_path = "/first";  // what a signed URL leads to
  std::thread thread;
  std::string folder = [] {
    std::string path = "/tmp/viasync_media_XXXXXX";
    REQUIRE(mkdtemp(path.data()) != nullptr);
    return path;
  }();
  bool credentials_leaked = false;

  Storage() {
    server.Post("/token", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"access_token": "t", "token_type": "Bearer", "expires_in": 3600})",
                           "application/json");
    });
    server.Get("/keys", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"signedUrl": ")" + url + signed_path + R"("})", "application/json");
    });
    server.Get("/first", [](const httplib::Request&, httplib::Response& response) {
      response.status = 302;
      response.set_header("Location", "/second");
      response.set_content("moved, and no part of the file", "text/plain");
    });
    server.Get("/second", [this](const httplib::Request&, httplib::Response& response) {
      response.status = 307;
      response.set_header("Location", url + "/file");
    });
    server.Get("/circle", [](const httplib::Request&, httplib::Response& response) {
      response.status = 302;
      response.set_header("Location", "/circle");
    });
    server.Get("/refused", [](const httplib::Request& request, httplib::Response& response) {
      response.status = 404;
      response.set_content("<Error><Code>NoSuchKey</Code><Message>no " + request.target +
                               " for you</Message></Error>",
                           "application/xml");
    });
    server.Get("/file", [this](const httplib::Request& request, httplib::Response& response) {
      credentials_leaked |= request.has_header("Authorization") || request.has_header("x-api-key");
      response.set_content(content, "application/zip");
      // The library cuts the body to the range, but leaves the status alone.
      if (!request.ranges.empty()) response.status = 206;
    });
    const int port = server.bind_to_any_port("127.0.0.1");
    REQUIRE(port > 0);
    url = "http://127.0.0.1:" + std::to_string(port);
    thread = std::thread([this] { server.listen_after_bind(); });
    while (!server.is_running()) std::this_thread::sleep_for(base::Millis(1));
  }
  ~Storage() {
    server.stop();
    thread.join();
    std::filesystem::remove_all(folder);
  }

  base::Result<void> Download() {
    ZeroRandom random;
    auto transport = http::MakeCurlTransport({});
    http::Client client(*transport, random, {});
    api::Session session(client, {"acme", url, url + "/token", "/exclusions"}, {"id", "s", "k"});
    auto storage = MakeApiStorage(session, {.download_path = "/keys"});
    return http::Run(*transport, storage->Download("key", folder + "/x.zip", {}, nullptr));
  }
  std::string Got() const {
    std::ifstream file(folder + "/x.zip", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

}  // namespace

TEST_CASE("a download follows redirects, without credentials, and keeps nothing of their bodies") {
  Storage storage;
  auto done = storage.Download();
  REQUIRE_MESSAGE(done.has_value(), done.error().message);
  CHECK(storage.Got() == storage.content);
  CHECK_FALSE(storage.credentials_leaked);
}

TEST_CASE("a download that was begun goes on behind a redirect") {
  Storage storage;
  std::ofstream(PartPath(storage.folder + "/x.zip", "key"), std::ios::binary) << "the ";
  REQUIRE(storage.Download());
  CHECK(storage.Got() == storage.content);
}

TEST_CASE("of a refusal only status and code are shown, for it may quote the signature") {
  Storage storage;
  storage.signed_path = "/refused?X-Signature=0123456789abcdef%2F01";
  auto done = storage.Download();
  REQUIRE_FALSE(done);
  CHECK(done.error().message == "GET " + storage.url + "/refused answered 404 (NoSuchKey)");
  CHECK(base::RunSecrets()->Redacted("0123456789abcdef%2F01 0123456789abcdef/01") == "*** ***");
}

TEST_CASE("a link in the place of a part file is not followed") {
  Storage storage;
  const std::string part = PartPath(storage.folder + "/x.zip", "key");
  const std::string precious = storage.folder + "/precious";
  std::ofstream(precious) << "precious";
  for (const bool symbolic : {true, false}) {
    std::filesystem::remove(part);
    symbolic ? std::filesystem::create_symlink("precious", part)
             : std::filesystem::create_hard_link(precious, part);
    auto done = storage.Download();
    REQUIRE_FALSE(done);
    CHECK(done.error().message.find("is a link") != std::string::npos);
    std::ifstream file(precious);
    CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "precious");
  }
}

TEST_CASE("redirects that go round in a circle end") {
  Storage storage;
  storage.signed_path = "/circle";
  auto done = storage.Download();
  REQUIRE_FALSE(done);
  CHECK(done.error().message.find("302") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(storage.folder + "/x.zip"));
}

}  // namespace viasync::migrate
