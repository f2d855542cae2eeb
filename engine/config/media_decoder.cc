// `media_storage` of an environment: a folder, or the paths and property names of the API.
#include <array>
#include <filesystem>

#include "engine/base/strings.h"
#include "engine/config/migration_decoder.h"

namespace viasync::config {
namespace {

enum Key { kDirectory, kList, kDownload, kUpload, kKeys, kUrl, kExports, kImports, kKeyCount };
constexpr std::array<std::string_view, kKeyCount> kNames = {
    "directory",     "list_path",    "download_path", "upload_path",
    "keys_property", "url_property", "exports",       "imports"};

struct Template {
  Key key;
  std::string_view word;  // what it must hold
  std::string model::MediaSettings::*member;
};
constexpr Template kTemplates[] = {
    {kList, "{prefix}", &model::MediaSettings::list_path},
    {kDownload, "{key}", &model::MediaSettings::download_path},
    {kUpload, "{key}", &model::MediaSettings::upload_path},
};

struct Plain {
  Key key;
  std::string model::MediaSettings::*member;
};
constexpr Plain kPlain[] = {
    {kKeys, &model::MediaSettings::keys_property},
    {kUrl, &model::MediaSettings::url_property},
    {kExports, &model::MediaSettings::exports},
    {kImports, &model::MediaSettings::imports},
};

}  // namespace

void DecodeMedia(const FileContext& context, NodeRef node, const std::string& root,
                 model::MediaSettings& settings) {
  if (node.type() == NodeType::kNull) return;
  std::array<NodeRef, kKeyCount> nodes;
  if (!ReadMap(context, node, "`media_storage`", kNames, nodes)) return;
  auto read = [&](Key key) {
    auto text = ReadText(context, nodes[key], kNames[key]);
    std::string value(text ? base::Trim(*text) : std::string_view());
    if (text && value.empty()) {
      context.Report(nodes[key], Quoted(kNames[key]) + " is empty",
                     "give it a value, or remove the line");
    }
    return value;
  };
  if (nodes[kDirectory]) {
    settings.directory = read(kDirectory);
    if (!settings.directory.empty()) {
      settings.directory =
          (std::filesystem::path(root) / settings.directory).lexically_normal().string();
    }
  }
  for (const Template& entry : kTemplates) {
    if (!nodes[entry.key]) continue;
    std::string path = read(entry.key);
    if (!path.starts_with("/") || path.find(entry.word) == std::string::npos) {
      context.Report(nodes[entry.key],
                     Quoted(kNames[entry.key]) + " must begin with `/` and hold `" +
                         std::string(entry.word) + "`",
                     "write it like `" + settings.*entry.member + "`");
    }
    settings.*entry.member = std::move(path);
  }
  for (const Plain& entry : kPlain) {
    if (nodes[entry.key]) settings.*entry.member = read(entry.key);
  }
  for (std::string* folder : {&settings.exports, &settings.imports}) {
    if (!folder->ends_with('/')) *folder += '/';
  }
}

}  // namespace viasync::config
