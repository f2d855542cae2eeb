#include "engine/snapshot/snapshot.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/snapshot/org.h"

namespace viasync::snapshot {
namespace {

using api::World;
using base::ErrorKind;

// An org before a session, and what a snapshot of it gives.
struct Scene {
  Org org;
  World world{[this](const http::Request& request) { return org.Serve(request); }};

  base::Result<Snapshot> Take(Wanted wanted = {}, Progress progress = {}) {
    return world.Run(TakeSnapshot(world.session, std::move(wanted), std::move(progress)));
  }
  std::size_t Count(const std::string& call) {
    return static_cast<std::size_t>(
        std::ranges::count_if(world.Calls(), [&](const auto& c) { return c.starts_with(call); }));
  }
};

template <class R>
std::vector<std::string> Keys(const std::vector<model::Remote<R>>& all) {
  std::vector<std::string> keys;
  for (const auto& one : all) keys.push_back(KeyOf(one.value) + "/" + one.id);
  return keys;
}

using Strings = std::vector<std::string>;

// Wanted::left_out where one kind alone is read.
template <class R>
model::ByKind<bool> AllBut() {
  model::ByKind<bool> left_out;
  left_out.all.fill(true);
  left_out.Of<R>() = false;
  return left_out;
}

TEST_CASE("everything inside manage is there, sorted, with the details that matter") {
  Scene scene;
  scene.org.AddSchema(1, "BaseSchema");
  scene.org.AddFilter(2, "B", "77");
  scene.org.AddFilter(9, "A");
  scene.org.AddFilter(3, "ADHOC_1");
  scene.org.AddFilter(1, "A");
  scene.org.AddList(5, "Y");
  scene.org.AddList(4, "X");
  scene.org.AddList(6, "TMP");
  scene.org.AddExclusion(1, "222");
  scene.org.AddExclusion(2, "111");
  scene.org.AddExclusion(3, "111", "TMP");
  scene.org.AddExclusion(4, "333", "");

  Wanted wanted;
  wanted.manage.For(model::Kind::kFilter).exclude = {"ADHOC_*"};
  wanted.manage.For(model::Kind::kList).exclude = {"TMP"};
  wanted.manage.For(model::Kind::kExclusion).exclude = {"TMP"};
  wanted.keys.Of<model::Exclusion>() = {"voice:222@L", "voice:111@TMP", "voice:999@L"};
  wanted.keys.Of<model::List>() = {"X", "TMP", "Nowhere"};
  auto snapshot = scene.Take(wanted);
  REQUIRE(snapshot);

  CHECK(Keys(snapshot->Of<model::Filter>()) == Strings{"A/1", "A/9", "B/2"});
  CHECK(snapshot->Of<model::Filter>()[0].value.schema == "BaseSchema");
  CHECK(snapshot->Of<model::Filter>()[2].value.schema == "#77");
  CHECK(snapshot->names.Of<model::Filter>() == Strings{"A", "A", "ADHOC_1", "B"});
  CHECK(snapshot->schemas.id_by_name.at("BaseSchema") == "1");

  CHECK(Keys(snapshot->Of<model::List>()) == Strings{"X/4", "Y/5"});
  CHECK(snapshot->Of<model::List>()[0].version == 5);
  CHECK(snapshot->Of<model::List>()[0].value.filter == "A");
  CHECK(snapshot->names.Of<model::List>() == Strings{"TMP", "X", "Y"});

  CHECK(Keys(snapshot->Of<model::Exclusion>()) ==
        Strings{"voice:111@L/2", "voice:222@L/1", "voice:333@*/4"});
  CHECK_FALSE(snapshot->Of<model::Exclusion>()[0].detailed);
  CHECK(snapshot->Of<model::Exclusion>()[1].detailed);
  CHECK(snapshot->Of<model::Exclusion>()[1].version == 3);
  // What lies outside of manage counts as listed.
  CHECK(snapshot->listed.Of<model::Filter>() == 4);
  CHECK(snapshot->listed.Of<model::List>() == 3);
  CHECK(snapshot->listed.Of<model::Exclusion>() == 4);

  // Four collections and their ends, two lists, one exclusion: nothing superfluous.
  CHECK(scene.world.Calls().size() == 11);
  for (const auto& call : scene.world.Calls()) CHECK(call.starts_with("GET "));
}

TEST_CASE("a kind that is not in question costs nothing") {
  Scene scene;
  scene.org.AddExclusion(1, "1");
  Wanted wanted;
  wanted.left_out = AllBut<model::Exclusion>();
  REQUIRE(scene.Take(wanted));
  CHECK(scene.world.Calls().size() == 2);
  wanted.left_out.Of<model::Exclusion>() = true;
  REQUIRE(scene.Take(wanted));
  CHECK(scene.world.Calls().size() == 2);
}

TEST_CASE("details are fetched while pages still arrive, with the line kept full") {
  Scene scene;
  Wanted wanted;
  for (int i = 0; i < 3200; ++i) {
    scene.org.AddExclusion(i, fmt::format("{:05}", i));
    wanted.keys.Of<model::Exclusion>().insert(fmt::format("voice:{:05}@L", i));
  }
  scene.org.page = 100;
  wanted.left_out = AllBut<model::Exclusion>();
  std::size_t done = 0, total = 0;
  bool grows = true;
  auto snapshot = scene.Take(wanted, [&](std::size_t d, std::size_t t) {
    grows = grows && d == done + 1 && d <= t;
    done = d;
    total = t;
  });
  REQUIRE(snapshot);
  CHECK(snapshot->Of<model::Exclusion>().size() == 3200);
  CHECK(std::ranges::all_of(snapshot->Of<model::Exclusion>(),
                            &model::Remote<model::Exclusion>::detailed));
  CHECK(scene.world.Calls().size() == 3234);
  CHECK(scene.world.transport.in_flight_peak() == 32);
  CHECK(done == 3201);
  CHECK(total == 3201);
  CHECK(grows);
  // 50 ms each, 32 at once: token, page 1, then 101 rounds; one more may be ragged.
  CHECK(scene.world.clock.Steady() <= base::Millis(50 * 104));
}

TEST_CASE("of many lists that nobody declares only the types are asked for") {
  for (int wrong = 0; wrong < 3; ++wrong) {
    CAPTURE(wrong);
    Scene scene;
    for (int i = 1; i <= 20; ++i) {
      scene.org.AddList(i, fmt::format("L{:02}", i));
      scene.org.lists.back()["listType"] = i % 4;
    }
    scene.org.refuses_types = wrong == 1;  // takes no such question
    scene.org.knows_types = wrong != 2;    // finds nothing by type
    Wanted wanted;
    wanted.left_out = AllBut<model::List>();
    wanted.keys.Of<model::List>() = {"L01", "L02"};
    auto snapshot = scene.Take(wanted);
    REQUIRE(snapshot);
    REQUIRE(snapshot->Of<model::List>().size() == 20);
    for (int i = 1; i <= 20; ++i) {
      const auto& list = snapshot->Of<model::List>()[static_cast<std::size_t>(i - 1)];
      CHECK(list.detailed == (i <= 2 || wrong > 0));
      CHECK(model::TakesFilter(list.value.type) == (i % 2 == 1));
    }
    if (wrong == 0) CHECK(scene.world.Calls().size() == 8);
  }
}

TEST_CASE("what is deleted between its page and its details is left out") {
  Scene scene;
  for (int i = 1; i <= 3; ++i) scene.org.AddList(i, fmt::format("L{}", i));
  for (int i = 1; i <= 3; ++i) scene.org.AddExclusion(i, fmt::format("{}", i));
  bool deleted = false;
  scene.org.before = [&](Org& org, const std::string& path) {
    if (deleted || path != std::string(api::kExclusions) + "/2") return;
    deleted = true;
    org.exclusions.erase(org.exclusions.begin() + 1);
  };
  Wanted wanted;
  wanted.keys.Of<model::Exclusion>() = {"voice:1@L", "voice:2@L", "voice:3@L"};
  auto snapshot = scene.Take(wanted);
  REQUIRE(snapshot);
  CHECK(Keys(snapshot->Of<model::Exclusion>()) == Strings{"voice:1@L/1", "voice:3@L/3"});
  CHECK(snapshot->Of<model::List>().size() == 3);
}

TEST_CASE("a 404 for what stays listed is an error, not a deletion") {
  Scene scene;
  for (int i = 1; i <= 3; ++i) scene.org.AddList(i, fmt::format("L{}", i));
  scene.org.status = {{std::string(api::kLists) + "/2", 404}};
  auto snapshot = scene.Take({.all_details = true});
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().kind == ErrorKind::kProtocol);
  CHECK(snapshot.error().message.ends_with("yet the collection lists it"));
}

TEST_CASE("a 404 that was a passing mistake is got over") {
  Scene scene;
  for (int i = 1; i <= 3; ++i) scene.org.AddList(i, fmt::format("L{}", i));
  const std::string path = std::string(api::kLists) + "/2";
  int asked = 0;
  scene.org.before = [&](Org& org, const std::string& p) {
    if (p == path) org.status = {{path, asked++ == 0 ? 404 : 200}};
    if (asked > 1) org.status.clear();
  };
  Wanted wanted;
  wanted.keys.Of<model::List>() = {"L1", "L2", "L3"};
  auto snapshot = scene.Take(wanted);
  REQUIRE(snapshot);
  CHECK(Keys(snapshot->Of<model::List>()) == Strings{"L1/1", "L2/2", "L3/3"});
  CHECK(snapshot->Of<model::List>()[1].detailed);
}

TEST_CASE("details whose key changed meanwhile are the truth") {
  Scene scene;
  scene.org.AddList(1, "A");
  scene.org.AddList(2, "B");
  bool renamed = false;
  scene.org.before = [&](Org& org, const std::string& path) {
    if (renamed || !path.starts_with(std::string(api::kLists) + "/")) return;
    renamed = true;
    org.lists[0]["name"] = "Z";
    org.lists[1]["name"] = "OUT";
  };
  Wanted wanted;
  wanted.manage.For(model::Kind::kList).exclude = {"OUT"};
  wanted.keys.Of<model::List>() = {"A", "B"};
  auto snapshot = scene.Take(wanted);
  REQUIRE(snapshot);
  CHECK(Keys(snapshot->Of<model::List>()) == Strings{"Z/1"});
}

TEST_CASE("a collection that moves while it is read is read again, details too") {
  Scene scene;
  Wanted wanted;
  wanted.left_out = AllBut<model::Exclusion>();
  for (int i = 0; i < 400; ++i) {
    scene.org.AddExclusion(i, fmt::format("{:03}", i));
    wanted.keys.Of<model::Exclusion>().insert(fmt::format("voice:{:03}@L", i));
  }
  scene.org.page = 100;
  int pages = 0;
  scene.org.before = [&](Org& org, const std::string& path) {
    if (path == api::kExclusions && ++pages == 3) org.exclusions.erase(org.exclusions.begin());
  };
  auto snapshot = scene.Take(wanted);
  REQUIRE(snapshot);
  CHECK(snapshot->Of<model::Exclusion>().size() == 399);
  CHECK(snapshot->listed.Of<model::Exclusion>() == 399);
  CHECK(snapshot->Of<model::Exclusion>().front().id == "1");
  CHECK(std::ranges::all_of(snapshot->Of<model::Exclusion>(),
                            &model::Remote<model::Exclusion>::detailed));
}

TEST_CASE("the first error ends everything") {
  const struct {
    std::string path;
    int status;
    ErrorKind kind;
  } cases[] = {
      {api::kFilters, 400, ErrorKind::kRejected},
      {api::kSchemas, 404, ErrorKind::kNotFound},
      {api::kLists, 401, ErrorKind::kAuth},
      {api::kExclusions, 403, ErrorKind::kRejected},
      {std::string(api::kExclusions) + "/7", 400, ErrorKind::kRejected},
      {std::string(api::kLists) + "/1", 500, ErrorKind::kUnavailable},
  };
  for (const auto& c : cases) {
    CAPTURE(c.path);
    Scene scene;
    Wanted wanted;
    scene.org.AddList(1, "L");
    wanted.keys.Of<model::List>() = {"L"};
    for (int i = 0; i < 1000; ++i) {
      scene.org.AddExclusion(i, fmt::format("{}", i));
      wanted.keys.Of<model::Exclusion>().insert(fmt::format("voice:{}@L", i));
    }
    scene.org.status = {{c.path, c.status}};
    auto snapshot = scene.Take(wanted);
    REQUIRE_FALSE(snapshot);
    CHECK(snapshot.error().kind == c.kind);
  }
}

TEST_CASE("an answer about another item is an error") {
  World world([](const http::Request& request) {
    if (request.url.find("/lists/") != std::string::npos) {
      return fakes::Answer(200, R"({"id": 2, "version": 1, "name": "B", "listType": 1})");
    }
    return api::OnePage(R"({"contactLists": [{"id": 1, "name": "A"}], "totalItems": 1})")(request);
  });
  Wanted wanted;
  wanted.left_out = AllBut<model::List>();
  wanted.keys.Of<model::List>() = {"A"};
  auto snapshot = world.Run(TakeSnapshot(world.session, wanted));
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().kind == ErrorKind::kProtocol);
  CHECK(snapshot.error().message == "asked for list 1, the org answered with 2");
}

}  // namespace
}  // namespace viasync::snapshot
