// One org in memory: its resources, their order, and the counters of ids and versions. It keeps
// records and nothing more: which requests are allowed is decided in filters/exclusions/lists.cc.
// Not thread-safe: World holds the lock.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/sandbox/bulk.h"
#include "engine/sandbox/operations_visit.h"
#include "engine/sandbox/records.h"

namespace viasync::sandbox {

// Records of one kind, in the order in which they were added, so that a page costs its own length
// and not that of the table.
template <class R>
class Table {
 public:
  using Id = decltype(R::id);

  std::size_t size() const { return order_.size(); }
  const std::vector<const R*>& order() const { return order_; }

  const R* Find(const Id& id) const {
    auto it = records_.find(id);
    return it == records_.end() ? nullptr : it->second.get();
  }

  // All records of this name or address (IndexKey), in no particular order.
  std::vector<const R*> FindByKey(const std::string& key) const {
    std::vector<const R*> found;
    auto [first, last] = by_key_.equal_range(key);
    for (; first != last; ++first) found.push_back(first->second);
    return found;
  }
  // The first of them; nullptr: none.
  const R* FindOne(const std::string& key) const {
    auto it = by_key_.find(key);
    return it == by_key_.end() ? nullptr : it->second;
  }

  // Requires: no record of this id.
  const R& Add(R record) {
    auto owned = std::make_unique<R>(std::move(record));
    const R* kept = owned.get();
    records_.emplace(kept->id, std::move(owned));
    order_.push_back(kept);
    by_key_.emplace(IndexKey(*kept), kept);
    return *kept;
  }

  // Requires: a record of this id; it keeps its place.
  const R& Replace(R record) {
    R& kept = *records_.at(record.id);
    Unindex(kept);
    kept = std::move(record);
    by_key_.emplace(IndexKey(kept), &kept);
    return kept;
  }

  void Erase(const Id& id) {
    auto it = records_.find(id);
    if (it == records_.end()) return;
    Unindex(*it->second);
    order_.erase(std::find(order_.begin(), order_.end(), it->second.get()));
    records_.erase(it);
  }

 private:
  void Unindex(const R& record) {
    auto [first, last] = by_key_.equal_range(IndexKey(record));
    by_key_.erase(std::find_if(first, last, [&](auto& e) { return e.second == &record; }));
  }

  std::unordered_map<Id, std::unique_ptr<R>> records_;
  std::vector<const R*> order_;
  std::unordered_multimap<std::string, const R*> by_key_;
};

struct Org {
  std::string name;
  std::string client_id;
  std::string client_secret;
  std::string api_key;
  Table<Schema> schemas;
  Table<Filter> filters;
  Table<ContactList> lists;
  Table<Exclusion> exclusions;
  Bulk bulk;
  Table<Strategy> strategies;
  Table<Prospect> prospects;
  Table<FastPathRecord> fast_path;
  Table<CallAttempt> attempts;
  Table<Callback> callbacks;
  Table<Script> scripts;
  Table<Purpose> purposes;
  Table<Geocode> geocodes;
  Table<Disposition> dispositions;
  Table<NumberType> number_types;

  // The attempt tracker: more attempts on one phone or customer in so many seconds forbid the next
  // one. 0 = no limit.
  std::int64_t attempts_max = 0;
  std::int64_t attempts_window_s = 86'400;

  // A version no record of this org has had: larger than all before, but not always by one (the
  // reading of notes on versions), so that a client cannot count on it.
  std::int64_t NextVersion();
  // An id no record of this org has had.
  std::int64_t NextId() { return ++last_id; }
  // The name of a list that uses the filter; nullptr: none does.
  const ContactList* ListUsing(const std::string& filter_name) const;
  // Lists keep their filter when it gets another name (assumed); their versions move with it.
  void RenameFilter(const std::string& old_name, const std::string& new_name);
  // Another exclusion than `except_id` of the same type, address, list and times; nullptr: none.
  const Exclusion* EqualExclusion(const Exclusion& wanted, std::int64_t except_id) const;

  std::int64_t last_id = 0;
  std::int64_t last_version = 0;
};

// The tables of an org by their names in the state, those that others refer to first.
template <class O, class F>
void VisitTables(O& org, F visit) {
  visit("schemas", org.schemas);
  visit("filters", org.filters);
  visit("lists", org.lists);
  visit("exclusions", org.exclusions);
  visit("strategies", org.strategies);
  visit("prospects", org.prospects);
  visit("fastPathRecords", org.fast_path);
  visit("callAttempts", org.attempts);
  visit("callbacks", org.callbacks);
  visit("automationScripts", org.scripts);
  visit("purposes", org.purposes);
  visit("geocodeTemplates", org.geocodes);
  visit("dispositions", org.dispositions);
  visit("numberTypes", org.number_types);
}

}  // namespace viasync::sandbox
