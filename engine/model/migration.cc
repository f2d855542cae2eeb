#include "engine/model/migration.h"

#include <algorithm>

namespace viasync::model {
namespace {

constexpr std::size_t kSaltMax = 4;  // reference, ImportInsertRequest
constexpr std::string_view kNames[] = {"stop", "ignore", "salt"};

bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string_view OnConflictName(OnConflict what) { return kNames[static_cast<int>(what)]; }

std::optional<OnConflict> ParseOnConflict(std::string_view text) {
  for (auto what : {OnConflict::kStop, OnConflict::kIgnore, OnConflict::kSalt}) {
    if (OnConflictName(what) == text) return what;
  }
  return std::nullopt;
}

bool ConflictRules::Salts() const {
  return fallback == OnConflict::kSalt || std::ranges::any_of(types, [](const auto& entry) {
           return entry.second.others == OnConflict::kSalt;
         });
}

std::string SaltProblem(std::string_view salt) {
  if (salt.size() > kSaltMax) return "is longer than 4 characters";
  if (!std::ranges::all_of(salt, IsAlphanumeric)) return "holds more than letters and digits";
  return "";
}

std::string Salted(std::string_view name, const ImportOptions& options) {
  std::string text(name);
  return options.append_salt ? text + options.salt : options.salt + text;
}

}  // namespace viasync::model
