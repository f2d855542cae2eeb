#include "tests/simulation/history.h"

#include <algorithm>

#include "engine/base/times.h"
#include "engine/model/fields.h"

namespace viasync::simulation {
namespace {

using model::Kind;

Object Described(const sandbox::Org& org, const sandbox::Filter& filter) {
  const auto* schema = org.schemas.Find(filter.schema_id);
  model::Filter value{filter.name, filter.description, schema ? schema->name : "", filter.criteria};
  return {Kind::kFilter, filter.id, KeyOf(value), filter.version, model::ValuesOf(value)};
}

Object Described(const sandbox::Org&, const sandbox::Exclusion& exclusion) {
  model::Exclusion value{.type = static_cast<model::ContactType>(exclusion.contact_type),
                         .address = exclusion.address,
                         .list = exclusion.list_name,
                         .reason = exclusion.reason,
                         .start = exclusion.start,
                         .end = exclusion.end};
  return {Kind::kExclusion, std::to_string(exclusion.id), KeyOf(value), exclusion.version,
          model::ValuesOf(value)};
}

Object Described(const sandbox::Org&, const sandbox::ContactList& list) {
  model::List value{.name = list.name, .filter = list.filter_name};
  return {Kind::kList, std::to_string(list.id), KeyOf(value), list.version, model::ValuesOf(value)};
}

template <class R>
bool SameFieldOf(std::string_view name, const model::Values& a, const model::Values& b) {
  auto left = model::FromValues<R>(a), right = model::FromValues<R>(b);
  if (!left || !right) return false;
  for (const auto& field : model::Fields<R>()) {
    if (field.name == name || name.empty()) {
      if (!field.same(*left, *right)) return false;
    }
  }
  return true;
}

bool Same(Kind kind, std::string_view field, const model::Values& a, const model::Values& b) {
  switch (kind) {
    case Kind::kFilter:
      return SameFieldOf<model::Filter>(field, a, b);
    case Kind::kExclusion:
      return SameFieldOf<model::Exclusion>(field, a, b);
    case Kind::kList:
      return SameFieldOf<model::List>(field, a, b);
  }
  return false;
}

}  // namespace

std::string ValueOf(const model::Values& values, std::string_view field) {
  auto found = std::ranges::find(values, field, &std::pair<std::string, std::string>::first);
  return found == values.end() ? "" : found->second;
}

bool SameField(Kind kind, std::string_view field, const model::Values& a, const model::Values& b) {
  return Same(kind, field, a, b);
}

bool SameValues(Kind kind, const model::Values& a, const model::Values& b) {
  return Same(kind, "", a, b);
}

std::vector<Change> History::Observe(Author author, const sandbox::Org& org) {
  std::map<Id, Object> seen;
  auto take = [&](const auto& table) {
    for (const auto* record : table.order()) {
      Object object = Described(org, *record);
      seen.emplace(Id{object.kind, object.id}, std::move(object));
    }
  };
  take(org.filters), take(org.exclusions), take(org.lists);

  std::vector<Change> changes;
  const long next = now_ + 1;
  for (auto it = live_.begin(); it != live_.end();) {
    if (seen.contains(it->first)) {
      ++it;
      continue;
    }
    spans_[it->second].to = next;
    gone_[it->first] = {author, next};
    changes.push_back({author, spans_[it->second].object, std::nullopt});
    it = live_.erase(it);
  }
  for (auto& [id, object] : seen) {
    auto live = live_.find(id);
    std::optional<Object> before;
    if (live != live_.end()) {
      if (spans_[live->second].object.version == object.version) continue;
      before = spans_[live->second].object;
      spans_[live->second].to = next;
    }
    live_[id] = spans_.size();
    spans_.push_back({object, author, next});
    changes.push_back({author, std::move(before), std::move(object)});
  }
  if (!changes.empty()) now_ = next;
  return changes;
}

std::vector<const Object*> History::Live(Kind kind) const {
  std::vector<const Object*> objects;
  for (const auto& [id, span] : live_) {
    if (id.first == kind) objects.push_back(&spans_[span].object);
  }
  return objects;
}

std::vector<const Object*> History::LiveOfKey(Kind kind, const std::string& key) const {
  auto objects = Live(kind);
  std::erase_if(objects, [&](const Object* object) { return object->key != key; });
  return objects;
}

bool History::Held(Kind kind, const std::string& key, long since,
                   const std::function<bool(const Object&)>& fits) const {
  return std::ranges::any_of(spans_, [&](const Span& span) {
    return span.object.kind == kind && span.object.key == key && span.to > since &&
           fits(span.object);
  });
}

bool History::WasAbsent(Kind kind, const std::string& key, long since) const {
  auto absent_at = [&](long instant) {
    return std::ranges::none_of(spans_, [&](const Span& span) {
      return span.object.kind == kind && span.object.key == key && span.from <= instant &&
             instant < span.to;
    });
  };
  for (long instant = since; instant <= now_; ++instant) {
    if (absent_at(instant)) return true;
  }
  return false;
}

Author History::AuthorOf(Kind kind, const std::string& id, std::string_view field) const {
  const Span* newer = nullptr;
  for (auto span = spans_.rbegin(); span != spans_.rend(); ++span) {
    if (span->object.kind != kind || span->object.id != id) continue;
    if (newer && !SameField(kind, field, span->object.values, newer->object.values)) break;
    newer = &*span;
  }
  return newer ? newer->author : Author::kNature;
}

long History::LastChange(Author author, Kind kind, const std::string& id) const {
  if (auto gone = gone_.find({kind, id}); gone != gone_.end() && gone->second.first == author) {
    return gone->second.second;
  }
  for (auto span = spans_.rbegin(); span != spans_.rend(); ++span) {
    if (span->object.kind == kind && span->object.id == id && span->author == author) {
      return span->from;
    }
  }
  return -1;
}

}  // namespace viasync::simulation
