// Where the zip of an export or import job is fetched from and put to. The vendor's reference of
// its media storage is not ours, so that paths and property names are settings (notes, "Jobs").
#pragma once

#include <string>

namespace viasync::model {

struct MediaSettings {
  // Not empty: a folder that stands for the media storage, its files named by their keys. For
  // transfers where the storage is mounted or carried by hand.
  std::string directory;
  // Paths of the API. `{org}`, `{prefix}` and `{key}` are replaced.
  std::string list_path =
      "/via/v2/organizations/{org}/mediaStorage/data/objectKeys?prefix={prefix}";
  std::string download_path =
      "/via/v2/organizations/{org}/mediaStorage/data/objectKeys?objectKey={key}&operation=download";
  std::string upload_path =
      "/via/v2/organizations/{org}/mediaStorage/data/objectKeys?objectKey={key}&operation=upload";
  std::string keys_property = "objectKeys";
  std::string url_property = "signedUrl";
  // Where jobs write and read; with a slash at the end.
  std::string exports = "exports/configuration/campaign/";
  std::string imports = "imports/configuration/campaign/";
};

}  // namespace viasync::model
