// The vendor's media storage, as far as its API goes: which keys there are, and the signed URL of
// one. What happens at a signed URL is not the API's matter: it takes no credentials.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/api/calls.h"
#include "engine/api/session.h"
#include "engine/model/media_settings.h"

namespace viasync::api {

// `{name}` in a template becomes the value, percent-encoded.
std::string FillPath(std::string_view path,
                     const std::vector<std::pair<std::string, std::string>>& values);

// Keys that begin with `prefix`. Errors: as Session's, kProtocol.
Call<std::vector<std::string>> ListMediaKeys(Session& session, model::MediaSettings settings,
                                             std::string prefix);

enum class MediaUse { kDownload, kUpload };

// Good once and for minutes; it is a secret. Errors: as Session's; kProtocol also for a URL that is
// neither https nor http on this machine.
Call<std::string> GetSignedUrl(Session& session, model::MediaSettings settings, MediaUse use,
                               std::string key);

// https, or http on loopback.
bool IsSafeUrl(std::string_view url);

}  // namespace viasync::api
