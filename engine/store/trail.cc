#include "engine/store/trail.h"

#include "engine/store/codec.h"
#include "engine/store/lease.h"

namespace viasync::store {
namespace {

// Each text with its length in front, so that no two events are spelt alike.
void Add(std::string& content, std::string_view text) {
  content += std::to_string(text.size());
  content += ':';
  content += text;
}

void Add(std::string& content, std::optional<base::UtcTime> at) {
  Add(content, at ? std::to_string(at->time_since_epoch().count()) : std::string());
}

}  // namespace

std::string EventHash(std::string_view before, const Event& event) {
  std::string content;
  Add(content, event.at);
  for (const std::string& text : {event.run, event.user, event.commit, event.job, event.what}) {
    Add(content, text);
  }
  Add(content, std::to_string(KindNumber(event.kind)));
  Add(content, event.key);
  Add(content, event.action);
  Add(content, EncodeValues(event.key, event.before));
  Add(content, EncodeValues(event.key, event.after));
  Add(content, event.org.user);
  Add(content, event.org.at);
  Add(content, std::to_string(event.version));
  return NextLink(before, content);
}

std::optional<TrailFault> CheckTrail(std::span<const Event> events, std::string_view head) {
  std::string last;
  for (const Event& event : events) {
    if (event.hash.empty()) {
      if (last.empty()) continue;
      return TrailFault{&event, "has no place in the chain"};
    }
    if (event.hash != EventHash(last, event)) {
      return TrailFault{&event, "was changed, or what stood before it was removed or moved"};
    }
    last = event.hash;
  }
  if (last == head) return std::nullopt;
  return TrailFault{nullptr, last.empty() && !events.empty()
                                 ? "every event lost its place in the chain"
                                 : "events at the end were removed"};
}

}  // namespace viasync::store
