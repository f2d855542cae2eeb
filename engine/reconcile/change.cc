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

std::string_view DirectionName(Direction direction) {
  return direction == Direction::kPush ? "push" : "pull";
}

}  // namespace viasync::reconcile
