#include "engine/config/edit/placement.h"

#include <doctest/doctest.h>

#include <string>

namespace viasync::config {
namespace {

TEST_CASE("a resource's file has a name that every system takes, and no two share one") {
  for (const char* plain : {"Late", "a-b_c.1", "console", "COM10", "com", "auxiliary", "null"}) {
    CHECK(SafeFileName(plain) == plain);
  }
  for (const char* odd :
       {"CON", "con", "aux", "Aux.old", "nul", "PRN.x.y",  "COM1", "lpt9", "COM0.a", "ends.", "..",
        ".",   "a/b", "-rf", ".hidden", "a b", "\xc3\xa4", "a:b",  "x?",   "x*",     "a\\b"}) {
    CAPTURE(odd);
    const std::string name = SafeFileName(odd);
    CHECK(name != odd);
    CHECK_FALSE(name.empty());
    CHECK(name.find_first_of("/\\:*?\"<>| .") == (name.find('.')));
    CHECK(std::string(".-").find(name.front()) == std::string::npos);
    CHECK(name.back() != '.');
    const std::string stem = name.substr(0, name.find('.'));
    for (const char* device : {"CON", "con", "aux", "Aux", "nul", "PRN", "COM1", "lpt9", "COM0"}) {
      CHECK(stem != device);
    }
  }
  CHECK(SafeFileName("CON") != SafeFileName("_CON"));
  CHECK(SafeFileName("a b") != SafeFileName("a_b"));
}

}  // namespace
}  // namespace viasync::config
