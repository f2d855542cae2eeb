// What a strategy says of the records of its last update. Pure. One text for each field that could
// not be changed (reference, "Returns strategy status"):
//
//   'Lookup key: @ACCOUNT Lookup value: 100001 Field key @NUMBER2 Field value: 12 Status : Field
//   key not found'
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/operations.h"

namespace viasync::workflow {

// How a record is found: two of one batch must not be the same.
std::string LookupOf(std::string_view key, std::string_view value);

struct RecordDetails {
  std::map<std::string, std::string> problems;  // by LookupOf: what is wrong with the record
  std::vector<std::string> unclear;             // texts that name none of the records
  bool complete = true;                         // false: the org has more of them than it shows
};

// `lookups`: of the records that were sent.
RecordDetails ReadDetails(const api::StrategyStatuses& statuses,
                          const std::vector<std::string>& lookups);

}  // namespace viasync::workflow
