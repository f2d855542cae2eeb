#include "engine/http/task.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/fakes/sim_transport.h"

namespace viasync::http {
namespace {

using base::Millis;
using fakes::SimTransport;
using fakes::VirtualClock;

struct World {
  VirtualClock clock;
  SimTransport transport{clock, [](const Request&) { return fakes::Answer(200); }};
};

Task<int> Now(int value) { co_return value; }

Task<int> Later(Transport& transport, Millis wait, int value) {
  co_await Sleep(transport, wait);
  co_return value;
}

Task<long> SumOf(int count) {
  long sum = 0;
  for (int i = 0; i < count; ++i) sum += co_await Now(i);
  co_return sum;
}

Task<void> Note(Transport& transport, Millis wait, std::string name,
                std::vector<std::string>& log) {
  if (wait.count() > 0) co_await Sleep(transport, wait);
  log.push_back(std::move(name));
}

TEST_CASE("a task gives back what its coroutine returned, at once or later") {
  World world;
  CHECK(Run(world.transport, Now(7)) == 7);
  CHECK(Run(world.transport, Later(world.transport, Millis(300), 8)) == 8);
  CHECK(world.clock.Steady() == Millis(300));
}

TEST_CASE("a task does not start before it is awaited") {
  World world;
  std::vector<std::string> log;
  auto lazy = Note(world.transport, Millis(0), "ran", log);
  CHECK(log.empty());
  Run(world.transport, std::move(lazy));
  CHECK(log == std::vector<std::string>{"ran"});
}

TEST_CASE("a loop over 100,000 tasks that end at once needs no stack") {
  World world;
  CHECK(Run(world.transport, SumOf(100'000)) == 4'999'950'000);
}

Task<long> MixedSum(Transport& transport, int count) {
  long sum = 0;
  for (int i = 0; i < count; ++i) {
    sum += co_await Now(1);
    sum += co_await Later(transport, Millis(1), 1);
  }
  co_return sum;
}

TEST_CASE("a loop over tasks that end later needs no stack either") {
  World world;
  CHECK(Run(world.transport, MixedSum(world.transport, 50'000)) == 100'000);
}

Task<void> InGroup(Transport& transport, std::vector<std::string>& log) {
  Group group;
  group.Add(Note(transport, Millis(20), "slow", log));
  group.Add(Note(transport, Millis(0), "at once", log));
  group.Add(Note(transport, Millis(10), "quick", log));
  log.push_back("added");
  co_await group.Wait();
  log.push_back("all");
}

TEST_CASE("a group runs its tasks side by side and waits for the last") {
  World world;
  std::vector<std::string> log;
  Run(world.transport, InGroup(world.transport, log));
  CHECK(log == std::vector<std::string>{"at once", "added", "quick", "slow", "all"});
  CHECK(world.clock.Steady() == Millis(20));
}

Task<void> BigGroup(Transport& transport, std::vector<std::string>& log) {
  Group group;
  for (int i = 0; i < 100'000; ++i) group.Add(Note(transport, Millis(i % 3), "", log));
  co_await group.Wait();
  co_await group.Wait();  // nothing runs: goes on at once
}

TEST_CASE("a group of 100,000 tasks ends, and an empty one does not wait") {
  World world;
  std::vector<std::string> log;
  Run(world.transport, BigGroup(world.transport, log));
  CHECK(log.size() == 100'000);
}

Task<void> WaitTwice(Signal& signal, std::string name, std::vector<std::string>& log) {
  co_await signal.Wait();
  log.push_back(name + "1");
  co_await signal.Wait();
  log.push_back(name + "2");
}

Task<void> Signalled(Transport& transport, std::vector<std::string>& log) {
  Signal signal;
  Group group;
  group.Add(WaitTwice(signal, "a", log));
  group.Add(WaitTwice(signal, "b", log));
  co_await Sleep(transport, Millis(5));
  signal.Notify();
  log.push_back("between");
  signal.Notify();
  signal.Notify();  // nobody waits
  co_await group.Wait();
}

TEST_CASE("a signal wakes those who wait now, not those who wait next") {
  World world;
  std::vector<std::string> log;
  Run(world.transport, Signalled(world.transport, log));
  CHECK(log == std::vector<std::string>{"a1", "b1", "between", "a2", "b2"});
}

Task<void> Exchanged(Transport& transport, base::Result<Response>& out) {
  auto exchange = Exchange(transport, Request{.url = "http://org/x"});
  out = co_await exchange;
}

TEST_CASE("an exchange is awaited like a task") {
  World world;
  base::Result<Response> out = base::Fail(base::ErrorKind::kInvalid, "not yet");
  Run(world.transport, Exchanged(world.transport, out));
  REQUIRE(out.has_value());
  CHECK(out->status == 200);
  REQUIRE(world.transport.requests().size() == 1);
  CHECK(world.transport.requests()[0].request.url == "http://org/x");
  CHECK_FALSE(world.transport.Drive());
}

}  // namespace
}  // namespace viasync::http
