// The cache of details: what was put in comes out to the byte, and whatever is wrong with the file
// costs its content, never a wrong answer.
#include "engine/store/sqlite_cache.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <sys/stat.h>

#include <fstream>

#include "engine/base/times.h"
#include "engine/model/fields.h"
#include "tests/store/store_helpers.h"

namespace viasync::store {
namespace {

constexpr base::UtcTime kNoon{std::chrono::seconds(1'767'614'400)};

RemoteExclusion Entry(const std::string& id, std::int64_t version, int modified_s,
                      const std::string& reason = "asked") {
  RemoteExclusion entry{.id = id, .version = version};
  entry.value = {.type = model::ContactType::kVoice,
                 .address = "555" + id,
                 .list = base::Interned("L"),
                 .reason = base::Interned(reason),
                 .start = kNoon};
  entry.modified_at = kNoon + std::chrono::seconds(modified_s);
  return entry;
}

std::unique_ptr<DetailCache> MustOpenCache(const std::string& path,
                                           const std::string& origin = "org") {
  auto cache = OpenSqliteCache(path, origin);
  if (!cache) FAIL(cache.error().message);
  return std::move(*cache);
}

void Save(const std::string& path, std::vector<RemoteExclusion> entries,
          std::vector<std::string> changed = {}) {
  CacheUpdate update{.as_of = kNoon, .changed = std::move(changed)};
  for (const auto& entry : entries) {
    update.read.push_back(&entry);
    update.listed.push_back(&entry);
  }
  REQUIRE(MustOpenCache(path)->Save(update));
}

}  // namespace

TEST_CASE("what was saved is found again, byte for byte") {
  Folder folder;
  const std::string path = folder / "dev.cache";
  CHECK_FALSE(MustOpenCache(path)->AsOf().value());
  auto odd = Entry("1", 7, 5, "  two\nlines \x1b[31m ");
  odd.value.end = kNoon + std::chrono::milliseconds(1);
  Save(path, {odd, Entry("2", 8, 9)});
  auto cache = MustOpenCache(path);
  CHECK(cache->AsOf().value() == kNoon);
  CHECK(cache->Count().value() == 2);
  auto found = cache->Find("1").value();
  REQUIRE(found);
  CHECK(model::ValuesOf(found->value) == model::ValuesOf(odd.value));
  CHECK(found->version == 7);
  CHECK(found->detailed);
  CHECK(found->modified_at == odd.modified_at);
  CHECK_FALSE(cache->Find("3").value());
  CHECK(cache->Newest(1).value().at(0).id == "2");
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("a cache of another org, of another format, or a damaged one is made anew") {
  Folder folder;
  const std::string path = folder / "dev.cache";
  for (const char* how : {"origin", "format", "schema", "cut"}) {
    CAPTURE(how);
    Save(path, {Entry("1", 1, 0)});
    const std::string what = how;
    if (what == "format") Sql(path, "PRAGMA user_version=99");
    if (what == "schema") Sql(path, "DROP TABLE meta");
    if (what == "cut") std::filesystem::resize_file(path, 700);
    auto cache = MustOpenCache(path, what == "origin" ? "another" : "org");
    CHECK(cache->Count().value() == 0);
    cache.reset();
    std::filesystem::remove(path);
  }
}

TEST_CASE("an entry that was altered is an error, not an answer") {
  Folder folder;
  const std::string path = folder / "dev.cache";
  Save(path, {Entry("1", 1, 0)});
  Sql(path,
      "UPDATE exclusion SET record = CAST(substr(record, 1, 9) || x'7a' || substr(record, 11) AS "
      "BLOB)");
  CHECK_FALSE(MustOpenCache(path)->Find("1"));
}

TEST_CASE("no folder to write to: an error, and nothing else") {
  CHECK_FALSE(OpenSqliteCache("/nowhere/at/all/dev.cache", "org"));
}

TEST_CASE("what is no cache is left alone, whatever the store is called") {
  Folder folder;
  CHECK(CachePath("state/dev.cache") != "state/dev.cache");
  const std::string text = folder / "text", store = folder / "store";
  std::ofstream(text, std::ios::binary) << "somebody's notes, which are long enough to be a header "
                                           "of a database file, had they been one";
  VirtualClock clock;
  MustOpen(Options(store), clock);
  for (const auto& path : {text, store}) {
    const auto size = std::filesystem::file_size(path);
    auto cache = OpenSqliteCache(path, "org");
    REQUIRE_FALSE(cache);
    CHECK(cache.error().message.find("is not a viasync cache") != std::string::npos);
    CHECK(std::filesystem::file_size(path) == size);
  }
  CHECK(MustOpen(Options(store), clock)->OpenSteps()->empty());
}

TEST_CASE("a pipe in the cache's place does not hang, and what has a trigger is made anew") {
  Folder folder;
  const std::string path = folder / "dev.db.cache";
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  auto cache = OpenSqliteCache(path, "org");
  REQUIRE_FALSE(cache);
  CHECK(cache.error().message.find("is not a viasync cache") != std::string::npos);
  std::filesystem::remove(path);
  MustOpenCache(path);
  Sql(path, "CREATE TRIGGER t AFTER INSERT ON exclusion BEGIN DELETE FROM meta; END");
  MustOpenCache(path);
  CHECK_NOTHROW(Sql(path, "CREATE TRIGGER t AFTER INSERT ON exclusion BEGIN SELECT 1; END"));
}

}  // namespace viasync::store
