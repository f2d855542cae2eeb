// Everything an org went through: which object held which values from when to when, and who made it
// so. What the oracles judge by. Counts instants, one per change; knows nothing of viasync.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/resources.h"
#include "engine/sandbox/org.h"

namespace viasync::simulation {

enum class Author { kViasync, kMaria, kNature };  // kNature: it was so from the beginning

struct Object {
  model::Kind kind = model::Kind::kFilter;
  std::string id, key;
  std::int64_t version = 0;
  model::Values values;
};

// One form of one object, for as long as it had it: instants [from, to).
struct Span {
  static constexpr long kStill = std::numeric_limits<long>::max();
  Object object;
  Author author;
  long from = 0, to = kStill;
};

struct Change {
  Author author;
  std::optional<Object> before, after;  // no before: was made; no after: is gone
  const Object& any() const { return after ? *after : *before; }
};

std::string ValueOf(const model::Values& values, std::string_view field);
// Equal by meaning, in one field.
bool SameField(model::Kind kind, std::string_view field, const model::Values& a,
               const model::Values& b);
bool SameValues(model::Kind kind, const model::Values& a, const model::Values& b);

class History {
 public:
  // Notes what is different from the last time. Returns the changes, one per object.
  std::vector<Change> Observe(Author author, const sandbox::Org& org);

  long now() const { return now_; }
  const std::vector<Span>& spans() const { return spans_; }
  std::vector<const Object*> Live(model::Kind kind) const;
  std::vector<const Object*> LiveOfKey(model::Kind kind, const std::string& key) const;

  // True when an object of this key was in a form that `fits`, at `since` or later.
  bool Held(model::Kind kind, const std::string& key, long since,
            const std::function<bool(const Object&)>& fits) const;
  // True when there was no object of this key, at `since` or later.
  bool WasAbsent(model::Kind kind, const std::string& key, long since) const;
  // Who gave the object's field the value it has now (or had last).
  Author AuthorOf(model::Kind kind, const std::string& id, std::string_view field) const;
  // The last instant at which `author` changed or made the object; -1 = never.
  long LastChange(Author author, model::Kind kind, const std::string& id) const;

 private:
  using Id = std::pair<model::Kind, std::string>;
  std::vector<Span> spans_;
  std::map<Id, std::size_t> live_;              // the span of what exists
  std::map<Id, std::pair<Author, long>> gone_;  // who deleted it, and when
  long now_ = 0;
};

}  // namespace viasync::simulation
