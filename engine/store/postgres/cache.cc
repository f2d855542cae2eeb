#include "engine/store/postgres/cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/store/detail_codec.h"
#include "engine/store/sqlite_db.h"

namespace viasync::store {
namespace {

using base::Result;

constexpr std::int64_t kPage = 20'000;  // entries that are read at once

// All of it is read when something is asked for: one question an entry would be a way through the
// network each.
class PostgresCache final : public DetailCache {
 public:
  PostgresCache(std::shared_ptr<PostgresCore> core, std::string origin)
      : core_(std::move(core)), origin_(std::move(origin)) {}

  Result<std::optional<base::UtcTime>> AsOf() override;
  Result<std::size_t> Count() override;
  Result<std::vector<LastModified>> Newest(std::size_t limit) override;
  Result<std::optional<RemoteExclusion>> Find(const std::string& id) override;
  Result<void> Save(const CacheUpdate& update) override;
  Result<std::optional<KnownRate>> Rate() override;
  Result<void> KeepRate(const KnownRate& rate) override;

  Result<void> Load();

 private:
  struct Entry {
    std::optional<std::int64_t> modified;
    std::string record;
  };
  std::string Saving(const CacheUpdate& update) const;

  std::shared_ptr<PostgresCore> core_;
  const std::string origin_;
  bool loaded_ = false;
  std::int64_t generation_ = 0;  // as it was read; 0: there is none of this origin
  std::optional<base::UtcTime> as_of_;
  std::unordered_map<std::string, Entry> entries_;
};

Result<void> PostgresCache::Load() {
  if (loaded_) return {};
  auto head = core_->Read(
      "SELECT as_of, generation FROM {s}.cache WHERE env = $1::bigint AND origin = $2::bytea",
      {core_->env, origin_});
  if (!head) return base::Fail(std::move(head.error()));
  loaded_ = true;
  if (head->size() == 0) return {};
  as_of_ = FromMs(head->Int(0, 0));
  generation_ = head->Int(0, 1);
  std::string last;
  for (bool first = true;; first = false) {
    auto rows = core_->Read(
        "SELECT id, modified, record FROM {s}.cache_entry WHERE env = $1::bigint AND ($2::boolean "
        "OR id > $3::bytea) ORDER BY id LIMIT $4::bigint",
        {core_->env, std::string_view(first ? "\1" : "\0", 1), last, kPage});
    if (!rows) return base::Fail(std::move(rows.error()));
    for (int i = 0; i < rows->size(); ++i) {
      last = rows->Bytes(i, 0);
      entries_[last] = {rows->MaybeInt(i, 1), rows->Bytes(i, 2)};
    }
    if (rows->size() < kPage) break;
  }
  // Another run saved between two pages: what was read may be of two states.
  auto again = core_->Read("SELECT generation FROM {s}.cache WHERE env = $1::bigint", {core_->env});
  if (!again) return base::Fail(std::move(again.error()));
  if (again->size() == 1 && again->Int(0, 0) == generation_) return {};
  entries_.clear();
  as_of_.reset();
  return {};
}

Result<std::optional<base::UtcTime>> PostgresCache::AsOf() {
  if (auto loaded = Load(); !loaded) return base::Fail(std::move(loaded.error()));
  return as_of_;
}

Result<std::size_t> PostgresCache::Count() {
  if (auto loaded = Load(); !loaded) return base::Fail(std::move(loaded.error()));
  return entries_.size();
}

Result<std::vector<LastModified>> PostgresCache::Newest(std::size_t limit) {
  if (auto loaded = Load(); !loaded) return base::Fail(std::move(loaded.error()));
  std::vector<LastModified> newest;
  for (const auto& [id, entry] : entries_) {
    if (entry.modified) newest.push_back({id, FromMs(*entry.modified)});
  }
  const auto count = std::min(limit, newest.size());
  std::ranges::partial_sort(newest, newest.begin() + static_cast<std::ptrdiff_t>(count),
                            std::ranges::greater(), &LastModified::at);
  newest.resize(count);
  return newest;
}

Result<std::optional<RemoteExclusion>> PostgresCache::Find(const std::string& id) {
  if (auto loaded = Load(); !loaded) return base::Fail(std::move(loaded.error()));
  auto found = entries_.find(id);
  if (found == entries_.end()) return std::nullopt;
  auto exclusion = DecodeDetail(id, found->second.record);
  if (exclusion) return exclusion;
  return base::Fail(core_->DamagedRow("cache", id));
}

// The statements behind the one that claims the next generation; it ends the transaction where
// another run saved since.
std::string PostgresCache::Saving(const CacheUpdate& update) const {
  const bool anew = update.anew || generation_ == 0;
  std::string claim = generation_ == 0
                          ? fmt::format(
                                "INSERT INTO {{s}}.cache AS c(env, origin, as_of, "
                                "generation) VALUES ({0}, {1}, {2}, 1) ON CONFLICT (env) DO "
                                "UPDATE SET origin = excluded.origin, as_of = "
                                "excluded.as_of, generation = c.generation + 1 WHERE "
                                "c.origin IS DISTINCT FROM excluded.origin RETURNING 1",
                                core_->env, Literal(origin_), Ms(update.as_of))
                          : fmt::format(
                                "UPDATE {{s}}.cache SET as_of = {}, generation = "
                                "generation + 1 WHERE env = {} AND origin = {} AND "
                                "generation = {} RETURNING 1",
                                Ms(update.as_of), core_->env, Literal(origin_), generation_);
  std::string script = "WITH claim AS (" + claim + ") SELECT 1 / count(*) FROM claim;\n";
  const std::string erase = fmt::format("DELETE FROM {{s}}.cache_entry WHERE env = {}", core_->env);
  auto erase_these = [&](const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    script += erase + " AND id IN (";
    for (std::size_t i = 0; i < ids.size(); ++i) script += (i ? "," : "") + Literal(ids[i]);
    script += ");\n";
  };
  if (anew)
    script += erase + ";\n";
  else
    erase_these(update.changed);
  std::unordered_map<std::string_view, const RemoteExclusion*> read;
  for (const RemoteExclusion* one : update.read) read.insert_or_assign(one->id, one);
  std::string rows;
  for (const auto& [id, one] : read) {
    rows += fmt::format("{}({}, {}, {}::bigint, {})", rows.empty() ? "" : ",\n", core_->env,
                        Literal(id),
                        one->modified_at ? fmt::format("{}", Ms(*one->modified_at)) : "NULL",
                        Literal(EncodeDetail(*one)));
  }
  if (!rows.empty()) {
    script += "INSERT INTO {s}.cache_entry(env, id, modified, record) VALUES " + rows +
              " ON CONFLICT (env, id) DO UPDATE SET modified = excluded.modified, record = "
              "excluded.record;\n";
  }
  // Entries that the org has no more stay until they are many.
  if (!anew && entries_.size() + read.size() > update.listed.size() + kSpareEntries) {
    std::unordered_set<std::string_view> listed;
    for (const RemoteExclusion* one : update.listed) listed.insert(one->id);
    std::vector<std::string> gone;
    for (const auto& [id, entry] : entries_) {
      if (!listed.contains(id)) gone.push_back(id);
    }
    erase_these(gone);
  }
  return script;
}

Result<void> PostgresCache::Save(const CacheUpdate& update) {
  if (auto loaded = Load(); !loaded) return loaded;
  auto saved = core_->WriteApart(Saving(update) + "SELECT 1");
  if (!saved) return base::Fail(std::move(saved.error()));
  if (*saved) ++generation_;
  return {};
}

Result<std::optional<KnownRate>> PostgresCache::Rate() {
  auto rows = core_->Read(
      "SELECT rate_per_ks, refused_at FROM {s}.cache WHERE env = $1::bigint AND rate_per_ks > 0 "
      "AND "
      "refused_at IS NOT NULL",
      {core_->env});
  if (!rows) return base::Fail(std::move(rows.error()));
  if (rows->size() == 0) return std::nullopt;
  return KnownRate{static_cast<double>(rows->Int(0, 0)) / 1000, FromMs(rows->Int(0, 1))};
}

Result<void> PostgresCache::KeepRate(const KnownRate& rate) {
  auto kept = core_->WriteApart(
      fmt::format("INSERT INTO {{s}}.cache AS c(env, generation, rate_per_ks, refused_at) VALUES "
                  "({}, 0, {}, {}) ON CONFLICT (env) DO UPDATE SET rate_per_ks = "
                  "excluded.rate_per_ks, refused_at = excluded.refused_at",
                  core_->env, static_cast<std::int64_t>(rate.per_s * 1000), Ms(rate.refused_at)));
  if (!kept) return base::Fail(std::move(kept.error()));
  return {};
}

}  // namespace

std::unique_ptr<DetailCache> OpenPostgresCache(std::shared_ptr<PostgresCore> core,
                                               const std::string& origin) {
  if (core->env == 0) return nullptr;
  auto cache = std::make_unique<PostgresCache>(std::move(core), origin);
  (void)cache->Load();  // one state for all that is read; what is wrong shows when it is asked
  return cache;
}

}  // namespace viasync::store
