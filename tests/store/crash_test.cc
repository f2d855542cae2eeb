// A run is killed at any moment: the base claims only what was confirmed, and the open steps are
// exactly those that were opened and not closed.
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

#include "doctest/doctest.h"
#include "engine/store/sqlite_store.h"
#include "tests/store/store_helpers.h"

namespace viasync::store {
namespace {

using model::Kind;

// What the child tells after the store confirmed it. It goes through a pipe, which outlives it.
struct Message {
  std::int64_t step;
  bool closed;
};

// Opens and closes steps for ever, several at a time, and reports each after its confirmation.
int Work(const std::string& path, int report, std::uint64_t seed) {
  VirtualClock clock;
  auto store = OpenSqliteStore(Options(path), clock);
  if (!store) return 1;
  std::mt19937_64 random(seed);
  auto left = *(*store)->OpenSteps();
  std::vector<Step> open(left.begin(), left.end());
  for (;;) {
    std::ranges::shuffle(open, random);
    const std::size_t closing = open.empty() ? 0 : random() % open.size();
    std::vector<Outcome> outcomes;
    for (std::size_t i = 0; i < closing; ++i) {
      outcomes.push_back(Done(open[i]));
    }
    std::vector<Step> intents;
    for (std::size_t i = random() % 4; i > 0; --i) {
      // The key is unique, so that the base shows which step was confirmed.
      intents.push_back(MakeStep(std::to_string(random()), std::string(random() % 3000, 'v')));
    }
    if (!(*store)->Journal(outcomes, intents)) return 2;
    std::vector<Message> messages;
    for (const Outcome& outcome : outcomes) messages.push_back({outcome.step, true});
    for (const Step& step : intents) messages.push_back({step.id, false});
    const auto size = static_cast<ssize_t>(messages.size() * sizeof(Message));
    if (write(report, messages.data(), static_cast<std::size_t>(size)) != size) return 3;
    open.erase(open.begin(), open.begin() + static_cast<std::ptrdiff_t>(closing));
    open.insert(open.end(), intents.begin(), intents.end());
  }
}

struct Told {
  std::set<std::int64_t> opened, closed;
};

// Runs a child, kills it after it told `enough` things and `more` microseconds, and adds what it
// told.
void RunAndKill(const std::string& path, std::uint64_t seed, std::size_t enough, useconds_t more,
                Told& told) {
  int report[2];
  REQUIRE(pipe(report) == 0);
  const pid_t child = Fork([&] { return Work(path, report[1], seed); });
  close(report[1]);
  Message message{};
  for (std::size_t count = 0;; ++count) {
    if (count == enough) {
      usleep(more);
      kill(child, SIGKILL);
    }
    if (read(report[0], &message, sizeof message) != sizeof message) break;
    (message.closed ? told.closed : told.opened).insert(message.step);
  }
  close(report[0]);
  CHECK(Wait(child) == 128 + SIGKILL);
}

// The store may be one transaction ahead of what was told, never behind.
void CheckAgainst(const std::string& path, Told& told) {
  VirtualClock clock;
  auto store = MustOpen(Options(path), clock);
  const auto steps = *store->OpenSteps();
  std::set<std::int64_t> open;
  for (const Step& step : steps) open.insert(step.id);
  std::set<std::string> confirmed, in_base;
  const auto events = *store->Events(1'000'000);
  for (const Event& event : events) confirmed.insert(event.key);
  for (const BaseRecord& record : ReadAll(*store, Kind::kFilter)) {
    in_base.insert(record.key);
  }
  CHECK(in_base == confirmed);
  CHECK(events.size() == confirmed.size());
  CHECK(events.size() >= told.closed.size());
  for (const Step& step : steps) CHECK_FALSE(in_base.contains(step.key));
  std::set<std::int64_t> missing;
  for (std::int64_t id : told.opened) {
    if (!told.closed.contains(id) && !open.contains(id)) missing.insert(id);
  }
  for (std::int64_t id : told.closed) CHECK_FALSE(open.contains(id));
  // Closed by the one transaction that was confirmed but not told.
  CHECK(missing.size() == events.size() - told.closed.size());
  for (std::int64_t id : missing) told.closed.insert(id);
  for (std::int64_t id : open) told.opened.insert(id);
}

TEST_CASE("a killed run leaves what was confirmed, and the open steps") {
  const char* given = std::getenv("VIASYNC_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  MESSAGE("VIASYNC_SEED=" << seed);
  std::mt19937_64 random(seed);
  Folder folder;
  const std::string path = folder / "dev.db";
  Told told;
  for (int round = 0; round < 40; ++round) {
    CAPTURE(round);
    // Every other one is killed while it opens the store, the first ones while they make it.
    const std::size_t enough = round % 2 == 0 ? 0 : random() % 40;
    RunAndKill(path, random(), enough, static_cast<useconds_t>(random() % 10'000), told);
    CheckAgainst(path, told);
  }
  CHECK(told.closed.size() > 40);
}

}  // namespace
}  // namespace viasync::store
