#include "engine/store/postgres/seen.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <vector>

#include "engine/base/strings.h"
#include "engine/files/atomic_file.h"
#include "engine/store/store_file.h"

namespace viasync::store {
namespace {

constexpr std::string_view kHead = "viasync-seen 1";

std::string Hex(std::string_view bytes) {
  std::string text;
  for (unsigned char c : bytes) text += fmt::format("{:02x}", c);
  return text;
}

std::string FromHex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

std::string Content(const Seen& seen) {
  return fmt::format("{} {} {} {} {}", kHead, Hex(seen.identity), seen.mark.epoch, seen.mark.batch,
                     Hex(seen.mark.chain));
}

}  // namespace

std::optional<Seen> ReadSeen(const std::string& path) {
  std::error_code ignored;
  if (path.empty() || !std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string line;
  std::getline(file, line);
  const auto words = base::Split(line, ' ');
  if (words.size() != 7 || base::Sha256Hex(line.substr(0, line.rfind(' '))) != words.back()) {
    return std::nullopt;
  }
  Seen seen{.identity = FromHex(words[2])};
  std::from_chars(words[3].data(), words[3].data() + words[3].size(), seen.mark.epoch);
  std::from_chars(words[4].data(), words[4].data() + words[4].size(), seen.mark.batch);
  seen.mark.chain = FromHex(words[5]);
  return seen;
}

void WriteSeen(const std::string& path, const Seen& seen) {
  if (path.empty() || !MakeFolder(path)) return;
  const std::string content = Content(seen);
  (void)files::WriteWhole(path, content + " " + base::Sha256Hex(content) + "\n",
                          files::Rights::kOwner);
}

}  // namespace viasync::store
