// The gate in front of an org: what leaves, what waits, and what is cut off.
#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/http/curl_transport.h"
#include "tests/http/raw_server.h"

namespace viasync::http {
namespace {

using base::ErrorKind;
using base::Millis;
using Leave = base::SendGate::Leave;

// Answers as it was told, the last answer for good.
struct Script final : base::SendGate {
  explicit Script(std::vector<Leave> given) : answers(std::move(given)) {}
  Leave Ask() override {
    const std::size_t at = asked < answers.size() ? asked : answers.size() - 1;
    ++asked;
    return answers[at];
  }
  base::Error Why() override { return {ErrorKind::kLeaseLost, "somebody has it", ""}; }
  void CutOff() override { ++cut_off; }
  Millis deadline() const override { return Millis(300); }
  Millis linger() const override { return Millis(200); }

  std::vector<Leave> answers;
  std::size_t asked = 0;
  int cut_off = 0;
};

Task<base::Result<Response>> SendOne(Transport& transport, Request request) {
  auto exchange = Exchange(transport, std::move(request));
  co_return co_await exchange;
}

struct World {
  explicit World(std::vector<Leave> answers, RawServer::Reply reply = {.bytes = Http200("{}")})
      : server([reply](const std::string&, int) { return reply; }),
        gate(std::make_shared<Script>(std::move(answers))) {
    transport->Guard(gate);
  }
  base::Result<Response> Send(Method method) {
    return Run(*transport, SendOne(*transport, {.method = method,
                                                .url = server.Url("/x"),
                                                .body = method == Method::kGet ? "" : "{}"}));
  }
  RawServer server;
  std::shared_ptr<Script> gate;
  std::unique_ptr<Transport> transport = MakeCurlTransport({});
};

TEST_CASE("what is asked for while the gate is closed leaves when it opens") {
  World world({Leave::kWait, Leave::kWait, Leave::kGo});
  CHECK(world.Send(Method::kPost).has_value());
  CHECK(world.server.requests().size() == 1);
}

TEST_CASE("once the lease is lost nothing leaves, and the error says why") {
  World world({Leave::kNever});
  for (Method method : {Method::kGet, Method::kPost, Method::kPut, Method::kDelete}) {
    auto sent = world.Send(method);
    REQUIRE_FALSE(sent);
    CHECK(sent.error().kind == ErrorKind::kLeaseLost);
    CHECK(sent.error().message == "somebody has it");
  }
  CHECK(world.server.requests().empty());
}

// As when the process is stopped between the two, for longer than its lease.
TEST_CASE("what was let in is asked for again in the moment in which bytes would leave") {
  for (const Leave later : {Leave::kNever, Leave::kWait}) {
    World world({Leave::kGo, later});
    auto sent = world.Send(Method::kPost);
    REQUIRE_FALSE(sent);
    // A client may repeat the one, since it surely was not sent; the other is for good.
    CHECK(sent.error().kind ==
          (later == Leave::kNever ? ErrorKind::kLeaseLost : ErrorKind::kNetwork));
    CHECK(world.server.requests().empty());
  }
}

TEST_CASE("on a connection that is used again, too") {
  World world({Leave::kGo, Leave::kGo, Leave::kGo, Leave::kNever});
  CHECK(world.Send(Method::kPost).has_value());
  auto sent = world.Send(Method::kPost);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().kind == ErrorKind::kLeaseLost);
  CHECK(world.server.requests().size() == 1);
}

TEST_CASE("a request without an answer is cut off at its deadline, and the gate hears of it") {
  World world({Leave::kGo}, {.bytes = ""});
  const auto begun = world.transport->clock().Steady();
  auto sent = world.Send(Method::kPost);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().kind == ErrorKind::kUnknown);
  CHECK(world.transport->clock().Steady() - begun < Millis(5'000));
  CHECK(world.gate->cut_off == 1);
}

}  // namespace
}  // namespace viasync::http
