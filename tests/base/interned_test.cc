#include "engine/base/interned.h"

#include <doctest/doctest.h>

#include <string>

namespace viasync::base {
namespace {

TEST_CASE("equal texts share one string, which stays where it is") {
  Interned first("ContactList1");
  const std::string* address = &first.str();
  for (int i = 0; i < 10'000; ++i) Interned("other " + std::to_string(i));
  CHECK(&Interned(std::string("ContactList1")).str() == address);
  CHECK(*address == "ContactList1");
}

TEST_CASE("the default is the empty text") {
  CHECK(Interned().empty());
  CHECK(Interned() == Interned(""));
  CHECK(Interned().str().empty());
}

TEST_CASE("order and equality are those of the texts") {
  CHECK(Interned("a") < Interned("b"));
  CHECK(Interned("b") > Interned("a"));
  CHECK(Interned("a") == Interned(std::string("a")));
  CHECK(Interned("a") != Interned("A"));
  CHECK(Interned(std::string_view("a\0b", 3)) != Interned("a"));
}

}  // namespace
}  // namespace viasync::base
