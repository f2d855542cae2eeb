#include "engine/snapshot/filter_users.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "engine/api/resources.h"
#include "engine/http/group.h"

namespace viasync::snapshot {
namespace {

using RemoteList = model::Remote<model::List>;

class Finder {
 public:
  Finder(api::Session& session, const Snapshot& snapshot) : session_(session) {
    for (const RemoteList& list : snapshot.Of<model::List>()) {
      if (list.detailed) known_.emplace(list.id, &list);
    }
  }

  http::Task<base::Result<FilterUsers>> Run() {
    api::Receiver<model::List> receiver = Collect();
    auto walked = co_await api::Calls<model::List>::Stream(session_, std::move(receiver));
    if (!walked) co_return base::Fail(std::move(walked.error()));
    for (const auto& [id, list] : known_) Count(*list);
    http::Group group;
    const std::size_t workers = std::min(ids_.size(), 2 * session_.client().in_flight_max());
    for (std::size_t i = 0; i < workers; ++i) group.Add(ReadDetails());
    co_await group.Wait();
    if (error_) co_return base::Fail(std::move(*error_));
    co_return std::move(users_);
  }

 private:
  api::Receiver<model::List> Collect() {
    return {.each = [this](RemoteList list) -> base::Result<void> {
              if (!known_.contains(list.id)) ids_.push_back(std::move(list.id));
              return {};
            },
            .again = [this] { ids_.clear(); }};
  }

  http::Task<void> ReadDetails() {
    while (!error_ && !ids_.empty()) {
      const std::string id = std::move(ids_.front());
      ids_.pop_front();
      base::Result<RemoteList> list = co_await api::Calls<model::List>::Get(session_, id);
      if (list) {
        Count(*list);
      } else if (list.error().kind != base::ErrorKind::kNotFound && !error_) {
        error_ = std::move(list.error());
      }
    }
  }

  void Count(const RemoteList& list) {
    if (!list.value.filter.empty()) users_[list.value.filter].insert(list.value.name);
  }

  api::Session& session_;
  std::unordered_map<std::string, const RemoteList*> known_;  // by id
  std::deque<std::string> ids_;                               // to be read
  FilterUsers users_;
  std::optional<base::Error> error_;
};

}  // namespace

http::Task<base::Result<FilterUsers>> FindFilterUsers(api::Session& session,
                                                      const Snapshot& snapshot) {
  Finder finder(session, snapshot);
  co_return co_await finder.Run();
}

}  // namespace viasync::snapshot
