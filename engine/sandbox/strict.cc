#include "engine/sandbox/strict.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/contract/contract.h"
#include "engine/sandbox/world.h"

namespace viasync::sandbox {
namespace {

constexpr std::size_t kExamplesMax = 20;

void Note(Breaches& breaches, const Incoming& incoming, const std::string& what) {
  if (breaches.examples.size() >= kExamplesMax) return;
  breaches.examples.push_back(
      base::Printable(fmt::format("{} {}: {}", incoming.method, incoming.path, what)));
}

}  // namespace

std::optional<Answer> RefuseBreach(const Incoming& incoming, Breaches& breaches) {
  auto match = contract::MatchRequest(incoming.method, incoming.path);
  if (!match) return std::nullopt;
  auto problems = contract::CheckPath(*match);
  std::ranges::move(contract::CheckQuery(*match->operation, incoming.params),
                    std::back_inserter(problems));
  std::ranges::move(contract::CheckBody(*match->operation, incoming.content_type, incoming.body),
                    std::back_inserter(problems));
  if (problems.empty()) return std::nullopt;
  ++breaches.requests;
  Note(breaches, incoming, contract::Describe(problems));
  Problems told;
  for (const auto& problem : problems) {
    told.push_back(
        {problem.pointer.empty() ? problem.name : problem.pointer, "contract", problem.message});
  }
  return ErrorAnswer(400, told);
}

Answer CheckedAnswer(const Incoming& incoming, Answer answer, Breaches& breaches) {
  auto match = contract::MatchRequest(incoming.method, incoming.path);
  if (!match) return answer;
  auto problems = contract::CheckAnswer(*match->operation, answer.status, answer.body);
  if (problems.empty()) return answer;
  ++breaches.answers;
  const std::string what = fmt::format("its answer {} breaks the contract: {}", answer.status,
                                       contract::Describe(problems));
  Note(breaches, incoming, what);
  Answer broken = ErrorAnswer(500, match->operation->id, "contract", what);
  broken.wrote = answer.wrote;
  return broken;
}

}  // namespace viasync::sandbox
