#include "engine/base/redact.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "engine/base/escapes.h"
#include "engine/base/strings.h"

namespace viasync::base {
namespace {

constexpr std::size_t kWordMin = 4;
constexpr std::size_t kSecretMin = 8;
constexpr std::size_t kStart = 4;  // bytes by which a needle is looked up
constexpr int kLayersMax = 5;      // of escapes, one around the other
constexpr std::size_t kMaybeBits = 1 << 16;

std::uint32_t StartOf(const char* bytes) {
  std::uint32_t start = 0;
  std::memcpy(&start, bytes, kStart);
  return start;
}

std::uint32_t HashOf(std::uint32_t start) { return (start * 0x9E3779B1u) >> 16; }

std::string Base64Of(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// What every Base64 text holds that has `secret` at an offset of `before` bytes, modulo 3: without
// the letters that its neighbours decide.
std::string InsideBase64(std::string_view secret, std::size_t before) {
  const std::string text = Base64Of(std::string(before, '\0') + std::string(secret));
  const std::size_t first = (before * 8 + 5) / 6, last = (before + secret.size()) * 8 / 6;
  return text.substr(first, last - first);
}

std::string UrlSafe(std::string text) {
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

// Each byte as `format` says, with `between` them: `73:33`, `115,51`.
std::string Listed(std::string_view bytes, const char* format, std::string_view between) {
  std::string list;
  for (unsigned char c : bytes) {
    if (!list.empty()) list += between;
    list += fmt::format(fmt::runtime(format), c);
  }
  return list;
}

// As UTF-16, which is how some systems put a text into Base64.
std::string Wide(std::string_view ascii, bool high_first) {
  std::string wide;
  for (char c : ascii) {
    if (high_first) wide += '\0';
    wide += c;
    if (!high_first) wide += '\0';
  }
  return wide;
}

// A quote that stands for itself between quotes of its kind: `""` of CSV, `''` of YAML and SQL.
std::string Doubled(std::string_view text, char quote) {
  std::string doubled;
  for (char c : text) doubled.append(c == quote ? 2 : 1, c);
  return doubled;
}

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool IsBase64Byte(char c) { return IsWordByte(c) || c == '+' || c == '/' || c == '='; }

bool IsOrdinaryWord(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

using Places = std::vector<std::pair<std::size_t, std::size_t>>;

// Calls visit(layer) for `text` and for what is left as its escapes come off; it says whether to go
// on.
template <class Visit>
void ForEachLayer(std::string_view text, bool placed, Visit visit) {
  const Unescaped bare = Squeezed(text, placed);
  if (!visit(bare)) return;
  for (auto quoted_printable : {QuotedPrintable::kNo, QuotedPrintable::kYes}) {
    if (quoted_printable == QuotedPrintable::kYes && !HasQuotedPrintable(bare.bytes)) return;
    Unescaped layer = WithoutOneLayer(bare, quoted_printable);
    for (int i = 1; layer.changed && i <= kLayersMax; ++i) {
      if (!visit(layer)) return;
      layer = WithoutOneLayer(layer, quoted_printable);
    }
  }
}

// In order, and without overlaps.
Places Merged(Places places) {
  std::ranges::sort(places);
  Places merged;
  for (const auto& [first, last] : places) {
    if (!merged.empty() && first <= merged.back().second) {
      merged.back().second = std::max(merged.back().second, last);
    } else {
      merged.emplace_back(first, last);
    }
  }
  return merged;
}

}  // namespace

Redactor::Redactor() : maybe_(kMaybeBits / 64) {}

Redactor::Redactor(std::initializer_list<std::string_view> secrets) : Redactor() {
  for (std::string_view secret : secrets) Add(secret);
}

void Redactor::AddNeedle(std::string text, Where where) {
  if (text.size() < kStart) return;
  const std::uint32_t start = StartOf(text.data());
  auto& same_start = by_start_[start];
  for (std::uint32_t known : same_start) {
    if (needles_[known].text == text && needles_[known].where == where) return;
  }
  same_start.push_back(static_cast<std::uint32_t>(needles_.size()));
  const std::uint32_t hash = HashOf(start);
  maybe_[hash / 64] |= std::uint64_t{1} << hash % 64;
  needles_.push_back({std::move(text), where});
}

// As the text that is searched, a secret that looks escaped itself loses its layers.
void Redactor::AddSpellings(std::string_view secret) {
  ForEachLayer(secret, false, [&](const Unescaped& layer) {
    if (layer.bytes.size() >= kSecretMin) AddNeedle(layer.bytes, Where::kAnywhere);
    return true;
  });
}

void Redactor::Add(std::string_view secret) {
  secret = Trim(secret);
  if (secret.size() < kWordMin) return;
  if (secret.size() < kSecretMin) {
    if (!IsOrdinaryWord(secret)) AddNeedle(std::string(secret), Where::kWholeWord);
    return;
  }
  for (const std::string& spelling : {std::string(secret), ToLower(secret), ToUpper(secret),
                                      Doubled(secret, '"'), Doubled(secret, '\'')}) {
    AddSpellings(spelling);
  }
  for (const std::string& bytes : {std::string(secret), Wide(secret, false), Wide(secret, true)}) {
    for (std::size_t before : {0, 1, 2}) {
      const std::string inside = InsideBase64(bytes, before);
      if (inside.size() < kSecretMin) continue;
      AddNeedle(inside, Where::kInBase64);
      AddNeedle(UrlSafe(inside), Where::kInBase64);
    }
  }
  for (const char* format : {"{:02x}", "{:02X}"}) {
    for (const char* between : {"", ":", "-", ",", ",0x"}) {
      AddNeedle(Listed(secret, format, between), Where::kAnywhere);
    }
  }
  AddNeedle(Listed(secret, "{}", ","), Where::kAnywhere);
}

void Redactor::AddPair(std::string_view user, std::string_view password) {
  const std::string pair = std::string(user) + ":" + std::string(password);
  Add(password);
  if (password.empty()) return;
  Add(pair);
  Add(Base64Of(pair));
}

void Redactor::AddUrlCredentials(std::string_view url) {
  const auto scheme = url.find("//");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 2);
  const auto at = url.rfind('@');
  const std::string_view user_info = at == std::string_view::npos ? url : url.substr(0, at);
  const auto colon = user_info.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view password = user_info.substr(colon + 1);
  // Without an `@` it may be `host:port` as well.
  const bool is_port = password.find_first_not_of("0123456789/") == std::string_view::npos;
  if (at == std::string_view::npos && is_port) return;
  AddPair(user_info.substr(0, colon), password);
}

// Calls hit(needle, first, last) for every needle in `bytes`; it says whether to go on.
template <class Hit>
void Redactor::Match(std::string_view bytes, Hit hit) const {
  for (std::size_t i = 0; i + kStart <= bytes.size(); ++i) {
    const std::uint32_t start = StartOf(bytes.data() + i);
    const std::uint32_t hash = HashOf(start);
    if ((maybe_[hash / 64] >> hash % 64 & 1) == 0) continue;
    const auto found = by_start_.find(start);
    if (found == by_start_.end()) continue;
    for (std::uint32_t index : found->second) {
      const Needle& needle = needles_[index];
      if (!bytes.substr(i).starts_with(needle.text)) continue;
      if (!hit(needle, i, i + needle.text.size())) return;
    }
  }
}

bool Redactor::FoundIn(std::string_view text) const {
  return Holds(text, [](const Needle& needle) { return needle.where != Where::kWholeWord; });
}

// Quicker than Find, which most texts need not go through.
template <class Counts>
bool Redactor::Holds(std::string_view text, Counts counts) const {
  if (empty()) return false;
  bool found = false;
  ForEachLayer(text, false, [&](const Unescaped& layer) {
    Match(layer.bytes, [&](const Needle& needle, std::size_t, std::size_t) {
      found = found || counts(needle);
      return !found;
    });
    return !found;
  });
  return found;
}

Places Redactor::Find(std::string_view text) const {
  if (!Holds(text, [](const Needle&) { return true; })) return {};
  Places places;
  ForEachLayer(text, true, [&](const Unescaped& layer) {
    auto is_joined = [&](std::size_t i) {
      return layer.last[i - 1] == layer.first[i] && IsBase64Byte(layer.bytes[i - 1]) &&
             IsBase64Byte(layer.bytes[i]);
    };
    Match(layer.bytes, [&](const Needle& needle, std::size_t first, std::size_t last) {
      if (needle.where == Where::kInBase64) {  // with the letters at its ends
        const std::size_t least = first > 3 ? first - 3 : 0;
        const std::size_t most = std::min(last + 4, layer.bytes.size());
        while (first > least && is_joined(first)) --first;
        while (last < most && is_joined(last)) ++last;
      }
      const std::size_t from = layer.first[first], to = layer.last[last - 1];
      const bool in_word =
          (from > 0 && IsWordByte(text[from - 1])) || (to < text.size() && IsWordByte(text[to]));
      if (needle.where != Where::kWholeWord || !in_word) places.emplace_back(from, to);
      return true;
    });
    return true;
  });
  return Merged(std::move(places));
}

std::string Redactor::Redacted(std::string_view text) const {
  if (empty()) return std::string(text);
  std::string redacted;
  std::size_t at = 0;
  for (const auto& [first, last] : Find(text)) {
    redacted += text.substr(at, first - at);
    redacted += "***";
    at = last;
  }
  redacted += text.substr(at);
  return redacted;
}

namespace {

std::mutex run_mutex;
std::shared_ptr<const Redactor> run_secrets = std::make_shared<Redactor>();

// Readers keep the one they have.
template <class Change>
void ChangeRunSecrets(Change change) {
  std::lock_guard lock(run_mutex);
  auto changed = std::make_shared<Redactor>(*run_secrets);
  change(*changed);
  run_secrets = std::move(changed);
}

}  // namespace

void NoteSecret(std::string_view secret) {
  ChangeRunSecrets([&](Redactor& secrets) { secrets.Add(secret); });
}

void NoteSecretPair(std::string_view user, std::string_view password) {
  ChangeRunSecrets([&](Redactor& secrets) { secrets.AddPair(user, password); });
}

void NoteUrlCredentials(std::string_view url) {
  ChangeRunSecrets([&](Redactor& secrets) { secrets.AddUrlCredentials(url); });
}

void ForgetSecrets() {
  ChangeRunSecrets([](Redactor& secrets) { secrets = Redactor(); });
}

std::shared_ptr<const Redactor> RunSecrets() {
  std::lock_guard lock(run_mutex);
  return run_secrets;
}

}  // namespace viasync::base
