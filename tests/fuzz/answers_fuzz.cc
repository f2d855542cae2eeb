// Any bytes as the body that the org answers to everything: values, or an error that can be shown.
// The first byte chooses the call.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/api/jobs.h"
#include "engine/api/operations.h"
#include "engine/api/reference_data.h"
#include "engine/api/resources.h"
#include "engine/base/strings.h"
#include "tests/fakes/sim_transport.h"

namespace {

using namespace viasync;

class Zero : public base::Random {
 public:
  std::uint64_t Next() override { return 0; }
};

struct World {
  explicit World(std::string body)
      : transport(clock, [this, body = std::move(body)](const http::Request& request) {
          if (request.url.ends_with("/token")) {
            return fakes::Answer(200, R"({"access_token": "the-token-of-it"})");
          }
          if (++calls > 200) return fakes::Answer(400, "enough");
          return fakes::Answer(calls % 7 == 6 ? 400 : 200, body);
        }) {}

  template <class T>
  void Check(api::Call<T> call) {
    const base::Result<T> answer = http::Run(transport, std::move(call));
    if (answer) return;
    const auto& message = answer.error().message;
    if (message.empty() || message.size() > 8000 || base::Printable(message) != message ||
        message.find("the-hidden-secret") != std::string::npos) {
      std::abort();
    }
  }

  int calls = 0;
  Zero random;
  fakes::VirtualClock clock;
  fakes::SimTransport transport;
  http::Client client{transport, random, {}};
  api::Session session{client,
                       {"acme", "https://a.test", "https://a.test/token", "/exclusions"},
                       {"client", "the-hidden-secret", "the-hidden-key"}};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  World world(std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  auto& session = world.session;
  const api::Schemas schemas;
  switch (data[0] % 8) {
    case 0:
      world.Check(api::Collection<model::Filter>({session, schemas}));
      break;
    case 1:
      world.Check(api::Collection<model::Exclusion>(session));
      break;
    case 2:
      world.Check(api::Calls<model::Exclusion>::Get(session, "7"));
      break;
    case 3:
      world.Check(api::Collection<model::List>(session));
      break;
    case 4:
      world.Check(api::ListSchemas(session));
      break;
    case 5:
      world.Check(api::Calls<model::List>::Get(session, "7"));
      break;
    case 6:
      world.Check(api::Calls<model::Exclusion>::Create(session, {}));
      break;
    default:
      world.Check(api::Calls<model::Filter>::Update({session, schemas}, "7", 1, {}));
  }
  return 0;
}
