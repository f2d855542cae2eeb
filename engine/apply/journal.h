// The journal as concurrent steps use it: what they hand in within one turn of the loop becomes one
// durable transaction, so that many steps share one sync to disk. Where the store is far away, the
// next transaction gathers while one is on its way, and the org is not kept waiting for either.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <vector>

#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/http/transport.h"
#include "engine/store/store.h"

namespace viasync::apply {

class Journal {
 public:
  // Requires: both outlive the journal; Flush() before it goes.
  Journal(store::Store& store, http::Transport& transport) : store_(store), transport_(transport) {}

  // Durable when it returns: the step's id. After an error of the store every later call fails with
  // it, so nothing is sent that could not be recorded.
  http::Task<base::Result<std::int64_t>> Open(store::Step step);

  // Recorded with the next transaction; nobody has to wait for it, since a step that is still open
  // after a crash is settled by reading the org.
  void Close(store::Outcome outcome);

  // Writes what is left.
  base::Result<void> Flush();

  const std::optional<base::Error>& error() const { return error_; }

 private:
  // What one transaction writes, and who waits for it.
  struct Writing {
    std::vector<store::Outcome> outcomes;
    std::vector<store::Step> intents;
    std::vector<std::function<void(base::Result<std::int64_t>)>> waiting;  // one per intent
    base::Result<void> written;
  };

  void PlanFlush();
  void Turn();
  Writing Gather();
  void Tell(Writing done);
  void Look();

  store::Store& store_;
  http::Transport& transport_;
  std::vector<store::Outcome> outcomes_;
  std::vector<store::Step> intents_;
  std::vector<std::function<void(base::Result<std::int64_t>)>> waiting_;
  std::future<Writing> far_;  // on its way
  bool planned_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::optional<base::Error> error_;
};

}  // namespace viasync::apply
