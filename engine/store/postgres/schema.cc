#include "engine/store/postgres/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <utility>

#include "engine/base/strings.h"

namespace viasync::store {
namespace {

using base::ErrorKind;
using base::Result;

struct Table {
  const char* name;
  // `column type`, as PostgreSQL spells types; all are NOT NULL but those with a `?` in front.
  std::span<const char* const> columns;
  const char* rest;  // keys
};

// Keys and values are bytea: text would take no NUL and no broken UTF-8, and would depend on the
// database's encoding.
constexpr const char* kMeta[] = {"name text", "value text"};
constexpr const char* kEnvironment[] = {"id bigint", "name text", "org text", "identity bytea",
                                        "?base_moved bigint"};
constexpr const char* kLease[] = {"env bigint",
                                  "epoch bigint",
                                  "token bytea",
                                  "turn bigint",
                                  "batch bigint",
                                  "chain bytea",
                                  "trail bytea",
                                  "free boolean",
                                  "server text",
                                  "taken timestamp with time zone",
                                  "renewed timestamp with time zone",
                                  "lease_ms bigint",
                                  "pid bigint",
                                  "host bytea",
                                  "command bytea",
                                  "person bytea",
                                  "job bytea",
                                  "revision bytea"};
constexpr const char* kBatch[] = {"env bigint", "number bigint", "epoch bigint",
                                  "run bytea",  "chain bytea",   "at timestamp with time zone"};
constexpr const char* kBase[] = {"env bigint", "kind bigint", "digest bytea", "key bytea",
                                 "record bytea"};
constexpr const char* kJournal[] = {
    "env bigint",  "id bigint",     "run bytea",      "plan bytea",     "kind bigint",
    "key bytea",   "action bytea",  "resource bytea", "version bigint", "before bytea",
    "after bytea", "move bytea",    "org_user bytea", "?org_at bigint", "state bigint",
    "note bytea",  "opened bigint", "?closed bigint"};
constexpr const char* kAudit[] = {
    "env bigint",     "id bigint",    "at bigint",   "run bytea",      "person bytea",
    "revision bytea", "job bytea",    "what bytea",  "kind bigint",    "key bytea",
    "action bytea",   "before bytea", "after bytea", "org_user bytea", "?org_at bigint",
    "version bigint", "hash bytea"};
constexpr const char* kMigration[] = {"env bigint",     "id bigint",      "name bytea",
                                      "run bytea",      "source bytea",   "person bytea",
                                      "revision bytea", "contents bytea", "state bigint",
                                      "note bytea",     "started bigint", "?ended bigint"};
constexpr const char* kStep[] = {"env bigint",    "migration bigint", "step bytea",
                                 "place bigint",  "done boolean",     "data bytea",
                                 "opened bigint", "?closed bigint"};
constexpr const char* kCache[] = {"env bigint",        "?origin bytea",       "?as_of bigint",
                                  "generation bigint", "?rate_per_ks bigint", "?refused_at bigint"};
constexpr const char* kCacheEntry[] = {"env bigint", "id bytea", "?modified bigint",
                                       "record bytea"};

// A key may be longer than what an index takes: its digest stands for it.
constexpr Table kTables[] = {
    {"meta", kMeta, "PRIMARY KEY (name)"},
    {"environment", kEnvironment, "PRIMARY KEY (id), UNIQUE (name)"},
    {"lease", kLease, "PRIMARY KEY (env)"},
    {"batch", kBatch, "PRIMARY KEY (env, number), UNIQUE (env, run, number)"},
    {"base", kBase, "PRIMARY KEY (env, kind, digest)"},
    {"journal", kJournal, "PRIMARY KEY (env, id)"},
    {"audit", kAudit, "PRIMARY KEY (env, id)"},
    {"migration", kMigration, "PRIMARY KEY (env, id)"},
    {"migration_step", kStep, "PRIMARY KEY (env, migration, step)"},
    {"cache", kCache, "PRIMARY KEY (env)"},
    {"cache_entry", kCacheEntry, "PRIMARY KEY (env, id)"},
};

std::string MakeTable(const std::string& schema, const Table& table) {
  std::string sql = fmt::format("CREATE TABLE {}.{}(", schema, table.name);
  for (std::string_view column : table.columns) {
    const bool may_be_null = column.starts_with('?');
    if (may_be_null) column.remove_prefix(1);
    sql += fmt::format("{}{}, ", column, may_be_null ? "" : " NOT NULL");
  }
  return sql + table.rest + ");\n";
}

std::string MakeTables(const std::string& schema) {
  std::string sql;
  for (const Table& table : kTables) sql += MakeTable(schema, table);
  // Bytes in order of a part of them; the rest is sorted within it.
  sql += fmt::format(
      "CREATE INDEX base_order ON {}.base(env, kind, substring(key FROM 1 FOR 500));\n", schema);
  sql += fmt::format("CREATE INDEX journal_opened ON {}.journal(env, opened);\n", schema);
  return sql;
}

// How the columns must look in the catalogue, sorted as the server sorts them.
std::string WantedColumns() {
  std::vector<std::string> lines;
  for (const Table& table : kTables) {
    for (std::string_view column : table.columns) {
      const bool may_be_null = column.starts_with('?');
      if (may_be_null) column.remove_prefix(1);
      lines.push_back(fmt::format("{}.{}{}", table.name, column, may_be_null ? "" : "!"));
    }
  }
  std::ranges::sort(lines);
  return base::Join(lines, "\n");
}

// Tables and what would act on its own beside them: views, triggers, rules, policies.
constexpr const char* kLook = R"(
SELECT n.oid IS NOT NULL,
  coalesce((SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C") FROM (
    SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attnotnull THEN '!' ELSE '' END
      || CASE WHEN a.atthasdef THEN ' with a default' ELSE '' END
      || CASE WHEN c.relkind <> 'r' THEN ' of another kind' ELSE '' END AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND a.attnum > 0 AND NOT a.attisdropped) AS columns), ''),
  (SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = n.oid AND NOT t.tgisinternal)
  + (SELECT count(*) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    WHERE c.relnamespace = n.oid)
  + (SELECT count(*) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE c.relnamespace = n.oid AND k.contype NOT IN ('p', 'u'))
  + (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relrowsecurity)
FROM (VALUES (1)) AS one LEFT JOIN pg_namespace n ON n.nspname = $1::text)";

base::Error Unusable(ErrorKind kind, const std::string& schema, const std::string& shown,
                     const std::string& why, std::string hint) {
  return {kind, fmt::format("the schema `{}` of the store {} {}", schema, shown, why),
          std::move(hint)};
}

Result<std::int64_t> VersionOf(Connection& connection, const std::string& schema,
                               const std::string& shown) {
  auto rows = connection.Query(
      fmt::format("SELECT value FROM {}.meta WHERE name = 'version'", schema).c_str());
  if (!rows) return base::Fail(Explain(rows.error(), shown));
  std::int64_t version = 0;
  if (rows->size() == 1) version = std::atoll(rows->Bytes(0, 0).c_str());
  return version;
}

}  // namespace

Result<SchemaState> LookAtSchema(Connection& connection, const std::string& schema,
                                 const std::string& shown) {
  auto rows = connection.Query(kLook, {schema});
  if (!rows) return base::Fail(Explain(rows.error(), shown));
  const std::string columns = rows->Bytes(0, 1);
  if (!rows->Bool(0, 0) || columns.empty()) return SchemaState::kMissing;
  if (columns.find("meta.value text!") == std::string::npos) {
    return base::Fail(Unusable(ErrorKind::kInvalid, schema, shown, "holds somebody else's tables",
                               "Name a schema of its own with `store_schema`"));
  }
  auto version = VersionOf(connection, schema, shown);
  if (!version) return base::Fail(std::move(version.error()));
  if (*version > kSchemaVersion) {
    return base::Fail(
        Unusable(ErrorKind::kInvalid, schema, shown,
                 fmt::format("was made by a newer viasync (version {}; this one knows {})",
                             *version, kSchemaVersion),
                 "Update viasync on this machine"));
  }
  if (*version < 1) {
    return base::Fail(Unusable(ErrorKind::kInvalid, schema, shown, "holds somebody else's tables",
                               "Name a schema of its own with `store_schema`"));
  }
  if (*version < kSchemaVersion) return SchemaState::kOlder;
  if (columns == WantedColumns() && rows->Int(0, 2) == 0) return SchemaState::kReady;
  return base::Fail(Unusable(ErrorKind::kIo, schema, shown,
                             "was altered: its tables are not those that viasync makes",
                             "Undo what was changed by hand, or restore a backup"));
}

Result<void> MakeSchema(Connection& connection, const std::string& schema,
                        const std::string& shown) {
  // One at a time, for as long as the transaction lasts; whoever comes later finds it done.
  auto begun = connection.Run(
      fmt::format("BEGIN; SET LOCAL lock_timeout = '20s'; "
                  "SELECT pg_advisory_xact_lock(hashtextextended('viasync ' || '{}', 0));",
                  schema));
  if (!begun) return base::Fail(Explain(begun.error(), shown));
  auto state = LookAtSchema(connection, schema, shown);
  if (!state) {
    (void)connection.Run("ROLLBACK");
    return base::Fail(std::move(state.error()));
  }
  std::string script;
  if (*state == SchemaState::kMissing) {
    // Whoever may not make schemas may have been given an empty one.
    auto there = connection.Query("SELECT to_regnamespace($1::text) IS NOT NULL", {schema});
    const bool given = there && there->Bool(0, 0);
    script = fmt::format("{0}{1}INSERT INTO {2}.meta VALUES ('version', '{3}');\n",
                         given ? "" : "CREATE SCHEMA " + schema + ";\n", MakeTables(schema), schema,
                         kSchemaVersion);
  }
  auto made = connection.Run(script + "COMMIT");
  if (!made) {
    base::Error error = Explain(made.error(), shown);
    if (made.error().state == "42501") {
      error.hint =
          "Let a role that may create it run `viasync store init`, or grant CREATE on the "
          "database (docs/team-store.md)";
    }
    return base::Fail(std::move(error));
  }
  return {};
}

}  // namespace viasync::store
