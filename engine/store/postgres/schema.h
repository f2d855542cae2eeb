// The tables of the team's store: made and brought up to date in one transaction, by one at a time,
// and never by somebody who only looks.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/store/postgres/connection.h"

namespace viasync::store {

inline constexpr std::int64_t kSchemaVersion = 1;

enum class SchemaState { kMissing, kOlder, kReady };

// Whether `schema` holds our tables as this viasync knows them. Errors: kInvalid (a newer viasync
// made them; they are somebody else's), kIo (they were altered; the server's).
base::Result<SchemaState> LookAtSchema(Connection& connection, const std::string& schema,
                                       const std::string& shown);

// Makes them, or brings them up to date. Errors: kAuth (no right to), the server's.
base::Result<void> MakeSchema(Connection& connection, const std::string& schema,
                              const std::string& shown);

}  // namespace viasync::store
