#include "engine/config/file_tree.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "engine/base/strings.h"

namespace viasync::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kInsideHint =
    "viasync reads only files inside the repository, so that Git knows all it does; copy the file "
    "there";

class DiskTree final : public FileTree {
 public:
  explicit DiskTree(const std::string& root) : root_(root.empty() ? "." : root) {}

  base::Result<std::vector<std::string>> List(const std::string& dir) override {
    return Walk(dir, true);
  }

  base::Result<std::vector<std::string>> ListOthers(const std::string& dir) override {
    return Walk(dir, false);
  }

  std::vector<std::string> Folders() override {
    std::vector<std::string> names;
    std::error_code failed;
    for (fs::directory_iterator it(root_, failed), end; !failed && it != end;
         it.increment(failed)) {
      std::error_code ignored;
      auto name = it->path().filename().string();
      if (!name.starts_with('.') && it->is_directory(ignored)) names.push_back(std::move(name));
    }
    std::ranges::sort(names);
    return names;
  }

  base::Result<std::unique_ptr<std::streambuf>> Open(const std::string& path) override {
    if (!StaysInside(path)) return Outside(path);
    std::error_code failed;
    auto real = fs::canonical(root_ / path, failed);
    if (failed) {
      return base::Fail(base::ErrorKind::kNotFound,
                        "there is no file `" + base::Printable(path) + "`",
                        "check the spelling, or create it");
    }
    auto inside = real.lexically_relative(fs::canonical(root_, failed)).generic_string();
    if (failed || !StaysInside(inside)) return Outside(path);
    if (!fs::is_regular_file(real, failed)) return Unreadable(path, "it is not a regular file");
    auto file = std::make_unique<std::filebuf>();
    if (!file->open(real, std::ios::in | std::ios::binary)) {
      return Unreadable(path, base::SystemReason(errno));
    }
    return file;
  }

 private:
  // The files under `dir` that are YAML, or those that are not.
  base::Result<std::vector<std::string>> Walk(const std::string& dir, bool yaml) {
    std::vector<std::string> paths;
    std::error_code failed;
    if (!fs::exists(root_ / dir, failed)) return paths;
    if (LeadsOutside(root_.string(), (root_ / dir).string())) return Outside(dir);
    for (fs::recursive_directory_iterator it(root_ / dir, failed), end; !failed && it != end;
         it.increment(failed)) {
      const auto& path = it->path();
      auto relative = path.lexically_relative(root_).generic_string();
      bool hidden = IsHidden(relative);
      if (hidden && (yaml || path.filename() == ".git")) {
        it.disable_recursion_pending();
      } else if (hidden) {
        if (it->is_symlink()) it.disable_recursion_pending();
        if (IsNamedLikeConfig(relative) && !it->is_directory(failed)) paths.push_back(relative);
      } else if (it->is_symlink() && fs::is_directory(path, failed)) {
        return base::Fail(base::ErrorKind::kInvalid,
                          "`" + base::Printable(relative) + "` is a link to a folder",
                          "links to folders are not followed; put the folder itself there");
      } else if (IsYamlPath(relative) == yaml && !it->is_directory(failed)) {
        paths.push_back(relative);
      }
      failed.clear();
    }
    if (failed) return Unreadable(dir, base::SystemReason(failed.value()));
    std::ranges::sort(paths);
    return paths;
  }

  static std::unexpected<base::Error> Outside(const std::string& path) {
    return base::Fail(base::ErrorKind::kInvalid,
                      "`" + base::Printable(path) + "` leads out of the repository",
                      std::string(kInsideHint));
  }

  static std::unexpected<base::Error> Unreadable(const std::string& path, const std::string& why) {
    return base::Fail(base::ErrorKind::kIo,
                      "cannot read `" + base::Printable(path) + "`: " + base::Printable(why),
                      "check its permissions");
  }

  fs::path root_;
};

}  // namespace

bool IsYamlPath(const std::string& path) {
  return path.ends_with(".yaml") || path.ends_with(".yml");
}

bool IsNamedLikeConfig(const std::string& path) {
  auto name = base::ToLower(path);
  return IsYamlPath(name) || name.ends_with(".csv");
}

bool IsHidden(const std::string& path) { return ("/" + path).find("/.") != std::string::npos; }

bool StaysInside(const std::string& path) {
  fs::path normal = fs::path(path).lexically_normal();
  return !normal.empty() && normal.is_relative() && *normal.begin() != "..";
}

bool LeadsOutside(const std::string& root, const std::string& path) {
  std::error_code failed;
  const fs::path top = fs::absolute(root.empty() ? "." : root, failed).lexically_normal();
  const fs::path written = fs::absolute(path, failed).lexically_normal();
  auto inside = [](const fs::path& below, const fs::path& above) {
    const std::string relative = below.lexically_relative(above).generic_string();
    return relative == "." || StaysInside(relative);
  };
  if (failed || !inside(written, top)) return false;
  // A link to what is not there is as good as one that leads out: somebody may make it.
  for (fs::path at = written; inside(at, top) && at != top; at = at.parent_path()) {
    if (fs::is_symlink(at, failed) && !fs::exists(at, failed)) return true;
  }
  failed.clear();
  // Made absolute first: of a relative path that is not there nothing would be resolved.
  const fs::path real_top = fs::weakly_canonical(top, failed);
  return failed || !inside(fs::weakly_canonical(written, failed), real_top) || failed;
}

std::unique_ptr<FileTree> MakeDiskTree(const std::string& root) {
  return std::make_unique<DiskTree>(root);
}

}  // namespace viasync::config
