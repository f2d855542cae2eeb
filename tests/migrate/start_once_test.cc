// A job is asked for once, whatever becomes of the answer: in virtual time, before an org that the
// test plays.
#include "engine/migrate/start_once.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "engine/store/sqlite_store.h"
#include "tests/api/world.h"

namespace viasync::migrate {
namespace {

using Json = nlohmann::json;
using std::chrono::seconds;

struct Starting {
  std::string folder = [] {
    std::string path = "/tmp/viasync_start_XXXXXX";
    REQUIRE(mkdtemp(path.data()) != nullptr);
    return path;
  }();
  std::vector<base::Millis> posts;                    // when each POST came
  std::function<fakes::Outcome(Starting&)> answer{};  // to a POST
  std::optional<base::Millis> shows{};                // from when on the job is listed

  api::World world{[this](const http::Request& request) { return Serve(request); }};
  std::unique_ptr<store::Store> store = [this] {
    auto opened = store::OpenSqliteStore({.path = folder + "/prod.db", .org = "acme"}, world.clock);
    REQUIRE(opened);
    return std::move(*opened);
  }();
  Patience patience{};

  ~Starting() { std::filesystem::remove_all(folder); }

  fakes::Outcome Serve(const http::Request& request) {
    if (request.method == http::Method::kPost) {
      posts.push_back(world.clock.Steady());
      return answer(*this);
    }
    Json jobs = Json::array();
    if (shows && world.clock.Steady() >= *shows) {
      jobs.push_back(
          {{"id", "7"}, {"jobType", "Import"}, {"fileName", "f.zip"}, {"jobStatus", "Running"}});
    }
    return fakes::Answer(200, Json{{"jobs", jobs}, {"totalItems", jobs.size()}}.dump());
  }

  base::Result<std::string> Start() {
    auto record = Record::Open(*store->Migrations(), {.name = "migrate x", .run = "r"});
    REQUIRE(record);
    StartOnce start{.session = world.session, .record = *record, .step = "import"};
    start.type = "import";
    start.file = "f.zip";
    start.post = [this] {
      return api::StartImport(world.session, {.file_name = "f.zip", .options = {}, .objects = {}});
    };
    return world.Run(start.Run(patience));
  }
};

fakes::Outcome Took(Starting&) { return fakes::Answer(202, R"({"id": "7"})"); }

}  // namespace

TEST_CASE("an error behind which the org is still at work: the job is waited for") {
  for (int status : {408, 500, 502, 503, 504}) {
    CAPTURE(status);
    Starting s;
    s.answer = [status](Starting& self) {
      self.shows = self.world.clock.Steady() + seconds(90);
      return fakes::Answer(status, "");
    };
    auto id = s.Start();
    REQUIRE(id);
    CHECK(*id == "7");
    CHECK(s.posts.size() == 1);
  }
}

TEST_CASE("one that never shows is asked for again once its time is over, not before") {
  Starting s;
  s.answer = [](Starting& self) {
    return self.posts.size() == 1 ? fakes::Lost(base::Millis(30'000)) : Took(self);
  };
  REQUIRE(s.Start());
  REQUIRE(s.posts.size() == 2);
  // From when the answer was lost, not from when the request was sent.
  CHECK(s.posts[1] - s.posts[0] >= base::Millis(30'000) + s.patience.settle);
}

TEST_CASE("a run that was killed is waited for, unless that was long ago") {
  for (bool long_ago : {false, true}) {
    CAPTURE(long_ago);
    Starting s;
    s.answer = [](Starting&) { return fakes::Lost(); };
    s.patience.deadline = base::Millis(5'000);  // ends while it may still come
    auto first = s.Start();
    REQUIRE_FALSE(first);
    CHECK(first.error().kind == base::ErrorKind::kUnknown);
    CHECK(first.error().message.find("may still come") != std::string::npos);
    s.world.clock.Advance(long_ago ? seconds(3'600) : seconds(1));
    const base::Millis rerun = s.world.clock.Steady();
    s.patience.deadline.reset();
    s.answer = Took;
    REQUIRE(s.Start());
    REQUIRE(s.posts.size() == 2);
    CHECK((s.posts[1] - rerun >= s.patience.settle) == !long_ago);
  }
}

TEST_CASE("what the org refused is asked for at once, once it was corrected") {
  Starting s;
  s.answer = [](Starting&) { return fakes::Answer(400, ""); };
  REQUIRE_FALSE(s.Start());
  const base::Millis rerun = s.world.clock.Steady();
  s.answer = Took;
  REQUIRE(s.Start());
  CHECK(s.posts.back() - rerun < base::Millis(1'000));
}

}  // namespace viasync::migrate
