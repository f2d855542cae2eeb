// A strict sandbox holds requests and its own answers against the API's contract: a request that
// breaks it is a 400 that names the property, an answer that does is a 500 that says why. Faults
// come later and are not looked at: they break the contract on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/sandbox/call.h"

namespace viasync::sandbox {

struct Incoming;

// What broke the contract so far.
struct Breaches {
  std::int64_t requests = 0;
  std::int64_t answers = 0;
  std::vector<std::string> examples;  // the first of them
};

// The 400 for a request that breaks the contract; nullopt: it does not, or is of no operation.
std::optional<Answer> RefuseBreach(const Incoming& incoming, Breaches& breaches);

// `answer`, or the 500 in its place where it breaks the contract.
Answer CheckedAnswer(const Incoming& incoming, Answer answer, Breaches& breaches);

}  // namespace viasync::sandbox
