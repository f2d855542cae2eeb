// May these people be contacted, and if not, why? Asked of the org for now, or decided here from
// the org's exclusions and the audit trail for another time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/operations.h"
#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/config/project.h"
#include "engine/model/resources.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

struct Contact {
  model::ContactType type = model::ContactType::kVoice;
  std::string address;
  std::string list;  // empty = all lists
  // Why the address is of no form that could be made: it counts only where the org has it.
  std::optional<base::Error> doubt{};
};

// `voice:0911` or an address alone: with an @ a mail address, else a phone number; `type` where
// given decides. Blanks at its ends are kept. Errors: kInvalid (an empty address, one with
// characters that cannot be seen, a number that a spreadsheet has spoilt, an unknown type).
base::Result<Contact> ParseContact(const std::string& text, const std::string& type,
                                   const std::string& list);
// A CSV file: with the header `type,address,list` (address alone is enough, in any letter case), or
// one address a line.
std::expected<std::vector<Contact>, base::Errors> ReadContacts(const std::string& path,
                                                               const std::string& type,
                                                               const std::string& list);

enum class Allowed {
  kNo,
  kYes,
  kNotKnown,  // of the past: what the org does not hold any more may have forbidden it
};

struct ContactAnswer {
  Allowed allowed = Allowed::kNo;
  std::string reason;  // in words
  std::string key;     // for the report of the attempt; empty = none is wanted
};

struct CheckOptions {
  api::ContactQuestion about;  // customer, number type, geocode, purpose
  std::optional<base::UtcTime> at{};
  // Where numbers without a country are dialled (`US`): every form of a number is asked for. Empty:
  // only the one that is given.
  std::string default_region{};
  std::function<void(std::size_t done, std::size_t total)> progress;
};
// In the order of `contacts`. With `at`, only exclusions count: attempts and calling hours cannot
// be asked for another time. For a time in the past the environment's audit trail says which
// entries were deleted or changed since; where it knows of none the answer is kNotKnown, never
// kYes. Errors: one kNotFound for each list that the org does not have; one kInvalid for each
// address of a bad form of which the org has no exclusion; the org's; the store's.
std::expected<std::vector<ContactAnswer>, base::Errors> CheckContacts(
    Org& org, const config::Environment& environment, const std::vector<Contact>& contacts,
    const CheckOptions& options);

}  // namespace viasync::workflow
