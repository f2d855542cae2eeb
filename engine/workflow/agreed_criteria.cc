#include "engine/workflow/agreed_criteria.h"

#include <filesystem>
#include <system_error>

#include "engine/base/strings.h"
#include "engine/store/sqlite_store.h"

namespace viasync::workflow {

AgreedCriteria::AgreedCriteria(const config::Environment& environment, base::Clock& clock) {
  std::error_code ignored;
  if (!std::filesystem::exists(environment.store, ignored)) return;
  auto store = store::OpenSqliteStore(
      {.path = environment.store, .org = environment.org, .read_only = true}, clock);
  if (!store) return;
  auto keep = [&](const store::Values& values) {
    for (const auto& [name, text] : values) {
      if (name == "criteria") texts_.emplace(base::Trim(text));
    }
  };
  auto read = (*store)->ReadBase(model::Kind::kFilter,
                                 [&](const store::BaseRecord& record) -> base::Result<void> {
                                   keep(record.value);
                                   if (record.seen) keep(*record.seen);
                                   return {};
                                 });
  if (!read) texts_.clear();
}

bool AgreedCriteria::Holds(std::string_view criteria) const {
  return texts_.contains(base::Trim(criteria));
}

}  // namespace viasync::workflow
