#include "engine/migrate/zip_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <locale.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <set>

#include "engine/base/strings.h"
#include "engine/migrate/file_io.h"
#include "engine/migrate/zip_directory.h"
#include "engine/model/object_types.h"

namespace viasync::migrate {
namespace {

constexpr std::size_t kBlockBytes = 64u << 10;

base::Error Bad(const std::string& path, std::string what, std::string hint) {
  return base::Error{.kind = base::ErrorKind::kInvalid,
                     .message = base::Printable(path) + " " + std::move(what),
                     .hint = std::move(hint)};
}

base::Error Hostile(const std::string& path, std::string what) {
  return Bad(path, std::move(what),
             "No export of an org looks like this: do not use it, and find out where it came from");
}

base::Error Broken(const std::string& path, std::string what) {
  return Bad(path, std::move(what), "Download or copy it again");
}

// libarchive reads names in the encoding of the locale, and "C", which the program keeps, knows
// ASCII alone. Of this thread only, and only while it lives.
class Utf8Names {
 public:
  Utf8Names()
      : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", static_cast<locale_t>(nullptr))),
        before_(utf8_ ? uselocale(utf8_) : static_cast<locale_t>(nullptr)) {}
  ~Utf8Names() {
    if (!utf8_) return;
    uselocale(before_);
    freelocale(utf8_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  const locale_t utf8_, before_;
};

// Before it is opened: a FIFO would wait for ever for somebody to write.
std::optional<base::Error> CheckKind(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode)) return std::nullopt;
  const char* what = S_ISDIR(info.st_mode)    ? "a folder"
                     : S_ISFIFO(info.st_mode) ? "a FIFO"
                     : S_ISSOCK(info.st_mode) ? "a socket"
                                              : "a device";
  return Bad(path, fmt::format("is {}, not a file", what), "Name the zip file itself");
}

// What the first bytes say it is, where it is no zip.
std::string_view OtherFormat(std::string_view head) {
  if (head.starts_with("\x1f\x8b")) return "a gzip file";
  if (head.starts_with("Rar!")) return "a RAR archive";
  if (head.starts_with("7z\xbc\xaf")) return "a 7z archive";
  if (head.starts_with("%PDF")) return "a PDF";
  if (head.starts_with("<")) return "HTML or XML";
  if (head.starts_with("{")) return "JSON";
  return "something else";
}

// Begins like a zip and ends like one: what is cut off misses the end.
std::optional<base::Error> CheckEnds(const std::string& path, std::uint64_t bytes) {
  constexpr std::size_t kEndBytes = 22, kCommentMax = 65'535;
  std::ifstream file(path, std::ios::binary);
  std::string head(4, '\0');
  file.read(head.data(), 4);
  head.resize(static_cast<std::size_t>(file.gcount()));
  if (head.empty()) return Broken(path, "is empty");
  if (!head.starts_with("PK")) {
    return Bad(path, fmt::format("is not a zip file, but {}", OtherFormat(head)),
               "An export of an org is a zip file");
  }
  const auto size = std::min<std::uint64_t>(bytes, kEndBytes + kCommentMax);
  std::string tail(static_cast<std::size_t>(size), '\0');
  file.clear();
  file.seekg(static_cast<std::streamoff>(bytes - size));
  file.read(tail.data(), static_cast<std::streamsize>(size));
  const auto end = tail.rfind(std::string_view("PK\x05\x06", 4));
  if (end == std::string::npos || tail.size() - end < kEndBytes) {
    return Broken(path, "is cut off: the end of the zip is missing");
  }
  return std::nullopt;
}

// Why a path has no place in an honest zip; "" = it may stay.
std::string PathProblem(const std::string& path, const ZipLimits& limits) {
  if (path.empty()) return "holds an entry without a name";
  const std::string shown = base::Printable(path.substr(0, 100));
  if (path.size() > limits.path_bytes_max) return "holds a path of absurd length: " + shown;
  const bool drive = path.size() > 1 && path[1] == ':';
  if (path.front() == '/' || path.front() == '\\' || drive) {
    return "holds an absolute path: " + shown;
  }
  std::string slashes = path;
  std::ranges::replace(slashes, '\\', '/');
  for (std::string_view part : base::Split(slashes, '/')) {
    if (part == "..") return "holds a path that leads out of it: " + shown;
  }
  return "";
}

// `STRATEGY/ABC.xml` -> STRATEGY, ABC. A part of the path that names a type says so.
void GuessObject(ZipEntry& entry) {
  std::string slashes = entry.path;
  std::ranges::replace(slashes, '\\', '/');
  const auto parts = base::Split(slashes, '/');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (auto type = model::FindObjectType(parts[i])) entry.type = *type;
  }
  const std::string_view file = parts.back();
  const std::string_view stem = file.substr(0, file.rfind('.'));
  if (!entry.type.empty()) {
    entry.name = stem;
  } else if (auto type = model::FindObjectType(stem)) {
    entry.type = *type;
  }
}

// Marks of other products' zips.
std::string_view OtherProduct(const std::vector<ZipEntry>& entries) {
  struct Mark {
    std::string_view path, product;
  };
  constexpr Mark kMarks[] = {{"[Content_Types].xml", "an Office document"},
                             {"META-INF/MANIFEST.MF", "a Java archive"},
                             {"AndroidManifest.xml", "an Android package"},
                             {"mimetype", "an OpenDocument file or e-book"}};
  bool configuration = false;
  for (const ZipEntry& entry : entries) {
    for (const Mark& mark : kMarks) {
      if (entry.path == mark.path) return mark.product;
    }
    const std::string lower = base::ToLower(entry.path);
    configuration = configuration || lower.ends_with(".xml") || lower.ends_with(".json");
  }
  return configuration ? "" : "something else: it holds no XML";
}

class Reader {
 public:
  Reader(const std::string& path, const ZipLimits& limits)
      : path_(path), limits_(limits), zip_(archive_read_new(), archive_read_free) {}

  base::Result<ZipContent> Read(std::uint64_t file_bytes) {
    content_.file_bytes = file_bytes;
    archive_read_support_format_zip_seekable(zip_.get());
    if (archive_read_open_filename(zip_.get(), path_.c_str(), kBlockBytes) != ARCHIVE_OK) {
      return base::Fail(Broken(path_, "cannot be read as a zip: " + Reason()));
    }
    for (;;) {
      archive_entry* header = nullptr;
      const int code = archive_read_next_header(zip_.get(), &header);
      if (code == ARCHIVE_EOF) break;
      if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
        return base::Fail(Broken(path_, "is damaged or cut off: " + Reason()));
      }
      if (auto problem = TakeEntry(header)) return base::Fail(std::move(*problem));
    }
    return Finish();
  }

 private:
  std::string Reason() const {
    const char* text = archive_error_string(zip_.get());
    return base::Printable(text ? text : "no reason given");
  }

  std::optional<base::Error> TakeEntry(archive_entry* header) {
    const char* name = archive_entry_pathname_utf8(header);
    if (!name) name = archive_entry_pathname(header);
    ZipEntry entry{.path = name ? name : ""};
    if (++headers_ > limits_.entries_max) {
      return Hostile(path_, "holds more than " + base::Thousands(limits_.entries_max) + " entries");
    }
    if (auto problem = PathProblem(entry.path, limits_); !problem.empty()) {
      return Hostile(path_, problem);
    }
    const std::string shown = base::Printable(entry.path);
    if (!seen_.insert(entry.path).second) return Hostile(path_, "holds " + shown + " twice");
    if (archive_entry_is_encrypted(header)) {
      return Bad(path_, "holds an encrypted entry: " + shown,
                 "Exports are not encrypted: unpack it with its password and pack it again, or "
                 "export again");
    }
    const auto kind = archive_entry_filetype(header);
    if (kind == AE_IFDIR) return std::nullopt;
    if (kind != AE_IFREG && kind != 0) return Hostile(path_, "holds a link: " + shown);
    if (auto problem = ReadData(entry)) return problem;
    GuessObject(entry);
    content_.entries.push_back(std::move(entry));
    return std::nullopt;
  }

  std::optional<base::Error> ReadData(ZipEntry& entry) {
    for (;;) {
      const auto count = archive_read_data(zip_.get(), block_, sizeof block_);
      if (count == 0) return std::nullopt;
      if (count < 0) {
        return Broken(path_,
                      fmt::format("is damaged at {}: {}", base::Printable(entry.path), Reason()));
      }
      entry.bytes += static_cast<std::uint64_t>(count);
      content_.unpacked_bytes += static_cast<std::uint64_t>(count);
      const bool bomb = content_.unpacked_bytes > limits_.ratio_floor &&
                        content_.unpacked_bytes / limits_.ratio_max > content_.file_bytes;
      if (bomb) {
        return Hostile(path_, fmt::format("unpacks to more than {} times its size, at {}",
                                          limits_.ratio_max, base::Printable(entry.path)));
      }
    }
  }

  base::Result<ZipContent> Finish() {
    if (content_.entries.empty()) {
      return base::Fail(Bad(path_, "holds nothing", "Export again: an export holds objects"));
    }
    if (auto product = OtherProduct(content_.entries); !product.empty()) {
      return base::Fail(Bad(path_, fmt::format("is not an export of an org, but {}", product),
                            "Take the zip that an export job wrote"));
    }
    std::ranges::sort(content_.entries, {}, &ZipEntry::path);
    return std::move(content_);
  }

  const std::string& path_;
  const ZipLimits& limits_;
  std::unique_ptr<archive, int (*)(archive*)> zip_;
  ZipContent content_;
  std::set<std::string> seen_;
  std::size_t headers_ = 0;
  char block_[kBlockBytes];
};

}  // namespace

base::Result<ZipContent> InspectZip(const std::string& path, const ZipLimits& limits) {
  if (auto problem = CheckKind(path)) return base::Fail(std::move(*problem));
  auto bytes = FileSize(path);
  if (!bytes) return base::Fail(bytes.error());
  if (auto problem = CheckEnds(path, *bytes)) return base::Fail(std::move(*problem));
  {
    std::ifstream file(path, std::ios::binary);
    const std::string problem = DirectoryProblem(file, *bytes, limits.entries_max);
    if (problem.starts_with("is ")) return base::Fail(Broken(path, problem));
    if (!problem.empty()) return base::Fail(Hostile(path, problem));
  }
  const Utf8Names utf8;
  auto reader = std::make_unique<Reader>(path, limits);
  auto content = reader->Read(*bytes);
  if (!content) return content;
  auto hash = HashFile(path);
  if (!hash) return base::Fail(hash.error());
  content->sha256 = std::move(*hash);
  return content;
}

}  // namespace viasync::migrate
