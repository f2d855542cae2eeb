// Transport: one HTTP exchange in, an answer or a network failure out; and waiting. The port behind
// which curl, and in tests a simulated org with a virtual clock, do the same work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/base/send_gate.h"
#include "engine/http/address.h"
#include "engine/http/group.h"
#include "engine/http/task.h"

namespace viasync::http {

enum class Method { kGet, kPost, kPut, kPatch, kDelete };
std::string_view MethodName(Method method);

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Response {
  int status = 0;
  Headers headers;  // names in lower case
  std::string body;
  std::string peer{};  // the address that answered; empty = not known, or a proxy's
};

// A body that is too large for memory, as it is sent. Read once, from its start to its end.
class BodySource {
 public:
  virtual ~BodySource() = default;
  virtual std::uint64_t size() = 0;
  // Puts the next bytes into `buffer`; 0 = the end. An error ends the exchange.
  virtual base::Result<std::size_t> Read(char* buffer, std::size_t size) = 0;
};

// Takes the body of an answer as it arrives.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // The head of the answer, before the first byte; only where its status is 2xx. The body of any
  // other answer goes into Response::body. An error ends the exchange.
  virtual base::Result<void> Begin(const Response& head) = 0;
  virtual base::Result<void> Write(std::string_view bytes) = 0;
};

struct Request {
  Method method = Method::kGet;
  std::string url;
  Headers headers;
  std::string body;
  std::size_t response_bytes_max = 64u << 20;
  bool answer_is_secret = false;  // no error quotes its body
  // Nothing nearer is connected to: for a URL that somebody else chose. A proxy is the user's
  // choice.
  Reach nearest = Reach::kLoopback;
  // For bodies that stream. Such an exchange may take any time as long as bytes flow, and what
  // `source` or `sink` failed with is its error. Not for Client::Send: a stream cannot be repeated.
  std::shared_ptr<BodySource> source{};  // with PUT or POST, instead of `body`
  std::shared_ptr<BodySink> sink{};
};

// The value of a header, by its lower-case name; empty = absent.
std::string_view HeaderOf(const Response& response, std::string_view name);

class Transport {
 public:
  virtual ~Transport() = default;

  // Starts an exchange. `done` is called once, later, from Drive(); any status is an answer.
  // Errors: kNetwork = the request surely did not reach the server (name, connect, TLS);
  // kInvalid = not sent and never will be (malformed URL, CA file, certificate not trusted);
  // kUnknown = it may have been carried out (lost answer, reset, time-out);
  // kProtocol = an answer that is too large or no HTTP: it may have been carried out as well.
  // A write is never sent twice.
  virtual void Start(Request request, std::function<void(base::Result<Response>)> done) = 0;

  // Calls `done` from Drive() when `wait` has passed.
  virtual void After(base::Millis wait, std::function<void()> done) = 0;

  // Waits for something to happen and delivers it, or returns true after 200 ms (at once on a
  // signal) so that the caller can look at its StopFlag. False: nothing is outstanding.
  virtual bool Drive() = 0;

  // From now on nothing is sent without leave of `gate`, asked again in the moment in which bytes
  // would leave, and no exchange outlives its deadline; a stream that sends is cut off where the
  // gate closes. Null: no gate. Requires: nothing is outstanding.
  virtual void Guard(std::shared_ptr<base::SendGate> gate) = 0;

  virtual base::Clock& clock() = 0;
};

// The same two as awaitables.
inline auto Exchange(Transport& transport, Request request) {
  return Callback<base::Result<Response>>(
      [&transport, request = std::move(request)](auto done) mutable {
        transport.Start(std::move(request), std::move(done));
      });
}
Task<void> Sleep(Transport& transport, base::Millis wait);

// Drives the transport until `task` has ended and returns its value.
template <class T>
T Run(Transport& transport, Task<T> task) {
  std::optional<T> result;
  [](Task<T> inner, std::optional<T>& out) -> internal::Detached {
    out.emplace(co_await std::move(inner));
  }(std::move(task), result);
  while (!result) {
    if (!transport.Drive()) std::abort();  // a task that waits for nothing: a programmer's error
  }
  return std::move(*result);
}

inline void Run(Transport& transport, Task<void> task) {
  auto ended = [](Task<void> inner) -> Task<bool> {
    co_await std::move(inner);
    co_return true;
  };
  Run(transport, ended(std::move(task)));
}

}  // namespace viasync::http
