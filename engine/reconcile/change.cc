#include "engine/reconcile/change.h"

namespace viasync::reconcile {

std::string_view ActionName(Action action) {
  switch (action) {
    case Action::kCreate:
      return "create";
    case Action::kUpdate:
      return "update";
    case Action::kDelete:
      return "delete";
  }
  return {};
}

std::optional<Action> ParseAction(std::string_view name) {
  for (Action action : kActions) {
    if (ActionName(action) == name) return action;
  }
  return std::nullopt;
}

std::string_view DirectionName(Direction direction) {
  return direction == Direction::kPush ? "push" : "pull";
}

}  // namespace viasync::reconcile
