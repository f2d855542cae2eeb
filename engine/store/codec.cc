#include "engine/store/codec.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace viasync::store {
namespace {

constexpr std::size_t kChecksumBytes = 4;

// Names of fields that are written as their place here, from 1 on. They are on disk: only ever add
// at the end. It spares a fifth of a base of exclusions.
constexpr std::array<std::string_view, 11> kNames = {"name",  "description", "schema", "criteria",
                                                     "type",  "address",     "list",   "reason",
                                                     "start", "end",         "filter"};

// FNV-1a: no single flipped byte keeps it.
std::uint64_t Mix(std::uint64_t hash, std::string_view bytes) {
  for (unsigned char c : bytes) hash = (hash ^ c) * 0x100000001b3ULL;
  return hash;
}

std::uint32_t Checksum(std::string_view key, std::string_view content) {
  const std::uint64_t hash = Mix(Mix(0xcbf29ce484222325ULL, key) + key.size(), content);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

class Writer {
 public:
  void Number(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) bytes_ += static_cast<char>(number | 0x80);
    bytes_ += static_cast<char>(number);
  }
  void Text(std::string_view text) {
    Number(text.size());
    bytes_ += text;
  }
  void Name(std::string_view name) {
    const auto found = std::ranges::find(kNames, name);
    const bool known = found != kNames.end();
    Number(known ? static_cast<std::uint64_t>(found - kNames.begin()) + 1 : 0);
    if (!known) Text(name);
  }
  void All(const Values& values) {
    Number(values.size());
    for (const auto& [name, value] : values) {
      Name(name);
      Text(value);
    }
  }
  void Record(const BaseRecord& record) {
    All(record.value);
    Number(record.seen ? 1 : 0);
    if (record.seen) All(*record.seen);
  }
  std::string Seal(std::string_view key) && {
    const std::uint32_t sum = Checksum(key, bytes_);
    for (std::size_t i = 0; i < kChecksumBytes; ++i) {
      bytes_ += static_cast<char>((sum >> (8 * i)) & 0xff);
    }
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
};

// Reads what Writer wrote. After the first thing that does not fit, `Fits` is false for good and
// everything else reads as empty.
class Reader {
 public:
  Reader(std::string_view key, std::string_view bytes) {
    if (bytes.size() < kChecksumBytes) return;
    rest_ = bytes.substr(0, bytes.size() - kChecksumBytes);
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < kChecksumBytes; ++i) {
      const auto byte = static_cast<unsigned char>(bytes[rest_.size() + i]);
      sum |= std::uint32_t{byte} << (8 * i);
    }
    fits_ = sum == Checksum(key, rest_);
  }

  std::uint64_t Number() {
    std::uint64_t number = 0;
    for (int shift = 0; fits_ && shift < 63; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      number |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return number;
    }
    fits_ = false;
    return 0;
  }
  bool Flag() {
    const std::uint64_t number = Number();
    fits_ = fits_ && number <= 1;
    return number == 1;
  }
  std::string Text() {
    const std::uint64_t size = Number();
    if (size > rest_.size()) fits_ = false;
    if (!fits_) return {};
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  std::string Name() {
    const std::uint64_t place = Number();
    if (place == 0) return Text();
    if (place > kNames.size()) fits_ = false;
    return fits_ ? std::string(kNames[place - 1]) : std::string();
  }
  Values All() {
    const std::uint64_t count = Number();
    Values values;
    if (count > rest_.size()) fits_ = false;  // a pair takes two bytes at least
    if (!fits_) return values;
    values.reserve(count);
    for (std::uint64_t i = 0; fits_ && i < count; ++i) {
      std::string name = Name();
      values.emplace_back(std::move(name), Text());
    }
    return values;
  }
  BaseRecord Record() {
    BaseRecord record;
    record.value = All();
    if (Flag()) record.seen = All();
    return record;
  }
  bool Done() const { return fits_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool fits_ = false;
};

}  // namespace

int KindNumber(model::Kind kind) { return model::InfoOf(kind).number_on_disk; }

std::optional<model::Kind> KindFromNumber(std::int64_t number) {
  for (auto kind : model::kKinds) {
    if (KindNumber(kind) == number) return kind;
  }
  return std::nullopt;
}

std::string EncodeValues(std::string_view key, const Values& values) {
  Writer writer;
  writer.All(values);
  return std::move(writer).Seal(key);
}

std::optional<Values> DecodeValues(std::string_view key, std::string_view bytes) {
  Reader reader(key, bytes);
  Values values = reader.All();
  if (!reader.Done()) return std::nullopt;
  return values;
}

std::string EncodeRecord(std::string_view key, const BaseRecord& record) {
  Writer writer;
  writer.Record(record);
  return std::move(writer).Seal(key);
}

std::optional<BaseRecord> DecodeRecord(std::string_view key, std::string_view bytes) {
  Reader reader(key, bytes);
  BaseRecord record = reader.Record();
  if (!reader.Done()) return std::nullopt;
  return record;
}

std::string EncodeMove(std::string_view key, const BaseMove& move) {
  Writer writer;
  writer.Number(static_cast<std::uint64_t>(KindNumber(move.kind)));
  writer.Text(move.key);
  writer.Number(move.record ? 1 : 0);
  if (move.record) writer.Record(*move.record);
  return std::move(writer).Seal(key);
}

std::optional<BaseMove> DecodeMove(std::string_view key, std::string_view bytes) {
  Reader reader(key, bytes);
  const auto kind = KindFromNumber(static_cast<std::int64_t>(reader.Number()));
  BaseMove move;
  move.key = reader.Text();
  if (reader.Flag()) move.record = reader.Record();
  if (!reader.Done() || !kind) return std::nullopt;
  move.kind = *kind;
  if (move.record) {
    move.record->kind = move.kind;
    move.record->key = move.key;
  }
  return move;
}

}  // namespace viasync::store
