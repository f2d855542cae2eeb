// A snapshot with details that an earlier one read is the snapshot without them, whatever happens
// to the org in between, and whatever the org makes of the question what changed.
#include "engine/snapshot/known_details.h"

#include <doctest/doctest.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <filesystem>
#include <map>

#include "engine/base/times.h"
#include "engine/model/fields.h"
#include "engine/snapshot/snapshot.h"
#include "engine/store/sqlite_cache.h"
#include "tests/api/world.h"

namespace viasync::snapshot {
namespace {

using Json = nlohmann::json;

enum class Answers {
  kHonest,
  kAll,         // takes no notice of the times
  kNoFrom,      // … of where the range begins
  kNoTo,        // … of where it ends
  kNothing,     // finds nothing, ever
  kRefusal,     // 400
  kNoDate,      // sends no Date
  kNoModified,  // its entries have no lastModifiedTime
};

struct Entry {
  std::string address;
  int version = 1;
  base::UtcTime modified{};
};

// An org with exclusions alone. Its clock is not ours.
struct ChangingOrg {
  std::map<int, Entry> entries;
  Answers answers = Answers::kHonest;
  base::Millis skew{0};
  std::size_t details = 0;                            // detail GETs so far
  std::function<void(ChangingOrg&)> before_detail{};  // somebody edits while we read
  fakes::VirtualClock* clock = nullptr;

  base::UtcTime Now() const { return clock->Now() + skew; }
  void Touch(int id) {
    auto found = entries.find(id);
    if (found == entries.end()) return;
    ++found->second.version;
    found->second.modified = Now();
  }

  Json Terse(int id) const {
    return {{"id", id},
            {"contactType", 1},
            {"contactAddress", entries.at(id).address},
            {"contactListName", "L"}};
  }
  Json Details(int id) const {
    Json item = Terse(id);
    const Entry& entry = entries.at(id);
    item["version"] = entry.version;
    item["reason"] = "version " + std::to_string(entry.version);
    item["startTime"] = "2017-11-04T23:20:50.525Z";
    item["endPattern"] = 0;
    item["endTime"] = "0";
    if (answers != Answers::kNoModified) {
      item["lastModifiedTime"] = base::FormatTime(entry.modified);
    }
    return item;
  }

  fakes::Outcome Respond(int status, const Json& body) const {
    http::Headers headers;
    if (answers != Answers::kNoDate) {
      headers.emplace_back("date", fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                                               std::chrono::floor<std::chrono::seconds>(Now())));
    }
    return fakes::Answer(status, body.dump(), base::Millis(50), headers);
  }

  static std::optional<std::string> Param(const std::string& url, const std::string& name) {
    const auto at = url.find(name + "=");
    if (at == std::string::npos) return std::nullopt;
    std::string value = url.substr(at + name.size() + 1);
    value = value.substr(0, value.find('&'));
    for (auto colon = value.find("%3A"); colon != std::string::npos; colon = value.find("%3A")) {
      value.replace(colon, 3, ":");
    }
    return value;
  }

  fakes::Outcome Serve(const http::Request& request) {
    const std::string path = request.url.substr(
        std::string(api::kBase).size(), request.url.find('?') - std::string(api::kBase).size());
    if (path == api::kExclusions) return Collection(request.url);
    if (path.starts_with(api::kExclusions)) {
      if (before_detail) before_detail(*this);
      ++details;
      const int id = std::stoi(path.substr(path.rfind('/') + 1));
      return entries.contains(id) ? Respond(200, Details(id)) : Respond(404, Json::object());
    }
    const char* property = path == api::kFilters ? "filters"
                           : path == api::kLists ? "contactLists"
                                                 : "schemaDefinitions";
    return Respond(200, {{property, Json::array()}, {"totalItems", 0}});
  }

  fakes::Outcome Collection(const std::string& url) {
    const auto from = Param(url, "fromLastModifiedTime"), to = Param(url, "toLastModifiedTime");
    CHECK(from.has_value() == to.has_value());
    if (from && answers == Answers::kRefusal) return Respond(400, Json::object());
    std::vector<int> ids;
    for (const auto& [id, entry] : entries) {
      const bool after =
          !from || answers == Answers::kNoFrom || base::ParseTime(*from) < entry.modified;
      const bool within =
          after && (!to || answers == Answers::kNoTo || entry.modified < base::ParseTime(*to));
      if (from && answers == Answers::kNothing) continue;
      if (within || answers == Answers::kAll) ids.push_back(id);
    }
    Json items = Json::array();
    const std::size_t start = std::stoul(*Param(url, "startIndex"));
    constexpr std::size_t kPage = 7;
    for (std::size_t i = start; i < std::min(start + kPage, ids.size()); ++i) {
      items.push_back(Terse(ids[i]));
    }
    return Respond(200, {{"accountControlItems", items}, {"totalItems", ids.size()}});
  }
};

struct Scene {
  ChangingOrg org;
  api::World world{[this](const http::Request& request) { return org.Serve(request); }};
  std::string folder = [] {
    std::string path = "/tmp/viasync_cache_XXXXXX";
    REQUIRE(mkdtemp(path.data()) != nullptr);
    return path;
  }();

  Scene() { org.clock = &world.clock; }
  ~Scene() { std::filesystem::remove_all(folder); }

  void Add(int id) {
    org.entries[id] = {.address = "555" + std::to_string(id), .modified = org.Now()};
  }

  std::vector<std::string> Take(bool cached, const std::vector<int>& wanted = {}) {
    auto cache = store::OpenSqliteCache(folder + "/dev.cache", "org");
    REQUIRE(cache);
    Wanted all{.all_details = wanted.empty()};
    for (int id : wanted)
      all.keys.Of<model::Exclusion>().insert("voice:555" + std::to_string(id) + "@L");
    auto snapshot =
        world.Run(TakeSnapshot(world.session, all, {}, cached ? cache->get() : nullptr));
    REQUIRE(snapshot);
    std::vector<std::string> lines;
    for (const auto& item : snapshot->Of<model::Exclusion>()) {
      std::string line = fmt::format("{} v{} {}", item.id, item.version, item.detailed);
      for (const auto& [name, value] : model::ValuesOf(item.value)) line += " " + value;
      lines.push_back(line);
    }
    return lines;
  }
  // How many details a cached snapshot asks for.
  std::size_t Cost(const std::vector<int>& wanted = {}) {
    const std::size_t before = org.details;
    Take(true, wanted);
    return org.details - before;
  }
};

using std::chrono::hours;
using std::chrono::minutes;

}  // namespace

TEST_CASE("the second snapshot asks for what changed alone") {
  Scene scene;
  for (int id = 1; id <= 40; ++id) {
    scene.Add(id);
    scene.world.clock.Advance(minutes(1));
  }
  scene.world.clock.Advance(hours(2));
  CHECK(scene.Cost() == 40);
  scene.world.clock.Advance(hours(1));
  const std::size_t witnesses = scene.Cost();  // those that prove the org's answer
  CHECK(witnesses <= 8);
  scene.world.clock.Advance(hours(24));
  scene.org.Touch(3);
  scene.org.entries.erase(4);
  scene.Add(50);
  CHECK(scene.Cost() <= witnesses + 2);
  CHECK(scene.Take(true) == scene.Take(false));
}

TEST_CASE("what one upload wrote is read once, not at every snapshot") {
  for (std::int64_t age_s : {3, 90, 86'400}) {
    CAPTURE(age_s);
    Scene scene;
    for (int id = 1; id <= 200; ++id) scene.Add(id);
    scene.world.clock.Advance(base::Millis(1000 * age_s));
    CHECK(scene.Cost() == 200);
    scene.world.clock.Advance(base::Millis(5'000));
    CHECK(scene.Cost() == 0);
    // One of them that changed since is read, and no other.
    scene.org.Touch(3);
    scene.world.clock.Advance(base::Millis(5'000));
    CHECK(scene.Cost() == 1);
    CHECK(scene.Take(true) == scene.Take(false));
  }
}

TEST_CASE("what was written while it was read, or a moment before, is read again") {
  Scene scene;
  for (int id = 1; id <= 20; ++id) scene.Add(id);
  CHECK(scene.Cost() == 20);
  for (int id = 1; id <= 20; ++id) scene.org.Touch(id);
  CHECK(scene.Cost() == 20);
  CHECK(scene.Take(true) == scene.Take(false));
}

TEST_CASE("an org that answers the question badly is read as a whole, each time") {
  for (auto answers : {Answers::kAll, Answers::kNoFrom, Answers::kNothing, Answers::kRefusal,
                       Answers::kNoDate, Answers::kNoModified}) {
    CAPTURE(static_cast<int>(answers));
    Scene scene;
    scene.org.answers = answers;
    for (int id = 1; id <= 20; ++id) scene.Add(id);
    scene.world.clock.Advance(hours(5));
    CHECK(scene.Cost() == 20);
    scene.org.Touch(7);
    scene.world.clock.Advance(hours(5));
    const std::size_t before = scene.org.details;
    CHECK(scene.Take(true) == scene.Take(false));
    CHECK(scene.org.details - before == 40);
  }
}

TEST_CASE("an org that takes no notice of where the range ends reaffirms nothing") {
  Scene scene;
  scene.org.answers = Answers::kNoTo;
  for (int id = 1; id <= 20; ++id) scene.Add(id);
  scene.world.clock.Advance(hours(5));
  CHECK(scene.Cost() == 20);
  scene.org.Touch(7);
  scene.world.clock.Advance(hours(5));
  CHECK(scene.Cost() == 20);
  CHECK(scene.Take(true) == scene.Take(false));
}

TEST_CASE("an org that stops to answer honestly is found out") {
  Scene scene;
  for (int id = 1; id <= 20; ++id) scene.Add(id);
  scene.world.clock.Advance(hours(5));
  scene.Take(true);
  scene.org.answers = Answers::kNothing;
  scene.world.clock.Advance(hours(5));
  scene.org.Touch(7);
  CHECK(scene.Take(true) == scene.Take(false));
}

TEST_CASE("an answer that was bad is not built upon, even where nothing was taken from it") {
  Scene scene;
  for (int id = 1; id <= 20; ++id) scene.Add(id);
  scene.world.clock.Advance(hours(5));
  scene.Take(true, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  scene.world.clock.Advance(hours(5));
  scene.org.Touch(3);
  scene.org.answers = Answers::kNothing;
  scene.world.clock.Advance(hours(5));
  for (int id = 11; id <= 20; ++id) scene.org.Touch(id);
  scene.Take(true, {11, 12, 13, 14, 15, 16, 17, 18, 19, 20});  // none of them known
  scene.org.answers = Answers::kHonest;
  scene.world.clock.Advance(hours(5));
  CHECK(scene.Take(true) == scene.Take(false));
}

TEST_CASE("an org whose clock has run far ahead of the last look is read as a whole") {
  Scene scene;
  for (int id = 1; id <= 20; ++id) scene.Add(id);
  scene.world.clock.Advance(hours(5));
  scene.Take(true);
  scene.org.skew = hours(500 * 24);
  scene.org.Touch(3);
  CHECK(scene.Take(true) == scene.Take(false));
}

TEST_CASE("whatever happens in between and meanwhile, the next quiet snapshot is right") {
  CHECK(rc::check("cached equals read anew", [] {
    Scene scene;
    scene.org.skew = base::Millis(3'600'000LL * *rc::gen::inRange(-400, 400));
    int next = *rc::gen::inRange(1, 30);
    for (int id = 0; id < next; ++id) scene.Add(id);
    const int steps = *rc::gen::inRange(2, 12);
    for (int step = 0; step < steps; ++step) {
      scene.world.clock.Advance(base::Millis(*rc::gen::elementOf(
          std::vector<std::int64_t>{0, 1, 999, 60'000, 1'000'000, 90'000'000})));
      const int id = *rc::gen::inRange(0, next);
      switch (*rc::gen::inRange(0, 4)) {
        case 0:
          scene.Add(next++);
          break;
        case 1:
          scene.org.entries.erase(id);
          break;
        default:
          scene.org.Touch(id);
      }
      // Somebody edits while the snapshot is taken, which may want a part of it only.
      const int during = *rc::gen::inRange(0, next);
      int countdown = *rc::gen::inRange(0, 10);
      scene.org.before_detail = [&](ChangingOrg& org) {
        if (countdown-- == 0) org.Touch(during);
      };
      std::vector<int> wanted;
      if (*rc::gen::arbitrary<bool>())
        wanted = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, next));
      if (*rc::gen::inRange(0, 3) > 0) scene.Take(true, wanted);
      scene.org.before_detail = {};
      if (*rc::gen::inRange(0, 3) == 0)
        RC_ASSERT(scene.Take(true, wanted) == scene.Take(false, wanted));
    }
    RC_ASSERT(scene.Take(true) == scene.Take(false));
  }));
}

}  // namespace viasync::snapshot
