#include "engine/api/media.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/api/decode.h"
#include "engine/api/encoding.h"
#include "engine/base/strings.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

base::Error Broken(std::string what) {
  return base::Error{.kind = base::ErrorKind::kProtocol,
                     .message = "the media storage answered " + std::move(what),
                     .hint =
                         "Its paths and properties are settings: see `media_storage` of the "
                         "environment"};
}

const Json* Property(const Json& body, const std::string& name) {
  if (!body.is_object()) return nullptr;
  auto found = body.find(name);
  return found == body.end() ? nullptr : &*found;
}

}  // namespace

std::string FillPath(std::string_view path,
                     const std::vector<std::pair<std::string, std::string>>& values) {
  std::string filled;
  while (!path.empty()) {
    bool replaced = false;
    for (const auto& [name, value] : values) {
      const std::string word = "{" + name + "}";
      if (!path.starts_with(word)) continue;
      filled += PercentEncode(value);
      path.remove_prefix(word.size());
      replaced = true;
      break;
    }
    if (replaced) continue;
    filled += path.front();
    path.remove_prefix(1);
  }
  return filled;
}

Call<std::vector<std::string>> ListMediaKeys(Session& session, model::MediaSettings settings,
                                             std::string prefix) {
  const std::string path =
      FillPath(settings.list_path, {{"org", session.endpoint().org}, {"prefix", prefix}});
  base::Result<Json> body = co_await session.Get(path);
  if (!body) co_return base::Fail(std::move(body.error()));
  const Json* keys = body->is_array() ? &*body : Property(*body, settings.keys_property);
  if (!keys || !keys->is_array()) {
    co_return base::Fail(Broken(fmt::format("no array \"{}\"", settings.keys_property)));
  }
  std::vector<std::string> found;
  for (const Json& key : *keys) {
    if (!key.is_string()) co_return base::Fail(Broken("a key that is not text"));
    found.push_back(key.get<std::string>());
  }
  co_return found;
}

Call<std::string> GetSignedUrl(Session& session, model::MediaSettings settings, MediaUse use,
                               std::string key) {
  const std::string path =
      FillPath(use == MediaUse::kDownload ? settings.download_path : settings.upload_path,
               {{"org", session.endpoint().org}, {"key", key}});
  base::Result<Json> body = co_await session.Get(path);
  if (!body) co_return base::Fail(std::move(body.error()));
  const Json* url = Property(*body, settings.url_property);
  if (!url || !url->is_string()) {
    co_return base::Fail(Broken(fmt::format("no text \"{}\"", settings.url_property)));
  }
  std::string signed_url = url->get<std::string>();
  if (signed_url.starts_with("/") && !signed_url.starts_with("//")) {
    signed_url = session.endpoint().base_url + signed_url;
  }
  const bool downgrade =
      session.endpoint().base_url.starts_with("https:") && !signed_url.starts_with("https:");
  if (!FitsHeader(signed_url) || !IsSafeUrl(signed_url) || downgrade) {
    co_return base::Fail(Broken("a signed URL that is not an https URL"));
  }
  co_return signed_url;
}

}  // namespace viasync::api
