// Two orgs compared through the real binary.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/e2e/harness.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

json Entry(const std::string& address, const std::string& reason) {
  return {{"contactType", 1},
          {"contactAddress", address},
          {"reason", reason},
          {"startTime", "2026-01-05T00:00:00.000Z"}};
}

// The same schema under another id, one filter otherwise, one missing, one besides.
std::string SeedFile(const Folder& folder) {
  json dev = {{"client_id", "i"}, {"client_secret", "s"}, {"api_key", "k"}};
  json prod = dev;
  dev["schemas"] = {{{"id", "7"}, {"schemaName", "Base"}}};
  dev["filters"] = {
      {{"filterName", "Same"}, {"schemaId", "7"}, {"filterCriteria", "A = 1  and B = 2"}},
      {{"filterName", "Otherwise"},
       {"schemaId", "7"},
       {"filterCriteria", "A = 1"},
       {"filterDescription", "only dev says so"}},
      {{"filterName", "Missing"}, {"schemaId", "7"}, {"filterCriteria", "C = 3"}}};
  dev["lists"] = {{{"name", "L"}, {"listType", 1}, {"filterName", "Same"}}};
  dev["exclusions"] = {Entry("5550100", "asked"), Entry("5550101", "asked")};
  prod["schemas"] = {{{"id", "1"}, {"schemaName", "Other"}}, {{"id", "2"}, {"schemaName", "Base"}}};
  prod["filters"] = {{{"filterName", "Same"}, {"schemaId", "2"}, {"filterCriteria", "A=1 AND B=2"}},
                     {{"filterName", "Otherwise"}, {"schemaId", "2"}, {"filterCriteria", "A = 1"}},
                     {{"filterName", "Besides"}, {"schemaId", "2"}, {"filterCriteria", "D = 4"}}};
  prod["lists"] = {{{"name", "L"}, {"listType", 1}, {"filterName", "Besides"}}};
  prod["exclusions"] = {Entry("5550100", "by letter")};
  folder.Write("seed.json", json{{"orgs", {{"acme-dev", dev}, {"acme-prod", prod}}}}.dump());
  return folder.path() + "/seed.json";
}

struct TwoOrgs {
  Folder seed;
  World world{SeedFile(seed), "acme-dev"};
  TwoOrgs() {
    for (const char* name : {"CLIENT_ID", "CLIENT_SECRET", "API_KEY"}) {
      world.env["VIASYNC_PROD_" + std::string(name)] =
          world.env["VIASYNC_DEV_" + std::string(name)];
    }
    world.WriteProject("  prod:\n    org: acme-prod\n    base_url: " + world.url +
                       "\n    token_url: " + world.url + "/tokenservice/oauth2/access_token\n");
  }
};

}  // namespace

TEST_CASE_FIXTURE(TwoOrgs, "what is missing, different and extra in the second; ids have no part") {
  auto diff = world.Run({"diff", "dev", "prod", "--format", "json"});
  REQUIRE_MESSAGE(diff.exit_code == 0, diff.err);
  auto parsed = json::parse(diff.out);
  CHECK(parsed["summary"] ==
        json{{"missing", 2}, {"different", 3}, {"extra", 1}, {"identical", 1}, {"intended", 0}});
  std::map<std::string, std::string> what;
  for (const auto& one : parsed["differences"]) what[one["key"]] = one["what"];
  CHECK(what == std::map<std::string, std::string>{{"Otherwise", "different"},
                                                   {"Missing", "missing"},
                                                   {"Besides", "extra"},
                                                   {"L", "different"},
                                                   {"voice:5550100@*", "different"},
                                                   {"voice:5550101@*", "missing"}});
  CHECK(world.Writes().empty());
}

TEST_CASE_FIXTURE(TwoOrgs,
                  "as text and Markdown it reads like a plan, and says whose side is whose") {
  auto text = world.Run({"diff", "dev", "prod"}).out;
  for (const char* part :
       {"prod (acme-prod) compared with dev (acme-dev)", "+ Missing", "~ Otherwise", "- Besides",
        "prod: 2 missing, 3 different, 1 extra; 1 identical."}) {
    CHECK_MESSAGE(text.find(part) != std::string::npos, (part + (" not in: " + text)));
  }
  CHECK(text.find("may be contacted") == std::string::npos);
  CHECK(text.find("→") != std::string::npos);
  world.env["LC_ALL"] = "C";
  auto ascii = world.Run({"diff", "dev", "prod"}).out;
  CHECK(ascii.find("->") != std::string::npos);
  CHECK(std::ranges::all_of(ascii, [](char c) { return static_cast<unsigned char>(c) < 128; }));
  world.env.erase("LC_ALL");
  auto markdown = world.Run({"diff", "dev", "prod", "--format", "markdown"}).out;
  CHECK(markdown.find("| | missing | different | extra |") != std::string::npos);
  CHECK(markdown.find("5550100") == std::string::npos);
}

TEST_CASE_FIXTURE(TwoOrgs, "--exit-code tells, and an org is like itself") {
  CHECK(world.Run({"diff", "dev", "prod", "--exit-code"}).exit_code == 2);
  auto same = world.Run({"diff", "prod", "prod", "--exit-code"});
  CHECK(same.exit_code == 0);
  CHECK(same.out.find("No differences") != std::string::npos);
  auto unknown = world.Run({"diff", "dev", "prd"});
  CHECK(unknown.exit_code == 1);
  CHECK(unknown.err.find("prod") != std::string::npos);
}

// As after a release: what differs is what variables and overlays ask for.
TEST_CASE_FIXTURE(TwoOrgs, "what the files ask for is apart, and no reason for exit code 2") {
  world.repo.Write("config/filters.yaml",
                   "filters:\n"
                   "  - name: Otherwise\n    schema: Base\n"
                   "    criteria: A = 1\n"
                   "  - name: Missing\n    schema: Base\n    criteria: C = 3\n"
                   "lists:\n  - name: L\n    filter: Same\n"
                   "exclusions:\n"
                   "  - {type: voice, address: \"5550100\", reason: asked,"
                   " start: 2026-01-05T00:00:00Z}\n"
                   "  - {type: voice, address: \"5550101\", reason: asked,"
                   " start: 2026-01-05T00:00:00Z}\n");
  world.repo.Write("environments/dev/dev.yaml",
                   "filters:\n  - name: Otherwise\n    description: only dev says so\n");
  world.repo.Write("environments/prod/prod.yaml",
                   "filters:\n"
                   "  - name: Missing\n    absent: true\n"
                   "  - name: Besides\n    schema: Base\n    criteria: D = 4\n"
                   "lists:\n  - name: L\n    filter: Besides\n"
                   "exclusions:\n"
                   "  - {type: voice, address: \"5550100\", reason: by letter}\n"
                   "  - {type: voice, address: \"5550101\", absent: true}\n");
  auto diff = world.Run({"diff", "dev", "prod", "--exit-code"});
  CHECK_MESSAGE(diff.exit_code == 0, (diff.out + diff.err));
  CHECK(diff.out.find("6 differences are as the files ask, by variables and overlays: "
                      "2 missing, 3 different, 1 extra") != std::string::npos);
  auto parsed = json::parse(world.Run({"diff", "dev", "prod", "--format", "json"}).out);
  CHECK(parsed["differences"].empty());
  CHECK(parsed["intended"].size() == 6);

  // maria edits dev by hand: that nobody asked for.
  world.Edit("filter", "update", "Otherwise", {{"filterCriteria", "A = 2"}});
  auto moved = world.Run({"diff", "dev", "prod", "--exit-code"});
  CHECK(moved.exit_code == 2);
  CHECK(moved.out.find("prod: 0 missing, 1 different, 0 extra; 1 identical") != std::string::npos);
}

}  // namespace viasync::e2e
