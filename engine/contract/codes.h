// Words for the numbers of the API, and back: one table for everybody, the x-words of the document.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace viasync::contract {

// A table of the document: "ContactType", "EndPattern", "ListStatus", "ListType",
// "StrategyStatus", "ScriptStatus", "CheckResult", "ExclusionType", "PlayMessageType",
// "NumberType", "LocallyTerminated". Another name ends the program.
class Codes {
 public:
  explicit Codes(std::string_view table);

  // `2` -> "inactive"; a code that the reference does not list is its digits.
  std::string Word(std::int64_t code) const;
  bool Knows(std::int64_t code) const;
  // A code or a word, without regard to case, blanks, `-` and `_`: `build-complete`,
  // "BuildComplete" and `4` are the same. Errors: kInvalid with the nearest word.
  base::Result<std::int64_t> Parse(std::string_view text) const;
  // In the order of the reference.
  std::vector<std::int64_t> All() const;
  std::vector<std::string> Words() const;

 private:
  struct Row {
    std::int64_t code;
    std::string word;
  };
  std::string table_;
  std::vector<Row> rows_;
};

}  // namespace viasync::contract
