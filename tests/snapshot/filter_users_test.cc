#include "engine/snapshot/filter_users.h"

#include <doctest/doctest.h>

#include "tests/snapshot/org.h"

namespace viasync::snapshot {
namespace {

// Lists 1 to 4 of the types 1 to 3 and 0; all but the second use filter A, though the last is of a
// type that takes none.
Org Lists() {
  Org org;
  const int types[] = {1, 2, 3, 0};
  for (int id = 1; id <= 4; ++id) {
    org.AddList(id, "L" + std::to_string(id));
    org.lists.back()["listType"] = types[id - 1];
  }
  org.lists[0]["filterName"] = "A";
  org.lists[2]["filterName"] = org.lists[3]["filterName"] = "A";
  org.lists[1]["filterName"] = "";
  return org;
}

struct Found {
  base::Result<FilterUsers> users;
  std::size_t details = 0;
};

Found Find(Org& org, const Snapshot& snapshot = {}) {
  api::World world([&](const http::Request& request) { return org.Serve(request); });
  auto users = world.Run(FindFilterUsers(world.session, snapshot));
  Found found{.users = std::move(users)};
  for (const auto& call : world.Calls()) {
    CHECK(call.starts_with("GET "));
    found.details += call.find("/lists/") != std::string::npos;
  }
  return found;
}

TEST_CASE("lists that use a filter are found, of whatever type they are") {
  Org org = Lists();
  auto found = Find(org);
  REQUIRE(found.users);
  CHECK(*found.users == FilterUsers{{"A", {"L1", "L3", "L4"}}});
  CHECK(found.details == 4);
}

TEST_CASE("what the snapshot knows is not read again") {
  Org org = Lists();
  model::Remote<model::List> known;
  known.id = "1";
  known.value = {.name = "L1", .filter = "B", .type = model::ListType::kDynamic};
  Snapshot snapshot;
  snapshot.Of<model::List>() = {known};
  auto found = Find(org, snapshot);
  REQUIRE(found.users);
  CHECK(*found.users == FilterUsers{{"A", {"L3", "L4"}}, {"B", {"L1"}}});
  CHECK(found.details == 3);
}

TEST_CASE("a list that is gone meanwhile is left out; any other refusal is an error") {
  Org org = Lists();
  org.status[std::string(api::kLists) + "/1"] = 404;
  auto found = Find(org);
  REQUIRE(found.users);
  CHECK(*found.users == FilterUsers{{"A", {"L3", "L4"}}});
  org.status[std::string(api::kLists) + "/1"] = 403;
  CHECK_FALSE(Find(org).users);
}

}  // namespace
}  // namespace viasync::snapshot
