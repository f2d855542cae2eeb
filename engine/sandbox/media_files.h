// The files of an org's media storage by their keys: in memory, or in a folder as if the storage
// were mounted there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace viasync::sandbox {

class MediaFiles {
 public:
  // From now on the files lie below `folder`, named by their keys.
  void KeepIn(std::string folder) { folder_ = std::move(folder); }

  std::vector<std::string> Keys(const std::string& prefix) const;
  std::optional<std::string> Get(const std::string& key) const;
  bool Has(const std::string& key) const;
  // False: it cannot be kept under that key.
  bool Put(const std::string& key, std::string bytes);

 private:
  std::string folder_;  // empty = in memory
  std::map<std::string, std::string> files_;
};

}  // namespace viasync::sandbox
