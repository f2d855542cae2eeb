// What a job's status means. The reference enumerates none (notes, "Jobs"), so words are compared
// without regard to case, and an unknown one goes on.
#pragma once

#include <string>
#include <string_view>

#include "engine/api/jobs.h"

namespace viasync::migrate {

enum class Phase { kGoing, kPaused, kDone, kFailed };

Phase PhaseOf(std::string_view status);

// False for a word that nobody documented: it is shown as it is.
bool IsKnownStatus(std::string_view status);

// The job asks for an answer: it goes on or is paused, and names what the conflict is about.
bool HasConflict(const api::Job& job);

// For people: `running`, `paused, waits for an answer`, `"Crunching" (a status nobody documented)`.
std::string StatusWords(const api::Job& job);

// `export`, `import`, or what the org writes.
std::string KindWords(const api::Job& job);

// Whether a job's file is `file`: the org may add `.zip` or leave it out.
bool SameFile(std::string_view a, std::string_view b);

std::string WithZip(std::string file);

}  // namespace viasync::migrate
