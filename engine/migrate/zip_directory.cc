#include "engine/migrate/zip_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/strings.h"

namespace viasync::migrate {
namespace {

constexpr std::string_view kLocalMark("PK\x03\x04", 4), kCentralMark("PK\x01\x02", 4);
constexpr std::string_view kEndMark("PK\x05\x06", 4), kEnd64Mark("PK\x06\x06", 4);
constexpr std::string_view kLocator64Mark("PK\x06\x07", 4), kDescriptorMark("PK\x07\x08", 4);
constexpr std::size_t kLocalBytes = 30, kCentralBytes = 46, kEndBytes = 22, kCommentMax = 65'535;
constexpr std::size_t kEnd64Bytes = 56, kLocator64Bytes = 20;
constexpr std::uint32_t kIn64 = 0xffffffff;  // the number stands in the zip64 field
constexpr int kEncryptedFlag = 1, kUtf8Flag = 1 << 11;
constexpr int kDescriptorFlag = 1 << 3;  // crc and sizes follow the bytes
constexpr int kStored = 0, kDeflated = 8;

// Little-endian, as everything in a zip.
std::uint64_t Number(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = count; i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

struct Entry {
  std::string name;
  int flags = 0, method = 0;
  std::uint64_t crc = 0, packed = 0, unpacked = 0, offset = 0;
  std::uint64_t end = 0;  // behind its bytes
};

// The numbers that the zip64 field of `extra` holds, in the order in which they are missing.
bool Fill64(std::string_view extra, std::initializer_list<std::uint64_t*> numbers) {
  constexpr std::uint64_t kZip64 = 1;
  std::string_view field;
  while (extra.size() >= 4) {
    const std::uint64_t size = Number(extra, 2, 2);
    if (extra.size() - 4 < size) break;
    if (Number(extra, 0, 2) == kZip64) field = extra.substr(4, size);
    extra.remove_prefix(4 + size);
  }
  for (std::uint64_t* number : numbers) {
    if (*number != kIn64) continue;
    if (field.size() < 8) return false;
    *number = Number(field, 0, 8);
    field.remove_prefix(8);
  }
  return true;
}

class Directory {
 public:
  Directory(std::istream& file, std::uint64_t bytes) : file_(file), bytes_(bytes) {}

  std::string Problem(std::size_t entries_max) {
    if (auto problem = FindEnd(); !problem.empty()) return problem;
    if (count_ > entries_max) return "";  // InspectZip says so
    std::vector<Entry> entries;
    if (auto problem = ReadCentral(entries); !problem.empty()) return problem;
    for (Entry& entry : entries) {
      if (auto problem = Compare(entry); !problem.empty()) return problem;
    }
    std::ranges::sort(entries, {}, &Entry::offset);
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if (entries[i].offset >= entries[i - 1].end) continue;
      return "holds entries that share bytes: " + base::Printable(entries[i].name);
    }
    return "";
  }

 private:
  // Nullopt: the file does not reach so far.
  std::optional<std::string> Read(std::uint64_t at, std::size_t count) {
    if (at > bytes_ || bytes_ - at < count) return std::nullopt;
    std::string bytes(count, '\0');
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(at));
    file_.read(bytes.data(), static_cast<std::streamsize>(count));
    if (static_cast<std::size_t>(file_.gcount()) != count) return std::nullopt;
    return bytes;
  }

  std::string FindEnd() {
    const auto size = std::min<std::uint64_t>(bytes_, kEndBytes + kCommentMax);
    const auto tail = Read(bytes_ - size, static_cast<std::size_t>(size));
    const auto at = tail ? tail->rfind(kEndMark) : std::string::npos;
    if (at == std::string::npos || tail->size() - at < kEndBytes) {
      return "is cut off: the end of the zip is missing";
    }
    const std::string_view end = std::string_view(*tail).substr(at);
    if (kEndBytes + Number(end, 20, 2) != end.size()) return "holds bytes behind its end";
    count_ = Number(end, 10, 2);
    directory_bytes_ = Number(end, 12, 4);
    directory_ = Number(end, 16, 4);
    if (Number(end, 4, 2) != 0 && Number(end, 4, 2) != 0xffff) return "is one of several parts";
    end_ = bytes_ - size + at;
    if (count_ == 0xffff || directory_bytes_ == kIn64 || directory_ == kIn64) return FindEnd64();
    return "";
  }

  std::string FindEnd64() {
    const auto locator =
        end_ < kLocator64Bytes ? std::nullopt : Read(end_ - kLocator64Bytes, kLocator64Bytes);
    // 65,535 entries are a number like any other without it.
    if (!locator || !locator->starts_with(kLocator64Mark)) return "";
    end_ = Number(*locator, 8, 8);
    const auto end = Read(end_, kEnd64Bytes);
    if (!end || !end->starts_with(kEnd64Mark)) return "is damaged: its zip64 end is missing";
    count_ = Number(*end, 32, 8);
    directory_bytes_ = Number(*end, 40, 8);
    directory_ = Number(*end, 48, 8);
    return "";
  }

  std::string ReadCentral(std::vector<Entry>& entries) {
    std::uint64_t at = directory_;
    for (std::uint64_t i = 0; i < count_; ++i) {
      const auto header = Read(at, kCentralBytes);
      if (!header || !header->starts_with(kCentralMark)) {
        return "is damaged: its directory does not hold as many entries as it says";
      }
      const auto name = static_cast<std::size_t>(Number(*header, 28, 2));
      const auto extra = static_cast<std::size_t>(Number(*header, 30, 2));
      const auto rest = Read(at + kCentralBytes, name + extra);
      if (!rest) return "is damaged: its directory is cut off";
      Entry entry{.name = rest->substr(0, name),
                  .flags = static_cast<int>(Number(*header, 8, 2)),
                  .method = static_cast<int>(Number(*header, 10, 2)),
                  .crc = Number(*header, 16, 4),
                  .packed = Number(*header, 20, 4),
                  .unpacked = Number(*header, 24, 4),
                  .offset = Number(*header, 42, 4)};
      if (!Fill64(std::string_view(*rest).substr(name),
                  {&entry.unpacked, &entry.packed, &entry.offset})) {
        return "is damaged: a size is missing at " + base::Printable(entry.name);
      }
      at += kCentralBytes + name + extra + Number(*header, 32, 2);
      entries.push_back(std::move(entry));
    }
    if (at != directory_ + directory_bytes_ || at > end_) {
      return "is damaged: its directory does not end where it says";
    }
    return "";
  }

  std::string Compare(Entry& entry) {
    const std::string shown = base::Printable(entry.name.substr(0, 100));
    entry.end = entry.offset;
    if (entry.flags & kEncryptedFlag) return "";  // refused for that
    if (entry.method != kStored && entry.method != kDeflated) {
      return fmt::format("holds an entry packed in a way that no export uses (method {}): {}",
                         entry.method, shown);
    }
    const auto header = Read(entry.offset, kLocalBytes);
    if (!header || !header->starts_with(kLocalMark)) {
      return "is damaged: the bytes of an entry are missing: " + shown;
    }
    const auto name = static_cast<std::size_t>(Number(*header, 26, 2));
    const auto extra = static_cast<std::size_t>(Number(*header, 28, 2));
    const auto rest = Read(entry.offset + kLocalBytes, name + extra);
    if (!rest) return "is damaged: the bytes of an entry are cut off: " + shown;
    auto differ = [&](std::string_view what) {
      return fmt::format("says two different things of {}: its two directories differ in {}", shown,
                         what);
    };
    if (rest->substr(0, name) != entry.name) return differ("the name");
    const int flags = static_cast<int>(Number(*header, 6, 2));
    if ((flags ^ entry.flags) & (kEncryptedFlag | kUtf8Flag)) return differ("the flags");
    if (Number(*header, 8, 2) != static_cast<std::uint64_t>(entry.method))
      return differ("the method");
    std::uint64_t crc = Number(*header, 14, 4), packed = Number(*header, 18, 4);
    std::uint64_t unpacked = Number(*header, 22, 4);
    if (!Fill64(std::string_view(*rest).substr(name), {&unpacked, &packed}))
      return differ("the size");
    const std::uint64_t data = entry.offset + kLocalBytes + name + extra;
    entry.end = data + entry.packed;
    if (entry.end < data || entry.end > directory_) return differ("the size");
    const bool later = flags & kDescriptorFlag;
    if (later && !Descriptor(entry, crc, packed, unpacked)) return differ("the sizes behind it");
    if (packed != entry.packed || unpacked != entry.unpacked) return differ("the size");
    if (crc != entry.crc) return differ("the checksum");
    const bool sizes_fit = entry.method != kStored || packed == unpacked;
    return sizes_fit ? "" : differ("the size");
  }

  // What stands behind the bytes, with or without its mark, with numbers of 4 or 8 bytes. Numbers
  // in front of the bytes may be left out then.
  bool Descriptor(Entry& entry, std::uint64_t& crc, std::uint64_t& packed,
                  std::uint64_t& unpacked) {
    const bool blank = crc == 0 && packed == 0 && unpacked == 0;
    for (const std::size_t size : {std::size_t{4}, std::size_t{8}}) {
      for (const std::size_t mark : {kDescriptorMark.size(), std::size_t{0}}) {
        const auto bytes = Read(entry.end, mark + 4 + 2 * size);
        if (!bytes || !bytes->starts_with(kDescriptorMark.substr(0, mark))) continue;
        const bool fits = Number(*bytes, mark, 4) == entry.crc &&
                          Number(*bytes, mark + 4, size) == entry.packed &&
                          Number(*bytes, mark + 4 + size, size) == entry.unpacked;
        if (!fits) continue;
        entry.end += bytes->size();
        if (entry.end > directory_) return false;
        // Some writers fill in what they know.
        if (blank || crc == 0) crc = entry.crc;
        if (blank || packed == 0) packed = entry.packed;
        if (blank || unpacked == 0) unpacked = entry.unpacked;
        return true;
      }
    }
    return false;
  }

  std::istream& file_;
  const std::uint64_t bytes_;
  std::uint64_t count_ = 0, directory_ = 0, directory_bytes_ = 0, end_ = 0;
};

}  // namespace

std::string DirectoryProblem(std::istream& file, std::uint64_t bytes, std::size_t entries_max) {
  return Directory(file, bytes).Problem(entries_max);
}

}  // namespace viasync::migrate
