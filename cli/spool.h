// Items of a collection on their way to standard output: kept in a file without a name until all
// have come, so that memory stays flat and a walk that starts over can take them back.
#pragma once

#include <cstdint>
#include <cstdio>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace viasync::cli {

class Spool {
 public:
  // Errors: kIo, from Add and Write, when the temporary folder is full. What `out` could not take
  // shows in its state.
  base::Result<void> Add(const std::string& id, const std::string& text);
  void Clear();
  std::size_t count() const { return entries_.size(); }

  // All of them as one JSON array, ordered by id, numbers by their size; without ids as they came.
  // `before` stands before each item.
  base::Result<void> Write(std::ostream& out, const std::string& before);

 private:
  struct Entry {
    std::string id;
    std::int64_t offset;
    std::size_t bytes;
  };
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  std::int64_t end_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace viasync::cli
