// The rows of a bulk input file, one at a time: CSV or JSON Lines in, items as the API takes them
// out, each checked against the API's contract. What is wrong with one row does not hide the
// others.
//
// CSV columns. records insert: the schema's fields (`@ACCOUNT,@NUMBER`); records update: the same,
// the first column finds the record; fast path: `record`, `custom1` to `custom3`; attempts and
// callbacks: the properties of the API (`phoneDialed,responseStatus`; `userDefinedData1` to `20`).
// Empty fields are left out. JSON Lines: the item as the API takes it; for records also
// `{"@ACCOUNT": "1"}`.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/base/result.h"

namespace viasync::workflow {

enum class BulkKind { kInsert, kUpdate, kFastPath, kAttempts, kCallbacks };

struct BulkRow {
  int line = 0;
  std::string key;                       // what people know it by: account, phone number; raw
  nlohmann::json item;                   // as the API takes it
  std::string digest;                    // of the item: the same row has the same one
  std::optional<base::Error> problem{};  // the row cannot be sent
};

class BulkRows {
 public:
  // A name that ends in .jsonl, .ndjson or .json is JSON Lines, everything else CSV. Errors: kIo;
  // kInvalid for a header that cannot be used.
  static base::Result<std::unique_ptr<BulkRows>> Open(BulkKind kind, const std::string& path);
  virtual ~BulkRows() = default;

  // False: the end. Errors: kInvalid, where the file cannot be read on: a quote that is never
  // closed, bytes that are no UTF-8.
  virtual base::Result<bool> Next(BulkRow& row) = 0;
};

// `{"records": [item]}`: the body that a request for one item has.
nlohmann::json BulkBody(BulkKind kind, nlohmann::json item);

}  // namespace viasync::workflow
