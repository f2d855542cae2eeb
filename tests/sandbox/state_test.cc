#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/sandbox/fixture.h"

namespace viasync::sandbox {
namespace {

// A file below the test's own folder, removed at the end.
class TempFile {
 public:
  explicit TempFile(const std::string& name) {
    const char* folder = std::getenv("TEST_TMPDIR");
    path = (folder ? std::filesystem::path(folder) : std::filesystem::temp_directory_path()) / name;
    std::filesystem::remove(path);
  }
  ~TempFile() { std::filesystem::remove(path); }
  void Write(const std::string& text) const { std::ofstream(path) << text; }
  std::string Read() const {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::filesystem::path path;
};

TEST_CASE("a state that is written reads back the same") {
  auto orgs = ParseState(kSeed, "seed", {});
  REQUIRE(orgs);
  std::string written = WriteState(*orgs);
  auto again = ParseState(written, "again", {});
  REQUIRE(again);
  CHECK(WriteState(*again) == written);
  const Org& org = orgs->at("acme-dev");
  CHECK(org.last_id == 31);
  CHECK(org.last_version == 12);
  CHECK(org.filters.Find("11")->last_modified_by == "system");
  CHECK(org.exclusions.Find(30)->end_pattern == 1);
  CHECK(org.exclusions.Find(31)->end_pattern == 0);
}

TEST_CASE("what an entry leaves out is assigned, and never twice") {
  auto orgs = ParseState(R"({"orgs": {"o": {"client_id": "a", "client_secret": "b", "api_key": "c",
    "filters": [{"filterName": "A", "filterCriteria": "1=1"},
                {"filterName": "B", "filterCriteria": "1=1", "id": "7", "version": 3},
                {"filterName": "C", "filterCriteria": "1=1"}]}}})",
                         "seed", base::UtcTime(base::Millis(5)));
  REQUIRE(orgs);
  std::vector<std::string> ids;
  for (const Filter* filter : orgs->at("o").filters.order()) {
    ids.push_back(filter->id);
    CHECK(filter->version >= 3);
  }
  CHECK(ids == std::vector<std::string>{"8", "7", "9"});
}

TEST_CASE("a broken seed is an error that names the place") {
  const std::string filter = R"({"filterName": "A", "filterCriteria": "1=1")";
  struct Row {
    std::string org;  // put between the braces of an org that has credentials
    const char* message;
  };
  const Row rows[] = {
      {R"("filters": {})", "/orgs/o/filters must be an array"},
      {R"("filters": [7])", "/orgs/o/filters/0 must be an object"},
      {R"("filters": [)" + filter + R"(, "criteria": 1}])", "/orgs/o/filters/0/criteria"},
      {R"("filters": [)" + filter + R"(, "version": "1"}])", "/orgs/o/filters/0/version"},
      {R"("filters": [)" + filter + R"(, "schemaId": "9"}])", "schemaId '9' is not known"},
      {R"("filters": [)" + filter + "}, " + filter + "}]", "/orgs/o/filters/1: filterName"},
      {R"("filters": [{"filterName": "A"}])", "filterCriteria: Must not be empty"},
      {R"("lists": [{"name": "L"}])", "listType must be 0 to 3"},
      {R"("lists": [{"name": "L", "listType": 1, "filterName": "X"}])", "'X' is not known"},
      {R"("lists": [{"name": "L", "listType": 0, "id": 5}, {"name": "M", "listType": 0, "id": 5}])",
       "id is used twice"},
      {R"("exclusions": [{"contactType": 1, "contactAddress": "1"}])", "startTime is missing"},
      {R"("exclusions": [{"contactType": 1, "contactAddress": "1", "startTime": "x"}])",
       "/orgs/o/exclusions/0/startTime is not an ISO 8601 time"},
      {R"("exclusions": [{"contactAddress": "1", "startTime": "2024-01-01T00:00:00Z"}])",
       "contactType must be 0 to 4"},
      {R"("schema": [])", "/orgs/o/schema is not a property"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.org);
    auto orgs = ParseState(R"({"orgs": {"o": {"client_id": "a", "client_secret": "b",
        "api_key": "c", )" + row.org +
                               "}}}",
                           "seed.json", {});
    REQUIRE_FALSE(orgs);
    CAPTURE(orgs.error().message);
    CHECK(orgs.error().message.starts_with("seed.json: "));
    CHECK(orgs.error().message.find(row.message) != std::string::npos);
  }
  for (const char* text : {"", "{", "[]", "{}", R"({"orgs": []})", R"({"orgs": {"o": {}}})",
                           R"({"orgs": {}, "more": 1})"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseState(text, "seed.json", {}));
  }
}

TEST_CASE("state survives in the data file, which wins over the seed") {
  TempFile data("data.json"), seed("seed.json");
  seed.Write(kSeed);
  Options options;
  options.data_file = data.path;
  options.seed_file = seed.path;
  std::string before;
  {
    Fixture fixture(options);
    CHECK(fixture.Send("DELETE", kExclusions + "/30").status == 204);
    before = fixture.State();
    CHECK(fixture.server.Stop());
  }
  Fixture fixture(options);
  CHECK(fixture.State() == before);
  CHECK(fixture.Get(kExclusions + "/30").status == 404);
}

TEST_CASE("a change reaches the data file while the server runs") {
  TempFile data("data.json"), seed("seed.json");
  seed.Write(kSeed);
  Options options;
  options.data_file = data.path;
  options.seed_file = seed.path;
  Fixture fixture(options);
  fixture.Send("POST", kFilters, {{"filterName", "Kept"}, {"filterCriteria", "1=1"}});
  for (int i = 0; i < 500 && data.Read().find("Kept") == std::string::npos; ++i) {
    std::this_thread::sleep_for(base::Millis(10));
  }
  CHECK(data.Read().find("Kept") != std::string::npos);
}

TEST_CASE("a data file that is corrupt or cannot be written is an error, and stays as it is") {
  TempFile data("data.json");
  data.Write(R"({"orgs": {"acme-dev")");
  Options options;
  options.data_file = data.path;
  Server server;
  auto started = server.Start(options);
  REQUIRE_FALSE(started);
  CHECK(started.error().kind == base::ErrorKind::kInvalid);
  CHECK(started.error().message.find("data.json") != std::string::npos);
  CHECK(data.Read() == R"({"orgs": {"acme-dev")");
  options.data_file = "/nowhere/data.json";
  started = server.Start(options);
  REQUIRE_FALSE(started);
  CHECK(started.error().kind == base::ErrorKind::kIo);
}

TEST_CASE("a seed file that is missing, and a port that is taken, are errors") {
  Options options;
  options.seed_file = "/nowhere/seed.json";
  Server server;
  CHECK_FALSE(server.Start(options));
  Server first;
  auto port = first.Start({});
  REQUIRE(port);
  Options taken;
  taken.port = *port;
  auto second = server.Start(taken);
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == base::ErrorKind::kIo);
}

TEST_CASE("a server can be stopped at once and twice") {
  Server server;
  REQUIRE(server.Start({}));
  CHECK(server.Stop());
  CHECK(server.Stop());
}

}  // namespace
}  // namespace viasync::sandbox
