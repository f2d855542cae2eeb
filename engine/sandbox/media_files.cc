#include "engine/sandbox/media_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace viasync::sandbox {
namespace {

namespace fs = std::filesystem;

// Keys come from requests: none may lead out of the folder.
std::optional<fs::path> PathOf(const std::string& folder, const std::string& key) {
  const fs::path path(key);
  const bool leads_out = key.empty() || path.is_absolute() || key.find('\0') != std::string::npos ||
                         std::ranges::find(path, "..") != path.end();
  if (leads_out) return std::nullopt;
  return fs::path(folder) / path;
}

}  // namespace

std::vector<std::string> MediaFiles::Keys(const std::string& prefix) const {
  std::vector<std::string> keys;
  auto add = [&](const std::string& key) {
    if (key.starts_with(prefix)) keys.push_back(key);
  };
  if (folder_.empty()) {
    for (const auto& [key, bytes] : files_) add(key);
    return keys;
  }
  std::error_code missing;
  if (!fs::is_directory(folder_, missing)) return keys;
  for (const auto& entry : fs::recursive_directory_iterator(folder_, missing)) {
    if (entry.is_regular_file(missing)) add(entry.path().lexically_relative(folder_).string());
  }
  std::ranges::sort(keys);
  return keys;
}

std::optional<std::string> MediaFiles::Get(const std::string& key) const {
  if (folder_.empty()) {
    auto found = files_.find(key);
    return found == files_.end() ? std::nullopt : std::optional(found->second);
  }
  auto path = PathOf(folder_, key);
  std::error_code missing;
  if (!path || !fs::is_regular_file(*path, missing)) return std::nullopt;
  std::ifstream file(*path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

bool MediaFiles::Has(const std::string& key) const {
  if (folder_.empty()) return files_.contains(key);
  auto path = PathOf(folder_, key);
  std::error_code missing;
  return path && fs::is_regular_file(*path, missing);
}

bool MediaFiles::Put(const std::string& key, std::string bytes) {
  if (folder_.empty()) {
    files_[key] = std::move(bytes);
    return true;
  }
  auto path = PathOf(folder_, key);
  if (!path) return false;
  std::error_code failed;
  fs::create_directories(path->parent_path(), failed);
  std::ofstream file(*path, std::ios::binary);
  file << bytes;
  return static_cast<bool>(file.flush());
}

}  // namespace viasync::sandbox
