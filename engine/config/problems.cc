#include "engine/config/problems.h"

#include <algorithm>
#include <istream>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/config/secrets.h"

namespace viasync::config {
namespace {

constexpr std::size_t kQuotedMax = 80;
constexpr std::size_t kExcerptMax = 240;

// Cuts at a character's start.
std::string Cut(std::string_view text, std::size_t size_max) {
  if (text.size() <= size_max) return std::string(text);
  while (size_max > 0 && (static_cast<unsigned char>(text[size_max]) & 0xC0) == 0x80) --size_max;
  return std::string(text.substr(0, size_max)) + "…";
}

}  // namespace

void Problems::Add(base::Error error) {
  ++count_;
  if (!full()) errors_.push_back(std::move(error));
}

void Problems::Add(base::SourcePos where, std::string message, std::string hint) {
  Add(base::Error{.kind = base::ErrorKind::kInvalid,
                  .message = std::move(message),
                  .hint = std::move(hint),
                  .where = std::move(where)});
}

base::Errors Problems::Take() {
  std::ranges::stable_sort(errors_, {}, &base::Error::where);
  FillExcerpts();
  if (count_ > errors_.size()) {
    errors_.push_back({.kind = base::ErrorKind::kInvalid,
                       .message = "and " + base::Plural(count_ - errors_.size(), "more problem"),
                       .hint = "mend these first"});
  }
  count_ = 0;
  return std::exchange(errors_, {});
}

// One pass over each file that has problems; they are sorted by file and line.
void Problems::FillExcerpts() {
  std::string open_file;
  std::unique_ptr<std::streambuf> bytes;
  SecretMasker masker;
  std::string line;
  int at = 0;
  for (auto& error : errors_) {
    if (!error.where || error.where->line == 0) continue;
    if (error.where->file != open_file) {
      open_file = error.where->file;
      auto opened = files_.Open(open_file);
      bytes = opened ? std::move(*opened) : nullptr;
      masker = {};
      at = 0;
    }
    if (!bytes) continue;
    std::istream in(bytes.get());
    while (at < error.where->line && std::getline(in, line)) {
      ++at;
      line = masker.Mask(line);
    }
    if (at != error.where->line || !error.excerpt.empty()) continue;
    while (!line.empty() && line.back() == '\r') line.pop_back();
    error.excerpt = Cut(line, kExcerptMax);
  }
}

std::string Quoted(std::string_view text) {
  return "`" + Cut(base::Printable(text), kQuotedMax) + "`";
}

std::string DidYouMean(std::string_view word, std::span<const std::string> candidates) {
  auto nearest = base::Nearest(word, candidates);
  return nearest ? " (did you mean " + Quoted(*nearest) + "?)" : std::string();
}

std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates) {
  std::vector<std::string> names(candidates.begin(), candidates.end());
  return DidYouMean(word, names);
}

std::string OneOf(std::span<const std::string_view> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += "`" + std::string(names[i]) + "`";
  }
  return text;
}

}  // namespace viasync::config
