#include "engine/sandbox/bulk_zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <memory>

#include "engine/base/json.h"

namespace viasync::sandbox {
namespace {

using nlohmann::json;

constexpr const char* kManifest = "campaign.json";
constexpr std::int64_t kObjectBytesMax = 16 << 20;

// A name as a file may be called: letters, digits, `_-. ` as they are, all else as %XX.
std::string FileName(const std::string& name) {
  std::string file;
  for (char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' ||
                       c == ' ' || (c == '.' && !file.empty());
    file += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return file;
}

la_ssize_t Append(archive*, void* out, const void* data, size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

void AddFile(archive* zip, const std::string& path, const std::string& content) {
  std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                 archive_entry_free);
  archive_entry_set_pathname(entry.get(), path.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  archive_write_header(zip, entry.get());
  archive_write_data(zip, content.data(), content.size());
}

std::string Noise(std::int64_t bytes) {
  std::string noise(static_cast<std::size_t>(bytes), '\0');
  std::uint64_t state = 1;
  for (char& c : noise) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    c = static_cast<char>(state >> 56);
  }
  return noise;
}

}  // namespace

std::string PackObjects(const std::vector<BulkObject>& objects, const std::string& comment,
                        std::int64_t padding) {
  std::string zip;
  std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(), archive_write_free);
  archive_write_set_format_zip(writer.get());
  archive_write_set_bytes_in_last_block(writer.get(), 1);
  archive_write_open(writer.get(), &zip, nullptr, &Append, nullptr);
  AddFile(writer.get(), kManifest,
          json{{"product", "campaign sandbox"}, {"comment", comment}}.dump());
  for (const BulkObject& object : objects) {
    AddFile(writer.get(), object.type + "/" + FileName(object.name) + ".json",
            WriteObject(object).dump(2));
  }
  if (padding > 0) {
    archive_write_zip_set_compression_store(writer.get());
    AddFile(writer.get(), "padding.bin", Noise(padding));
  }
  archive_write_close(writer.get());
  return zip;
}

std::optional<std::vector<BulkObject>> UnpackObjects(const std::string& zip) {
  std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
  archive_read_support_format_zip(reader.get());
  if (archive_read_open_memory(reader.get(), zip.data(), zip.size()) != ARCHIVE_OK) {
    return std::nullopt;
  }
  std::vector<BulkObject> objects;
  archive_entry* entry = nullptr;
  int code;
  while ((code = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK) {
    const char* path = archive_entry_pathname(entry);
    const std::string name = path ? path : "";
    const auto size = archive_entry_size(entry);
    if (name == kManifest || !name.ends_with(".json")) continue;
    if (size < 0 || size > kObjectBytesMax) return std::nullopt;
    std::string content(static_cast<std::size_t>(size), '\0');
    if (archive_read_data(reader.get(), content.data(), content.size()) != size) {
      return std::nullopt;
    }
    BulkObject object;
    json value = base::ParseJson(content);
    if (!ReadObject(value, name, object).empty()) return std::nullopt;
    objects.push_back(std::move(object));
  }
  if (code != ARCHIVE_EOF || objects.empty()) return std::nullopt;
  return objects;
}

}  // namespace viasync::sandbox
