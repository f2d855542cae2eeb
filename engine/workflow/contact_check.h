// May these people be contacted, and if not, why? Asked of the org for the present moment, or
// decided here from the org's exclusions for another one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/operations.h"
#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/model/resources.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

struct Contact {
  model::ContactType type = model::ContactType::kVoice;
  std::string address;
  std::string list;  // empty = all lists
};

// `voice:0911` or an address alone: with an @ a mail address, else a phone number; `type` where
// given decides. Errors: kInvalid (an empty address, an unknown type).
base::Result<Contact> ParseContact(const std::string& text, const std::string& type,
                                   const std::string& list);
// A CSV file: with the header `type,address,list` (address alone is enough), or one address a line.
std::expected<std::vector<Contact>, base::Errors> ReadContacts(const std::string& path,
                                                               const std::string& type,
                                                               const std::string& list);

struct ContactAnswer {
  bool allowed = false;
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
// In the order of `contacts`. With `at`, exclusions alone decide: attempts and convenient times
// cannot be asked for another moment.
base::Result<std::vector<ContactAnswer>> CheckContacts(Org& org,
                                                       const std::vector<Contact>& contacts,
                                                       const CheckOptions& options);

}  // namespace viasync::workflow
