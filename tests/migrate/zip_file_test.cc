// What a zip may hold, and what is refused with which words.
#include "engine/migrate/zip_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace viasync::migrate {
namespace {

struct Item {
  std::string path, content = "<x/>";
  bool link = false;
};

class ZipFile {
 public:
  ZipFile() {
    const char* base = getenv("TEST_TMPDIR");
    folder_ = std::string(base ? base : "/tmp") + "/zip-XXXXXX";
    REQUIRE(mkdtemp(folder_.data()) != nullptr);
  }
  ~ZipFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string Path() const { return folder_ + "/a.zip"; }

  void Pack(const std::vector<Item>& items, const char* encryption = nullptr) {
    archive* zip = archive_write_new();
    archive_write_set_format_zip(zip);
    if (encryption) {
      archive_write_set_options(zip, encryption);
      archive_write_set_passphrase(zip, "secret");
    }
    REQUIRE(archive_write_open_filename(zip, Path().c_str()) == ARCHIVE_OK);
    for (const Item& item : items) {
      archive_entry* entry = archive_entry_new();
      archive_entry_set_pathname(entry, item.path.c_str());
      archive_entry_set_filetype(entry, item.link ? AE_IFLNK : AE_IFREG);
      archive_entry_set_perm(entry, 0644);
      if (item.link) {
        archive_entry_set_symlink(entry, item.content.c_str());
      } else {
        archive_entry_set_size(entry, static_cast<la_int64_t>(item.content.size()));
      }
      REQUIRE(archive_write_header(zip, entry) == ARCHIVE_OK);
      if (!item.link) archive_write_data(zip, item.content.data(), item.content.size());
      archive_entry_free(entry);
    }
    archive_write_close(zip);
    archive_write_free(zip);
  }
  void Write(const std::string& bytes) { std::ofstream(Path(), std::ios::binary) << bytes; }
  std::string Bytes() const {
    std::ifstream file(Path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // What is wrong with it.
  std::string Refused(const ZipLimits& limits = {}) const {
    auto content = InspectZip(Path(), limits);
    REQUIRE_FALSE(content);
    CHECK_FALSE(content.error().hint.empty());
    return content.error().message;
  }

 private:
  std::string folder_;
};

bool Says(const std::string& message, const char* what) {
  if (message.find(what) != std::string::npos) return true;
  MESSAGE(message);
  return false;
}

}  // namespace

TEST_CASE_FIXTURE(ZipFile, "an honest zip is listed by object") {
  Pack({{"STRATEGY/ABC.xml"}, {"Dispositions/No Answer.xml", "<d></d>"}, {"readme.xml"}});
  auto content = InspectZip(Path());
  REQUIRE(content);
  REQUIRE(content->entries.size() == 3);
  CHECK(content->entries[0].type == "DISPOSITIONS");
  CHECK(content->entries[0].name == "No Answer");
  CHECK(content->entries[1].type == "STRATEGY");
  CHECK(content->entries[1].name == "ABC");
  CHECK(content->entries[2].type.empty());
  CHECK(content->unpacked_bytes == 15);
  CHECK(content->sha256.size() == 64);
}

TEST_CASE_FIXTURE(ZipFile, "what no honest export holds is refused") {
  Pack({{"/etc/passwd.xml"}});
  CHECK(Says(Refused(), "absolute path"));
  Pack({{"C:\\x.xml"}});
  CHECK(Says(Refused(), "absolute path"));
  Pack({{"a/../../x.xml"}});
  CHECK(Says(Refused(), "leads out"));
  Pack({{"a\\..\\x.xml"}});
  CHECK(Says(Refused(), "leads out"));
  Pack({{"x.xml", "/etc/passwd", true}});
  CHECK(Says(Refused(), "link"));
  Pack({{"x.xml"}, {"x.xml"}});
  CHECK(Says(Refused(), "twice"));
  Pack({{"a.xml"}, {"b.xml"}, {"c.xml"}});
  CHECK(Says(Refused({.entries_max = 2}), "more than 2 entries"));
}

TEST_CASE_FIXTURE(ZipFile, "a bomb is refused long before it is unpacked") {
  Pack({{"a.xml", std::string(64u << 20, ' ')}});
  CHECK(Says(Refused(), "more than 100 times its size"));
}

TEST_CASE_FIXTURE(ZipFile, "an encrypted entry is refused") {
  Pack({{"a.xml"}}, "zip:encryption=aes256");
  CHECK(Says(Refused(), "encrypted"));
}

TEST_CASE_FIXTURE(ZipFile,
                  "a zip cut off at any byte, or with a byte turned, is never taken for whole") {
  Pack({{"STRATEGY/ABC.xml", "<strategy name='ABC'>some text, some text</strategy>"}});
  const std::string whole = Bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Write(whole.substr(0, size));
    CAPTURE(size);
    CHECK_FALSE(InspectZip(Path()));
  }
  std::string turned = whole;
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(whole[i]); };
  const std::size_t header = 30u + byte(26) + byte(28) + 256u * byte(29);  // with name and extras
  const std::size_t at = header + 5;
  turned[at] = static_cast<char>(turned[at] ^ 1);
  Write(turned);
  CHECK(Says(Refused(), "damaged"));
}

TEST_CASE_FIXTURE(ZipFile, "names outside ASCII are taken, and the process keeps its locale") {
  const std::string before = setlocale(LC_ALL, nullptr);
  {
    // libarchive writes such names only in a locale that has them.
    const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", static_cast<locale_t>(nullptr));
    const locale_t old = uselocale(utf8);
    Pack({{"STRATEGY/Größe.xml"}, {"STRATEGY/留守番電話.xml"}});
    uselocale(old);
    freelocale(utf8);
  }
  auto content = InspectZip(Path());
  REQUIRE_MESSAGE(content, content.error().message);
  REQUIRE(content->entries.size() == 2);
  CHECK(content->entries[0].name == "Größe");
  CHECK(content->entries[1].name == "留守番電話");
  CHECK(before == setlocale(LC_ALL, nullptr));
  CHECK(uselocale(static_cast<locale_t>(nullptr)) == LC_GLOBAL_LOCALE);
}

TEST_CASE_FIXTURE(ZipFile, "two directories that tell different things are refused") {
  Pack({{"STRATEGY/ABC.xml", "<strategy name='ABC'>some text, some text, some text</strategy>"}});
  const std::string whole = Bytes();
  const auto central = whole.find(std::string("PK\x01\x02", 4));
  REQUIRE(central != std::string::npos);
  const struct {
    std::size_t at;
    const char* says;
  } rows[] = {
      {30 + 9, "differ in the name"},            // of the local header
      {central + 46 + 9, "differ in the name"},  // of the central directory
      {central + 16, "differ in the"},           // its checksum
      {central + 20, "differ in the"},           // its size
      {central + 24, "differ in the"},           // unpacked
      {7, "differ in the flags"},                // the local header's: names in UTF-8
  };
  for (const auto& row : rows) {
    CAPTURE(row.at);
    std::string turned = whole;
    turned[row.at] = static_cast<char>(turned[row.at] ^ (row.at == 7 ? 8 : 1));
    Write(turned);
    CHECK(Says(Refused(), row.says));
  }
  std::string packed = whole;
  packed[8] = packed[central + 10] = 12;  // bzip2
  Write(packed);
  CHECK(Says(Refused(), "packed in a way that no export uses (method 12)"));
  Write(whole + "more");
  CHECK(Says(Refused(), "behind its end"));
}

TEST_CASE_FIXTURE(ZipFile, "entries that share their bytes are refused") {
  Pack({{"a.xml", std::string(100, 'a')}, {"b.xml", std::string(100, 'a')}});
  std::string bytes = Bytes();
  const auto first = bytes.find(std::string("PK\x01\x02", 4));
  const auto second = bytes.find(std::string("PK\x01\x02", 4), first + 4);
  bytes.replace(second + 42, 4, bytes.substr(first + 42, 4));  // where its bytes begin
  bytes[second + 46] = 'a';
  Write(bytes);
  CHECK(Says(Refused(), "share bytes"));
}

TEST_CASE_FIXTURE(ZipFile, "what is not a file is refused before it is opened") {
  REQUIRE(mkfifo(Path().c_str(), 0600) == 0);
  CHECK(Says(Refused(), "is a FIFO, not a file"));
  REQUIRE(unlink(Path().c_str()) == 0);
  REQUIRE(mkdir(Path().c_str(), 0700) == 0);
  CHECK(Says(Refused(), "is a folder, not a file"));
  auto device = InspectZip("/dev/zero");
  REQUIRE_FALSE(device);
  CHECK(Says(device.error().message, "is a device, not a file"));
}

TEST_CASE_FIXTURE(ZipFile, "what is no export says what it is") {
  Write("");
  CHECK(Says(Refused(), "is empty"));
  Write("<html></html>");
  CHECK(Says(Refused(), "is not a zip file, but HTML or XML"));
  Write(std::string("\x1f\x8b\x08", 3));
  CHECK(Says(Refused(), "gzip"));
  Pack({{"[Content_Types].xml"}, {"word/document.xml"}});
  CHECK(Says(Refused(), "Office document"));
  Pack({{"META-INF/MANIFEST.MF"}, {"a.xml"}});
  CHECK(Says(Refused(), "Java archive"));
  Pack({{"photo.jpg"}});
  CHECK(Says(Refused(), "no XML"));
  auto missing = InspectZip(Path() + ".not");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == base::ErrorKind::kNotFound);
}

}  // namespace viasync::migrate
