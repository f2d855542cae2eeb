// What a reviewed migration says: which objects travel from one org to another, how the import goes
// about it, and what answers a name conflict. Values only; config reads them, migrate acts on them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace viasync::model {

// Object type (as requests spell it) -> globs on names.
using ObjectGlobs = std::map<std::string, std::vector<std::string>>;

// Of an import job (reference, ImportInsertRequest).
struct ImportOptions {
  std::string dialer;        // empty = none is named
  std::string salt;          // empty = none
  bool append_salt = false;  // behind the name instead of in front
  bool insert_only = false;  // never update what the target has
  bool update_all = false;   // only update what the target has
  bool ignore_errors = false;
};

// What becomes of an object whose name the target has already.
enum class OnConflict { kStop, kIgnore, kSalt };
std::string_view OnConflictName(OnConflict what);
std::optional<OnConflict> ParseOnConflict(std::string_view text);

struct TypeRule {
  std::map<std::string, std::string> rename;  // name -> new name
  std::optional<OnConflict> others;           // names that `rename` lacks; nullopt = the default
};

struct ConflictRules {
  std::map<std::string, TypeRule> types;  // by TypeKey()
  OnConflict fallback = OnConflict::kStop;

  // Whether any of them salts.
  bool Salts() const;
};

struct Migration {
  std::string name;
  ObjectGlobs objects;
  bool related = false;
  ImportOptions options;
  ConflictRules conflicts;
};

// What is wrong with a salt; "" = nothing. Empty is fine: no salt.
std::string SaltProblem(std::string_view salt);

// The name with the salt, on the side that the options say.
std::string Salted(std::string_view name, const ImportOptions& options);

}  // namespace viasync::model
