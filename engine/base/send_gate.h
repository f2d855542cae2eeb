// SendGate: asked right before anything leaves for an org. Whoever shares an environment with others
// holds a lease on it, and lets nothing out that might still be under way when the lease ends.
#pragma once

#include "engine/base/ports.h"
#include "engine/base/result.h"

namespace viasync::base {

class SendGate {
 public:
  enum class Leave {
    kGo,
    kWait,   // not now; ask again soon
    kNever,  // not any more: Why() says why
  };

  virtual ~SendGate() = default;

  // Any thread may call these.
  virtual Leave Ask() = 0;
  // After kNever. kLeaseLost.
  virtual Error Why() = 0;
  // Something that was sent got no answer and was cut off: bytes of it may be under way for
  // another linger().
  virtual void CutOff() = 0;

  // A request that left is cut off after this.
  virtual Millis deadline() const = 0;
  // For so long the kernel may go on sending what was cut off.
  virtual Millis linger() const = 0;
};

}  // namespace viasync::base
