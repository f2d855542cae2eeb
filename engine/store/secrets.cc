#include "engine/store/secrets.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/redact.h"
#include "engine/base/strings.h"

namespace viasync::store {
namespace {

bool Found(std::string_view text) { return base::RunSecrets()->FoundIn(text); }

bool Found(const Values& values) {
  return std::ranges::any_of(values, [](const auto& value) { return Found(value.second); });
}

bool Found(const BaseMove& move) {
  if (!move.record) return false;
  return Found(move.record->value) || (move.record->seen && Found(*move.record->seen));
}

base::Result<void> Refused(std::string_view what) {
  return base::Fail(base::ErrorKind::kInvalid,
                    fmt::format("{} holds a secret of this run, in some spelling: it is neither "
                                "sent nor kept",
                                what),
                    "Take the secret out of your files; where the org shows it, change it there "
                    "and have a new one issued");
}

}  // namespace

std::string WithoutSecrets(std::string_view text) { return base::RunSecrets()->Redacted(text); }

Values WithoutSecrets(Values values) {
  for (auto& [name, value] : values) {
    if (Found(value)) value = WithoutSecrets(value);
  }
  return values;
}

BaseRecord WithoutSecrets(BaseRecord record) {
  record.value = WithoutSecrets(std::move(record.value));
  if (record.seen) record.seen = WithoutSecrets(std::move(*record.seen));
  return record;
}

base::Result<void> HoldsNoSecret(const Step& step) {
  const bool held = Found(step.key) || Found(step.before) || Found(step.after) || Found(step.move);
  if (!held) return {};
  return Refused("the change of " + base::Printable(WithoutSecrets(step.key)));
}

base::Result<void> HoldsNoSecret(std::string_view what, std::string_view text) {
  return Found(text) ? Refused(what) : base::Result<void>();
}

void HideSecrets(Event& event) {
  event.before = WithoutSecrets(std::move(event.before));
  event.after = WithoutSecrets(std::move(event.after));
  event.org.user = WithoutSecrets(event.org.user);
}

}  // namespace viasync::store
