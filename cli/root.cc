#include "cli/root.h"

#include <filesystem>
#include <system_error>

#include "engine/config/project.h"

namespace viasync::cli {

std::string FindRoot(const std::string& directory) {
  namespace fs = std::filesystem;
  constexpr int kLevelsMax = 100;
  std::error_code error;
  fs::path folder = directory;
  for (int level = 0; level < kLevelsMax; ++level) {
    if (fs::exists(folder / config::kProjectFile, error)) return folder.string();
    if (fs::exists(folder / ".git", error)) break;
    // Not by name: `..` of a folder that is a link is where the system says.
    const fs::path above = folder == "." ? fs::path("..") : folder / "..";
    if (error || fs::equivalent(folder, above, error) || error) break;
    folder = above;
  }
  return directory;
}

}  // namespace viasync::cli
