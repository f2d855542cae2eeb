#include "engine/api/encoding.h"

#include <doctest/doctest.h>

namespace viasync::api {
namespace {

TEST_CASE("base64 follows RFC 4648") {
  CHECK(Base64("") == "");
  CHECK(Base64("f") == "Zg==");
  CHECK(Base64("fo") == "Zm8=");
  CHECK(Base64("foo") == "Zm9v");
  CHECK(Base64("foobar") == "Zm9vYmFy");
  CHECK(Base64("\xff\xfe\xfd") == "//79");
}

TEST_CASE("nothing in a value can end it, its path segment or the query") {
  CHECK(PercentEncode("Az09-._~") == "Az09-._~");
  CHECK(PercentEncode("a/b?c&d=e#f%+ é") == "a%2Fb%3Fc%26d%3De%23f%25%2B%20%C3%A9");
  CHECK(EncodePairs({{"a", "1 2"}, {"b", "x&y=z"}}) == "a=1%202&b=x%26y%3Dz");
}

TEST_CASE("a header carries visible ASCII only") {
  CHECK(FitsHeader("abc-123 ~"));
  CHECK_FALSE(FitsHeader("a\r\nX: y"));
  CHECK_FALSE(FitsHeader("caf\xc3\xa9"));
}

}  // namespace
}  // namespace viasync::api
