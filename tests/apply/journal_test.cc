// The journal as concurrent steps use it, with a store beside it and with one that is far away.
#include "engine/apply/journal.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/http/group.h"
#include "tests/fakes/clock.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/sim_transport.h"

namespace viasync::apply {
namespace {

struct World {
  fakes::VirtualClock clock;
  fakes::SimTransport transport{clock, [](const http::Request&) { return fakes::Answer(200); }};
  fakes::MemoryStore store;
  Journal journal{store, transport};
  std::vector<std::int64_t> ids;
  std::vector<std::string> errors;

  http::Task<void> OneStep(int number, int steps) {
    for (int i = 0; i < steps; ++i) {
      store::Step step;
      step.key = std::to_string(number);
      step.action = "create";
      auto opened = journal.Open(std::move(step));
      auto id = co_await std::move(opened);
      if (!id) {
        errors.push_back(id.error().message);
        co_return;
      }
      ids.push_back(*id);
      store::Outcome outcome;
      outcome.step = *id;
      journal.Close(std::move(outcome));
    }
  }

  static http::Task<void> All(http::Group& group) {
    auto all = group.Wait();
    co_await all;
  }

  void Run(int workers, int steps) {
    http::Group group;
    for (int i = 0; i < workers; ++i) group.Add(OneStep(i, steps));
    http::Run(transport, All(group));
  }
};

TEST_CASE("what comes in one turn is one transaction, each intent before its step goes on") {
  for (const bool far : {false, true}) {
    CAPTURE(far);
    World world;
    world.store.far = far;
    world.Run(20, 5);
    REQUIRE(world.journal.Flush());
    CHECK(world.ids.size() == 100);
    CHECK(world.errors.empty());
    CHECK(world.store.steps.size() == 100);
    for (const auto& step : world.store.steps) CHECK(step.state == store::StepState::kDone);
    CHECK(world.store.calls.size() < 30);
  }
}

TEST_CASE("while a transaction is on its way to a far store, the loop turns for others") {
  World world;
  world.store.far = true;
  world.store.way = [] { usleep(30'000); };
  int turns = 0;
  std::function<void()> turn = [&] {
    ++turns;
    if (world.ids.empty()) world.transport.After(base::Millis(1), turn);
  };
  world.transport.After(base::Millis(0), turn);
  world.Run(1, 1);
  REQUIRE(world.journal.Flush());
  CHECK(turns > 5);
  CHECK(world.ids.size() == 1);
}

TEST_CASE("after an error of the store every intent is told, and nothing more is written") {
  for (const bool far : {false, true}) {
    CAPTURE(far);
    World world;
    world.store.far = far;
    world.store.error = base::Error{base::ErrorKind::kLeaseLost, "lost", ""};
    world.store.writes_before_error = 2;
    world.Run(10, 5);
    CHECK_FALSE(world.journal.Flush());
    CHECK(world.errors == std::vector<std::string>(10, "lost"));
    CHECK(world.store.calls.size() == 3);
  }
}

}  // namespace
}  // namespace viasync::apply
