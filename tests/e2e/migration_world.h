// Two orgs behind one sandbox, environments dev and prod, and a reviewed migration between them.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/harness.h"

namespace viasync::e2e {

inline nlohmann::json Object(const std::string& type, const std::string& name, int value,
                             const std::string& inputs = "") {
  nlohmann::json object = {
      {"objectType", type}, {"objectName", name}, {"data", {{"value", value}}}};
  if (!inputs.empty()) {
    object["relatedItems"] =
        nlohmann::json::array({{{"objectType", "INPUTS"}, {"objectNames", inputs}}});
  }
  return object;
}

// acme-dev has strategies ABC_Early and ABC_Late (which refer to inputs A and B), Other, and
// dispositions ABC, GHI, JKL. acme-prod has dispositions ABC and JKL and input B, all otherwise.
inline std::string SeedFile(const Folder& folder) {
  using nlohmann::json;
  json dev = {{"client_id", "dev-id"}, {"client_secret", "dev-secret"}, {"api_key", "dev-key"}};
  dev["objects"] = {Object("STRATEGY", "ABC_Early", 1, "A"),
                    Object("STRATEGY", "ABC_Late", 2, "A, B"),
                    Object("STRATEGY", "Other", 3),
                    Object("INPUTS", "A", 4),
                    Object("INPUTS", "B", 5),
                    Object("DISPOSITIONS", "ABC", 6),
                    Object("DISPOSITIONS", "GHI", 7),
                    Object("DISPOSITIONS", "JKL", 8)};
  json prod = {{"client_id", "prod-id"}, {"client_secret", "prod-secret"}, {"api_key", "prod-key"}};
  prod["objects"] = {Object("DISPOSITIONS", "ABC", 60), Object("DISPOSITIONS", "JKL", 80),
                     Object("INPUTS", "B", 50)};
  folder.Write("seed.json", json{{"orgs", {{"acme-dev", dev}, {"acme-prod", prod}}}}.dump());
  return folder.path() + "/seed.json";
}

inline constexpr const char* kMigration = R"(migrations:
  spring-release:
    objects: {STRATEGY: ["ABC_*"], DISPOSITIONS: ["*"]}
    related: true
    options: {salt: A1, append_salt: true}
    conflicts:
      DISPOSITIONS: {rename: {ABC: DEF}, others: ignore}
      INPUTS: salt
      default: stop
)";

struct MigrationWorld {
  Folder seed;
  World world;
  std::vector<std::string> migrate = {"migrate", "spring-release", "--from",   "dev", "--to",
                                      "prod",    "--yes",          "--settle", "1s"};
  std::vector<std::string> plan = {"migrate", "spring-release", "--from", "dev",
                                   "--to",    "prod",           "--plan"};

  explicit MigrationWorld(sandbox::Settings settings = {})
      : world(SeedFile(seed), "acme-dev", settings, seed.path() + "/media") {
    world.env["VIASYNC_PROD_CLIENT_ID"] = "prod-id";
    world.env["VIASYNC_PROD_CLIENT_SECRET"] = "prod-secret";
    world.env["VIASYNC_PROD_API_KEY"] = "prod-key";
    WriteProject();
    world.repo.Write("migrations/spring.yaml", kMigration);
  }

  // Further lines of the two environments.
  void WriteProject(const std::string& dev = "", const std::string& prod = "") {
    world.WriteProject(dev + "  prod:\n    org: acme-prod\n    base_url: " + world.url +
                       "\n    token_url: " + world.url + "/tokenservice/oauth2/access_token\n" +
                       prod);
  }

  // Where the org keeps its media storage.
  std::string Media(const std::string& org) const { return seed.path() + "/media/" + org; }

  // Requests so far whose method and path fit; of those the org carried out, where asked.
  std::size_t Count(const std::string& method, const std::string& part, bool carried_out = true) {
    std::size_t count = 0;
    const auto log = world.Control("GET", "log");
    for (const auto& entry : log.at("entries")) {
      const std::string target = entry.at("target");
      count += entry.at("method") == method && target.find(part) != std::string::npos &&
               (!carried_out || entry.at("carried_out") == true);
    }
    return count;
  }

  void CheckOneOfEach() {
    CHECK(Count("POST", "/jobs/export") == 1);
    CHECK(Count("PUT", "/media/acme-prod") == 1);
    CHECK(Count("POST", "/jobs/import") == 1);
  }

  // The value of an object in prod; 0 = it is not there.
  int Prod(const std::string& type, const std::string& name) {
    const auto org = world.Org("acme-prod");
    for (const auto& object : org.at("objects")) {
      if (object.at("objectType") == type && object.at("objectName") == name) {
        return object.at("data").at("value");
      }
    }
    return 0;
  }

  // What the migration is for.
  void CheckMigrated() {
    CHECK(Prod("STRATEGY", "ABC_Early") == 1);
    CHECK(Prod("STRATEGY", "ABC_Late") == 2);
    CHECK(Prod("STRATEGY", "Other") == 0);
    CHECK(Prod("INPUTS", "A") == 4);
    CHECK(Prod("INPUTS", "B") == 50);
    CHECK(Prod("INPUTS", "BA1") == 5);
    CHECK(Prod("DISPOSITIONS", "ABC") == 60);
    CHECK(Prod("DISPOSITIONS", "DEF") == 6);
    CHECK(Prod("DISPOSITIONS", "GHI") == 7);
    CHECK(Prod("DISPOSITIONS", "JKL") == 80);
  }
};

inline bool Has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return true;
  MESSAGE(part << " is not in: " << text);
  return false;
}

}  // namespace viasync::e2e
