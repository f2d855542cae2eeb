// Many calls of one kind at once, as many in flight as the client takes; their answers in order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/http/group.h"
#include "engine/http/transport.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

namespace internal {

template <class T>
struct Batch {
  std::function<http::Task<base::Result<T>>(std::size_t)> call;
  std::vector<std::optional<T>> answers;
  std::function<void(std::size_t, std::size_t)> progress;
  std::size_t next = 0, done = 0;
  std::optional<base::Error> error{};
};

template <class T>
http::Task<void> Worker(Batch<T>& batch) {
  while (batch.next < batch.answers.size() && !batch.error) {
    const std::size_t at = batch.next++;
    base::Result<T> answer = co_await batch.call(at);
    if (answer) {
      batch.answers[at] = std::move(*answer);
    } else if (!batch.error) {
      batch.error = std::move(answer.error());
    }
    ++batch.done;
    if (batch.progress) batch.progress(batch.done, batch.answers.size());
  }
}

template <class T>
http::Task<void> Workers(Batch<T>& batch, std::size_t count) {
  http::Group group;
  for (std::size_t i = 0; i < count; ++i) group.Add(Worker(batch));
  co_await group.Wait();
}

}  // namespace internal

// call(i) for i in [0, count). Errors: the first that came; the others are not begun then.
template <class T>
base::Result<std::vector<T>> SideBySide(
    Org& org, std::size_t count, std::function<http::Task<base::Result<T>>(std::size_t)> call,
    std::function<void(std::size_t, std::size_t)> progress = {}) {
  internal::Batch<T> batch{.call = std::move(call),
                           .answers = std::vector<std::optional<T>>(count),
                           .progress = std::move(progress)};
  const std::size_t workers = std::min(count, org.client->in_flight_max());
  http::Run(*org.transport, internal::Workers(batch, workers));
  if (batch.error) return base::Fail(std::move(*batch.error));
  std::vector<T> all;
  all.reserve(count);
  for (auto& answer : batch.answers) all.push_back(std::move(*answer));
  return all;
}

}  // namespace viasync::workflow
