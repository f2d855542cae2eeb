#include "engine/plan/renames.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "tests/plan/plans.h"

namespace viasync::plan {
namespace {

using Renames = std::vector<Rename>;

Change Gone(const char* name, const char* criteria) {
  auto change = PushOf(Kind::kFilter, name, Action::kDelete);
  change.fields = {{.name = "criteria", .base = criteria, .remote = criteria}};
  return change;
}

Change Made(const char* name, const char* criteria) {
  auto change = PushOf(Kind::kFilter, name, Action::kCreate);
  change.fields = {{.name = "criteria", .local = criteria}};
  return change;
}

TEST_CASE("the same criteria under another name are a rename") {
  CHECK(FindRenames({Gone("Old", "A = 1"), Made("New", "A = 1")}) == Renames{{"Old", "New"}});
  CHECK(FindRenames({Made("New", "a = 1 and  b = 2"), Gone("Old", "a = 1 AND b = 2")}) ==
        Renames{{"Old", "New"}});
}

TEST_CASE("another criterion, none, or another case of a literal is no rename") {
  CHECK(FindRenames({Gone("Old", "A = 1"), Made("New", "A = 2")}).empty());
  CHECK(FindRenames({Gone("Old", ""), Made("New", "")}).empty());
  CHECK(FindRenames({Gone("Old", " "), Made("New", " ")}).empty());
  CHECK(FindRenames({Gone("Old", "A = 'x'"), Made("New", "A = 'X'")}).empty());
}

TEST_CASE("only what is sent to the org renames") {
  auto pulled = Gone("Old", "A = 1");
  pulled.direction = Direction::kPull;
  CHECK(FindRenames({pulled, Made("New", "A = 1")}).empty());
  auto list = Gone("Old", "A = 1");
  list.kind = Kind::kList;
  CHECK(FindRenames({list, Made("New", "A = 1")}).empty());
}

TEST_CASE("each filter is in one rename at most, in the order of the names") {
  CHECK(FindRenames({Gone("b", "A = 1"), Gone("a", "A = 1"), Gone("c", "A = 1"), Made("z", "A = 1"),
                     Made("y", "A = 1")}) == Renames{{"a", "y"}, {"b", "z"}});
}

TEST_CASE("renames pair each delete and each create once, whatever they hold") {
  CHECK(rc::check([] {
    std::vector<Change> changes;
    std::size_t gone = 0, made = 0;
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
      auto criteria = *rc::gen::elementOf(std::vector<const char*>{"A=1", "A = 1", "B = 'x'", ""});
      bool create = *rc::gen::arbitrary<bool>();
      ++(create ? made : gone);
      auto name = "f" + std::to_string(i);
      changes.push_back(create ? Made(name.c_str(), criteria) : Gone(name.c_str(), criteria));
    }
    auto renames = FindRenames(changes);
    std::set<std::string> names;
    for (const auto& [from, to] : renames) names.insert({from, to});
    RC_ASSERT(names.size() == 2 * renames.size());
    RC_ASSERT(renames.size() <= std::min(gone, made));
  }));
}

}  // namespace
}  // namespace viasync::plan
