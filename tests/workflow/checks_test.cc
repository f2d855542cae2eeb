#include "engine/workflow/checks.h"

#include <doctest/doctest.h>

namespace viasync::workflow {
namespace {

using model::ListType;

snapshot::Snapshot Org() {
  snapshot::Snapshot org;
  org.schemas.id_by_name = {{"BaseSchema", "1"}};
  org.names.Of<model::Filter>() = {"Old"};
  org.names.Of<model::List>() = {"Dynamic", "Static"};
  for (auto [name, type] :
       {std::pair("Dynamic", ListType::kDynamic), {"Static", ListType::kStatic}}) {
    model::Remote<model::List> list;
    list.value.name = name;
    list.value.type = type;
    org.Of<model::List>().push_back(list);
  }
  return org;
}

model::Declared<model::Exclusion> Excluded(const char* list, const char* file, int line) {
  model::Declared<model::Exclusion> entry;
  entry.value.list = list;
  entry.source = {file, line};
  return entry;
}

model::Declared<model::List> Assigned(const char* name, const char* filter, int line) {
  model::Declared<model::List> entry;
  entry.value.name = name;
  entry.value.filter = filter;
  entry.source = {"config/lists.yaml", line};
  return entry;
}

TEST_CASE("names that differ only in letter case are two where the org has both, else a slip") {
  config::Desired desired;
  for (auto [name, line] : {std::pair("OLD", 4), {"Old", 2}}) {
    model::Declared<model::Filter> filter;
    filter.value.name = name;
    filter.source = {"config/filters.yaml", line};
    desired.Of<model::Filter>().push_back(filter);
  }
  auto org = Org();
  auto errors = CheckAgainstOrg(desired, org);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].where->line == 4);
  CHECK(errors[0].message ==
        "filter `OLD` and `Old` in config/filters.yaml:2 differ only in letter case");
  org.names.Of<model::Filter>().push_back("OLD");
  CHECK(CheckAgainstOrg(desired, org).empty());
}

TEST_CASE("everything that the org does not know is told at once, each with its place") {
  config::Desired desired;
  model::Declared<model::Filter> filter;
  filter.value.name = "New";
  filter.value.schema = "BaseShema";
  filter.source = {"config/filters.yaml", 3};
  desired.Of<model::Filter>().push_back(filter);
  desired.Of<model::List>() = {Assigned("Dinamic", "Old", 1), Assigned("Dynamic", "Nowhere", 2),
                               Assigned("Static", "New", 3), Assigned("Dynamic", "New", 4)};
  desired.Of<model::Exclusion>() = {
      Excluded("Statik", "config/dnc.csv", 9), Excluded("Statik", "config/dnc.csv", 7),
      Excluded("", "config/dnc.csv", 2), Excluded("Static", "config/dnc.csv", 3)};
  auto errors = CheckAgainstOrg(desired, Org());
  const struct {
    const char* file;
    int line;
    const char *message, *hint;
  } expected[] = {
      {"config/dnc.csv", 7, "2 exclusions name the list `Statik`", "did you mean `Static`"},
      {"config/filters.yaml", 3, "uses the schema `BaseShema`", "did you mean `BaseSchema`"},
      {"config/lists.yaml", 1, "the org has no list `Dinamic`", "did you mean `Dynamic`"},
      {"config/lists.yaml", 2, "takes the filter `Nowhere`", "declare it"},
      {"config/lists.yaml", 3, "takes no filter", "only dynamic"},
  };
  REQUIRE(errors.size() == std::size(expected));
  for (std::size_t i = 0; i < errors.size(); ++i) {
    CAPTURE(errors[i].message);
    REQUIRE(errors[i].where);
    CHECK(errors[i].where->file == expected[i].file);
    CHECK(errors[i].where->line == expected[i].line);
    CHECK(errors[i].message.find(expected[i].message) != std::string::npos);
    CHECK(errors[i].hint.find(expected[i].hint) != std::string::npos);
  }
}

TEST_CASE("an exclusion that the org has may be declared, though its list is gone there") {
  auto org = Org();
  config::Desired desired;
  for (const char* address : {"0901", "0902", "0903"}) {
    desired.Of<model::Exclusion>().push_back(Excluded("Gone", "config/dnc.csv", 3));
    desired.Of<model::Exclusion>().back().value.address = address;
    model::Remote<model::Exclusion> held;
    held.value = desired.Of<model::Exclusion>().back().value;
    org.Of<model::Exclusion>().push_back(held);
  }
  CHECK(CheckAgainstOrg(desired, org).empty());
  org.Of<model::Exclusion>().erase(org.Of<model::Exclusion>().begin() + 1);
  CHECK(CheckAgainstOrg(desired, org).size() == 1);
  org.Of<model::Exclusion>().clear();
  CHECK(CheckAgainstOrg(desired, org).size() == 1);
}

TEST_CASE("a list that takes no filter may be declared as the org has it") {
  config::Desired desired;
  desired.Of<model::List>() = {Assigned("Static", "", 1)};
  CHECK(CheckAgainstOrg(desired, Org()).empty());
  auto org = Org();
  org.Of<model::List>()[1].value.filter = "Old";
  desired.Of<model::List>() = {Assigned("Static", "Old", 1)};
  CHECK(CheckAgainstOrg(desired, org).empty());
  desired.Of<model::List>() = {Assigned("Static", "", 1)};
  CHECK(CheckAgainstOrg(desired, org).size() == 1);
}

TEST_CASE("an entry that must be absent may name what the org does not have") {
  config::Desired desired;
  desired.Of<model::Exclusion>() = {Excluded("Gone", "a.yaml", 1)};
  desired.Of<model::Exclusion>()[0].absent = true;
  CHECK(CheckAgainstOrg(desired, Org()).empty());
}

TEST_CASE(
    "of very many problems the first are shown, in the order of the files, and the rest counted") {
  config::Desired desired;
  for (int i = 0; i < 20'000; ++i) {
    desired.Of<model::List>().push_back(
        Assigned(("Unknown" + std::to_string(i)).c_str(), "", 20'000 - i));
  }
  auto org = Org();
  for (int i = 0; i < 1'000; ++i)
    org.names.Of<model::List>().push_back("Some list " + std::to_string(i));
  auto errors = CheckAgainstOrg(desired, org);
  REQUIRE(errors.size() == config::Problems::kShown + 1);
  CHECK(errors.front().where->line == 1);
  CHECK(errors[49].where->line == 50);
  CHECK(errors.back().message == "and 19,950 more problems");
  CHECK_FALSE(errors.back().where);
}

}  // namespace
}  // namespace viasync::workflow
