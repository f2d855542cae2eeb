#include "engine/api/error_body.h"

#include <doctest/doctest.h>

namespace viasync::api {
namespace {

http::Response Body(std::string body, int status = 400) {
  return {.status = status, .headers = {}, .body = std::move(body)};
}

TEST_CASE("all that an error body says is shown, in one printable line") {
  const struct {
    const char *body, *text;
  } cases[] = {
      {R"({"error": {"errors": [{"scope": "filters", "reason": "invalid", "message": "no WHERE"},
           {"scope": "s2", "reason": "r2", "message": "m2"}], "code": 400, "message": "Bad Request"}})",
       "Bad Request; filters: invalid: no WHERE; s2: r2: m2"},
      {R"({"error": {"code": 404, "message": "Not Found"}})", "Not Found (code 404)"},
      {R"({"error": {"code": "E17"}})", "(code E17)"},
      {R"({"error": {"errors": ["plain", 7, {"message": null}, {"reason": "r"}]}})", "plain; r"},
      {R"({"error": "invalid_client", "error_description": "no such client"})",
       "invalid_client: no such client"},
      {R"({"message": "Forbidden"})", "Forbidden"},
      {R"({"strange": 1})", R"({"strange": 1})"},
      {"<html><head><title>Sign in</title>", "a page of HTML (\"Sign in\")"},
      {R"({"error": {"mess)", R"({"error": {"mess)"},
      {"no\nway\x1b[31m", "no\\nway\\x1b[31m"},
      {"", ""},
      {"  \n", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.body);
    CHECK(DescribeBody(Body(c.body), {}) == c.text);
  }
}

TEST_CASE("an endless message is cut, at a whole character") {
  std::string message;
  while (message.size() < 100'000) message += "ä";
  const std::string text = DescribeBody(Body(R"({"error": {"message": ")" + message + "\"}}"), {});
  CHECK(text.size() < 2100);
  CHECK(text.ends_with("ä…"));
}

TEST_CASE("an echoed secret is blotted out, even where the text is cut") {
  const Secrets secrets = {"hunter2-hunter2", "k"};
  CHECK(DescribeBody(Body(R"({"message": "bad secret hunter2-hunter2 ok"})"), secrets) ==
        "bad secret *** ok");
  const std::string echo = std::string(195, 'x') + "hunter2-hunter2";
  CHECK(DescribeBody(Body(echo), secrets).find("hunter") == std::string::npos);
}

TEST_CASE("a body that is nested without end is read by nobody") {
  for (const std::string open : {"[", "{\"error\":", "{\"error\": {\"errors\": ["}) {
    std::string body;
    while (body.size() < 200'000) body += open;
    CHECK(DescribeBody(Body(body), {}).size() < 300);
    CHECK(DescribeBrokenJson(Body(body), {}) == "is nested deeper than 64 levels");
  }
}

TEST_CASE("what is not JSON is named") {
  const struct {
    const char *body, *text;
  } cases[] = {
      {"", "is empty"},
      {" <!doctype html><title> Proxy </title>", "is HTML (\"Proxy\")"},
      {R"({"filters": [{"id": )", "is cut off after 20 bytes"},
      {"oops", "is not JSON at byte 1: oops"},
      {"{\"a\": \"\xff\"}", "is not JSON at byte 8: {\"a\": \"\\xff\"}"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.body);
    CHECK(DescribeBrokenJson(Body(c.body), {}) == c.text);
  }
}

}  // namespace
}  // namespace viasync::api
