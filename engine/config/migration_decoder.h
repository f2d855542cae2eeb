// `migrations` of viasync.yaml, of the files below migrations/, and of a file named on the command
// line; and the conflict rules of an import.
#pragma once

#include <expected>
#include <map>
#include <string>

#include "engine/config/decode.h"
#include "engine/model/media_settings.h"
#include "engine/model/migration.h"

namespace viasync::config {

struct DeclaredMigration {
  model::Migration value;
  base::SourcePos where;
};
using Migrations = std::map<std::string, DeclaredMigration>;

// The map of names to migrations. A name that is there already is reported.
void DecodeMigrations(const FileContext& context, NodeRef node, Migrations& migrations);

// The files below migrations/.
void ReadMigrationFiles(Problems& problems, Migrations& migrations);

// A file with `migrations:` at its top, wherever it lies.
std::expected<Migrations, base::Errors> LoadMigrations(const std::string& path);

// A file with `conflicts:` at its top. `options`: whether there is a salt for rules that salt.
std::expected<model::ConflictRules, base::Errors> LoadConflictRules(
    const std::string& path, const model::ImportOptions& options);

// `media_storage` of an environment. `root`: what a directory is relative to.
void DecodeMedia(const FileContext& context, NodeRef node, const std::string& root,
                 model::MediaSettings& settings);

}  // namespace viasync::config
