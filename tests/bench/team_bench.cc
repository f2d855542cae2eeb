// An apply of 1,000 changes with the store on a server 20 ms away, beside the same apply with the
// store in a file; the org answers in 50 ms.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/e2e/harness.h"
#include "tests/fakes/postgres_server.h"
#include "tests/fakes/tcp_proxy.h"

namespace viasync::e2e {
namespace {

constexpr int kChanges = 1'000;

double SecondsOfApply(const std::string& store) {
  nlohmann::json org = {{"schemas", {{{"id", "7"}, {"schemaName", "BaseSchema"}}}},
                        {"filters", nlohmann::json::array()}};
  World world(org, {.latency = base::Millis(50)});
  world.WriteProject(store);
  std::string config = "filters:\n";
  for (int i = 0; i < kChanges; ++i) {
    config += "  - {name: F" + std::to_string(i) + ", criteria: A = 1}\n";
  }
  world.repo.Write("config/filters.yaml", config);
  const auto begun = std::chrono::steady_clock::now();
  const auto output = world.Run({"apply", "--yes", "--no-base"});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  REQUIRE_MESSAGE(output.exit_code == 0, (output.out + output.err));
  return took.count();
}

}  // namespace

TEST_CASE("a store 20 ms away") {
  auto& server = fakes::PostgresServer::Shared();
  fakes::TcpProxy proxy(server.port(), std::chrono::milliseconds(10));
  std::vector<double> ratios;
  for (int round = 0; round < 3; ++round) {
    const double file = SecondsOfApply("");
    const double far =
        SecondsOfApply("    store: postgresql://owner@127.0.0.1:" + std::to_string(proxy.port()) +
                       "/" + server.NewDatabase() + "\n");
    std::printf("%d changes: file %.2f s, server 20 ms away %.2f s, %.3f times\n", kChanges, file,
                far, far / file);
    ratios.push_back(far / file);
  }
  std::ranges::sort(ratios);
  std::printf("median %.3f times (goal: at most 1.05)\n", ratios[1]);
}

}  // namespace viasync::e2e
