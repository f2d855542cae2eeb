// The faults of the server, decided per request. The fault model:
//   delay         waits delay_ms, then goes on as if nothing were
//   status        answers `status` (with Retry-After where given); nothing is carried out unless
//                 carry_out says so
//   reset         the connection is reset before the request is looked at
//   lose          the request is carried out, then the connection is closed without a byte
//   stall         nothing is carried out and nothing is answered until the client gives up
//   html          the request is carried out, the answer is an HTML page with status 200
//   cut           … a JSON text that ends in the middle, complete as HTTP
//   cut_transfer  … the connection is closed in the middle of the body
//   wrong_type    … every property of the answer has another type
//   endless       … a body that never ends
//   total         … totalItems counts the items of the page, is 3 short, is zero, or is left out
//   first_page    whatever startIndex says, the first page comes
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/sandbox/sandbox_options.h"

namespace viasync::sandbox {

// What a command line writes: `METHOD PATH ACTION [KEY=VALUE]…`, for instance
// `PUT */filters/* lose after=3 times=1` or `* *exclusions* status=429 every=10`. The keys are the
// members of FaultRule; `status=N`, `delay=MS` and `total=page` stand for action and value at once.
base::Result<FaultRule> ParseFault(std::string_view text);

// What is wrong with a rule; "" = nothing.
std::string FaultProblem(const FaultRule& rule);

class Faults {
 public:
  void Add(FaultRule rule);
  void Clear();
  // The fault that strikes this request: of the first rule that fires. Thread-safe.
  std::optional<FaultRule> Strike(const std::string& method, const std::string& path);
  // [{"action": …, "method": …, "path": …, "matched": N, "struck": N}, …]
  std::string Counts() const;

 private:
  struct Counted {
    FaultRule rule;
    std::int64_t matched = 0;
    std::int64_t struck = 0;
    std::uint64_t chance;  // state of the rule's own generator, so that a seed repeats a run
  };
  static bool Fires(Counted& counted);

  mutable std::mutex mutex_;
  std::vector<Counted> rules_;
};

// The answer of a collection with another `totalItems` (see FaultRule::total).
std::string WithOtherTotal(const std::string& body, std::string_view total);

// `body` with every property at its top given another type, so that a client must notice.
std::string WithWrongTypes(const std::string& body);

}  // namespace viasync::sandbox
