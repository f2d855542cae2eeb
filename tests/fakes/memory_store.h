// The store in memory, for tests: behaves like the SQLite one, and records what was asked of it.
// It forgets everything with its object; a crash is simulated by using one object for two "runs".
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/store/store.h"

namespace viasync::fakes {

class MemoryStore final : public store::Store {
 public:
  explicit MemoryStore(std::string org = "acme-dev") : org_(std::move(org)) {}

  base::Result<void> ReadBase(
      model::Kind kind, const std::function<base::Result<void>(store::BaseRecord)>& each) override;
  base::Result<bool> HasBase() override;
  base::Result<std::optional<base::UtcTime>> BaseMoved() override;
  using Store::MoveBase;
  base::Result<void> MoveBase(const std::vector<store::BaseMove>& moves,
                              const std::vector<store::Pulled>& pulled) override;
  base::Result<void> Journal(const std::vector<store::Outcome>& outcomes,
                             std::vector<store::Step>& intents) override;
  base::Result<std::vector<store::Step>> OpenSteps() override;
  base::Result<std::vector<store::Step>> UndoneSteps(base::UtcTime since) override;
  base::Result<std::vector<store::Event>> Events(std::size_t limit) override;
  base::Result<std::string> TrailHead() override;
  const std::string& Org() const override { return org_; }
  bool IsFar() const override { return far; }

  // What a test sets.
  std::string run = "run-1", user = "tester", commit = "c0ffee";
  base::UtcTime now{};           // where there is no clock
  base::Clock* clock = nullptr;  // not owned
  // Writes fail with this error, and change nothing, once `writes_before_error` more succeeded.
  std::optional<base::Error> error;
  int writes_before_error = 0;
  bool far = false;             // as on a server
  std::function<void()> way{};  // called in every Journal(), before anything else

  // What a test looks at.
  std::vector<std::string> calls;  // "MoveBase 2", "Journal closes 1 opens 0", "ReadBase filter"
  std::vector<store::Step> steps;  // every step ever opened, with its last state
  std::map<std::pair<model::Kind, std::string>, store::BaseRecord> records;  // the base
  bool has_base = false;

 private:
  base::Result<void> Write(std::string call);
  void Apply(const store::BaseMove& move);
  store::Event NewEvent() const;
  void Add(store::Event event);
  base::UtcTime Now() const { return clock ? clock->Now() : now; }

  std::string org_;
  std::vector<store::Event> events_;
};

}  // namespace viasync::fakes
