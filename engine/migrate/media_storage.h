// The media storage as a port: where an export's zip is fetched from and an import's is put to.
// Behind it the vendor's API with its signed URLs, or a folder.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/api/session.h"
#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/migrate/file_io.h"
#include "engine/model/media_settings.h"

namespace viasync::migrate {

class MediaStorage {
 public:
  virtual ~MediaStorage() = default;

  // The key under which a file lies in `folder` (MediaSettings::exports, imports); nullopt: it does
  // not. A name without `.zip` is looked for with it.
  virtual http::Task<base::Result<std::optional<std::string>>> Find(std::string folder,
                                                                    std::string file) = 0;
  // Fetches `key` into `path`, through a part file beside it that a later call goes on with; whole
  // when it returns. Errors: kInterrupted, kIo, kNotFound, else those of the exchanges.
  virtual http::Task<base::Result<void>> Download(std::string key, std::string path,
                                                  ByteProgress progress, StopFlag stop) = 0;
  // Puts the file there. Never sends it a second time before it has looked whether the first one
  // arrived. Errors: as above; kUnknown when that cannot be told.
  virtual http::Task<base::Result<void>> Upload(std::string path, std::string key,
                                                ByteProgress progress, StopFlag stop) = 0;
};

std::unique_ptr<MediaStorage> MakeApiStorage(api::Session& session, model::MediaSettings settings);

// Requires: settings.directory is not empty.
std::unique_ptr<MediaStorage> MakeFolderStorage(model::MediaSettings settings);

// Whichever the settings ask for.
std::unique_ptr<MediaStorage> MakeMediaStorage(api::Session& session,
                                               const model::MediaSettings& settings);

// `<path>.<key's mark>.part`: of another file it is another one.
std::string PartPath(const std::string& path, const std::string& key);

}  // namespace viasync::migrate
