#include "engine/config/edit/edited_tree.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "engine/config/problems.h"

namespace viasync::config {
namespace {

// Reads a text where it lies.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // only read through this
    setg(begin, begin, begin + text.size());
  }
};

}  // namespace

base::Result<std::vector<std::string>> EditedTree::List(const std::string& dir) {
  auto listed = files_.List(dir);
  if (!listed) return listed;
  for (const auto& [path, edit] : edits_) {
    bool yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    if (!yaml || !path.starts_with(dir + "/")) continue;
    if (!edit.after) std::erase(*listed, path);
    if (!edit.before && edit.after) listed->push_back(path);
  }
  std::ranges::sort(*listed);
  return listed;
}

base::Result<std::unique_ptr<std::streambuf>> EditedTree::Open(const std::string& path) {
  auto edit = edits_.find(path);
  if (edit == edits_.end()) return files_.Open(path);
  if (!edit->second.after) {
    return base::Fail(base::ErrorKind::kNotFound, "there is no file " + Quoted(path));
  }
  return std::make_unique<ViewBuffer>(*edit->second.after);
}

}  // namespace viasync::config
