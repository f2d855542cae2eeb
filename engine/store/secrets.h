// What goes into the store holds no secret of this run: the last gate, behind those that keep one
// out of answers and errors.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/store/store.h"

namespace viasync::store {

// For texts that people read: `***` in place of every secret.
std::string WithoutSecrets(std::string_view text);

// For values that are kept for people or compared: a value with a secret in it differs from both
// sides from then on, which decides nothing by itself.
Values WithoutSecrets(Values values);
BaseRecord WithoutSecrets(BaseRecord record);
void HideSecrets(Event& event);

// For what a later run acts on, and must read as it was. Errors: kInvalid, before anything is sent.
base::Result<void> HoldsNoSecret(const Step& step);
base::Result<void> HoldsNoSecret(std::string_view what, std::string_view text);

}  // namespace viasync::store
