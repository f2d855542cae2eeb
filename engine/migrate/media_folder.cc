// A folder that stands for the media storage.
#include <filesystem>

#include "engine/base/strings.h"
#include "engine/migrate/job_status.h"
#include "engine/migrate/media_storage.h"

namespace viasync::migrate {
namespace {

namespace fs = std::filesystem;

class FolderStorage final : public MediaStorage {
 public:
  explicit FolderStorage(model::MediaSettings settings) : settings_(std::move(settings)) {}

  http::Task<base::Result<std::optional<std::string>>> Find(std::string folder,
                                                            std::string file) override {
    std::error_code ignored;
    std::optional<std::string> key = folder + WithZip(file);
    if (!fs::is_regular_file(PathOf(*key), ignored)) key.reset();
    co_return key;
  }

  http::Task<base::Result<void>> Download(std::string key, std::string path, ByteProgress progress,
                                          StopFlag stop) override {
    base::Result<void> made = MakeFolders(path);
    if (made) made = CopyFile(PathOf(key), path, std::move(progress), stop);
    co_return made;
  }

  http::Task<base::Result<void>> Upload(std::string path, std::string key, ByteProgress progress,
                                        StopFlag stop) override {
    base::Result<void> made = MakeFolders(PathOf(key));
    if (made) made = CopyFile(path, PathOf(key), std::move(progress), stop);
    co_return made;
  }

 private:
  std::string PathOf(const std::string& key) const { return settings_.directory + "/" + key; }

  model::MediaSettings settings_;
};

}  // namespace

std::unique_ptr<MediaStorage> MakeFolderStorage(model::MediaSettings settings) {
  return std::make_unique<FolderStorage>(std::move(settings));
}

std::unique_ptr<MediaStorage> MakeMediaStorage(api::Session& session,
                                               const model::MediaSettings& settings) {
  return settings.directory.empty() ? MakeApiStorage(session, settings)
                                    : MakeFolderStorage(settings);
}

std::string PartPath(const std::string& path, const std::string& key) {
  constexpr std::size_t kMarkSize = 8;
  return path + "." + base::Sha256Hex(key).substr(0, kMarkSize) + ".part";
}

}  // namespace viasync::migrate
