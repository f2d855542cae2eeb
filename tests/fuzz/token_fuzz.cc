// Any bytes as what the token service answers: the first byte is the status, the first line the
// Retry-After header, the rest the body. A token, or an error without a secret; never a hang.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/api/session.h"
#include "engine/base/redact.h"
#include "engine/base/strings.h"
#include "engine/http/backoff.h"
#include "tests/fakes/sim_transport.h"

namespace {

using namespace viasync;

class Zero : public base::Random {
 public:
  std::uint64_t Next() override { return 0; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr int kStatuses[] = {200, 201, 302, 400, 401, 404, 429, 503};
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t line_end = std::min(text.find('\n'), text.size());
  const std::string retry_after(text.substr(0, line_end));
  const std::string body(text.substr(std::min(line_end + 1, text.size())));
  const auto wait = http::ParseRetryAfter(retry_after, base::UtcTime{});
  if (wait && (wait->count() < 0 || *wait > std::chrono::hours(366 * 24))) std::abort();
  Zero random;
  fakes::VirtualClock clock;
  int calls = 0;
  fakes::SimTransport transport(clock, [&](const http::Request& request) {
    if (++calls > 1000) std::abort();
    if (!request.url.ends_with("/token")) return fakes::Answer(200, "{}");
    return fakes::Answer(kStatuses[data[0] % 8], body, base::Millis(50),
                         {{"content-type", "application/json"}, {"retry-after", retry_after}});
  });
  http::Client client(transport, random, {});
  api::Session session(client, {"acme", "https://a.test", "https://a.test/token", "/exclusions"},
                       {"client", "the-hidden-secret", "the-hidden-key"});
  const auto answer = http::Run(transport, session.Get("/via/x"));
  if (answer) return 0;
  const auto& error = answer.error();
  const base::Redactor secrets{"the-hidden-secret", "the-hidden-key"};
  if (error.message.empty() || base::Printable(error.message) != error.message ||
      secrets.FoundIn(error.message + error.hint)) {
    std::abort();
  }
  return 0;
}
