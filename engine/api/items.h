// How a collection becomes typed items: shared by the resource groups.
#pragma once

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/calls.h"
#include "engine/api/encoding.h"
#include "engine/api/session.h"

namespace viasync::api {

// The path of one item.
inline std::string ItemPath(std::string collection, const std::string& id) {
  return std::move(collection) + "/" + PercentEncode(id);
}

// Walks a collection and hands each item on as `read` sees it.
template <class R>
Call<void> Stream(Session& session, std::string path, Query query, std::string property,
                  base::Result<model::Remote<R>> (*read)(const nlohmann::json&), Receiver<R> to) {
  co_return co_await session.Walk(
      std::move(path), std::move(query), std::move(property),
      [read, &to](const nlohmann::json& item) -> base::Result<void> {
        auto remote = read(item);
        if (!remote) return base::Fail(std::move(remote.error()));
        return to.each(std::move(*remote));
      },
      [&to] {
        if (to.again) to.again();
      });
}

// A receiver that keeps in `all` what `wanted` (empty = everything) lets through.
template <class R>
Receiver<R> Keep(std::vector<model::Remote<R>>& all,
                 std::function<bool(const model::Remote<R>&)> wanted = {}) {
  return {.each = [&all, wanted = std::move(wanted)](model::Remote<R> item) -> base::Result<void> {
            if (!wanted || wanted(item)) all.push_back(std::move(item));
            return {};
          },
          .again = [&all] { all.clear(); }};
}

// A whole collection, each item as `read` sees it.
template <class T>
Call<std::vector<T>> ListAll(Session& session, std::string path, Query query, std::string property,
                             base::Result<T> (*read)(const nlohmann::json&)) {
  std::vector<T> all;
  base::Result<void> walked = co_await session.Walk(
      std::move(path), std::move(query), std::move(property),
      [&all, read](const nlohmann::json& item) -> base::Result<void> {
        auto one = read(item);
        if (!one) return base::Fail(std::move(one.error()));
        all.push_back(std::move(*one));
        return {};
      },
      [&all] { all.clear(); });
  if (!walked) co_return base::Fail(std::move(walked.error()));
  co_return all;
}

// What one path answers, as `read` sees it.
template <class T>
Call<T> GetOne(Session& session, std::string path, Query query,
               base::Result<T> (*read)(const nlohmann::json&)) {
  base::Result<nlohmann::json> body = co_await session.Get(std::move(path), std::move(query));
  if (!body) co_return base::Fail(std::move(body.error()));
  co_return read(*body);
}

inline Call<void> DeleteOne(Session& session, std::string path) {
  base::Result<nlohmann::json> answer =
      co_await session.Write(http::Method::kDelete, std::move(path), nlohmann::json());
  if (!answer) co_return base::Fail(std::move(answer.error()));
  co_return base::Result<void>();
}

// The header that asks for events of the streaming API about a request; empty = none.
inline http::Headers SessionHeader(const std::string& client_session) {
  if (client_session.empty()) return {};
  return {{"via-client-sessionid", client_session}};
}

// The org accepted a write, but its answer cannot be understood: only reading tells.
inline base::Error AfterWrite(base::Error error) {
  error.kind = base::ErrorKind::kUnknown;
  error.hint = "Whether it was carried out shows when the org is read again";
  return error;
}

}  // namespace viasync::api
