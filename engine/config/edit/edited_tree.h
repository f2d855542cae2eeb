// A repository as it will be: the files of another tree with some of them changed.
#pragma once

#include <map>
#include <string>

#include "engine/config/edit/edit.h"
#include "engine/config/file_tree.h"

namespace viasync::config {

class EditedTree final : public FileTree {
 public:
  // Both must outlive this.
  EditedTree(FileTree& files, const std::map<std::string, FileEdit>& edits)
      : files_(files), edits_(edits) {}

  base::Result<std::vector<std::string>> List(const std::string& dir) override;
  base::Result<std::unique_ptr<std::streambuf>> Open(const std::string& path) override;

 private:
  FileTree& files_;
  const std::map<std::string, FileEdit>& edits_;
};

}  // namespace viasync::config
