#include "engine/config/problems.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/config/excerpts.h"

namespace viasync::config {
namespace {

constexpr std::size_t kQuotedMax = 80;
constexpr std::size_t kExcerptMax = 240;

// Cuts at a character's start.
std::string Cut(std::string_view text, std::size_t size_max) {
  if (text.size() <= size_max) return std::string(text);
  return std::string(text.substr(0, base::CharacterStart(text, size_max))) + "…";
}

std::string Listed(std::span<const std::string_view> names, std::string_view quote) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text.append(quote).append(names[i]).append(quote);
  }
  return text;
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

void Problems::Warn(base::SourcePos where, std::string message, std::string hint) {
  ++warnings_count_;
  if (warnings_.size() >= kShown) return;
  warnings_.push_back({.kind = base::ErrorKind::kInvalid,
                       .message = std::move(message),
                       .hint = std::move(hint),
                       .where = std::move(where)});
}

base::Errors Problems::Take() {
  auto errors = Sorted(errors_, count_, "more problem");
  if (errors.size() > kShown) errors.back().hint = "fix these first";
  return errors;
}

base::Errors Problems::TakeWarnings() { return Sorted(warnings_, warnings_count_, "more warning"); }

base::Errors Problems::Sorted(base::Errors& errors, std::size_t& count, std::string_view more) {
  std::ranges::stable_sort(errors, {}, &base::Error::where);
  FillExcerpts(errors);
  if (count > errors.size()) {
    errors.push_back({.kind = base::ErrorKind::kInvalid,
                      .message = "and " + base::Plural(count - errors.size(), more)});
  }
  count = 0;
  return std::exchange(errors, {});
}

void Problems::FillExcerpts(base::Errors& errors) {
  std::vector<base::Error*> bare;
  for (auto& error : errors) {
    if (error.excerpt.empty()) bare.push_back(&error);
  }
  config::FillExcerpts(errors, [&](const std::string& file) {
    auto opened = files_.Open(file);
    return opened ? std::move(*opened) : nullptr;
  });
  for (auto* error : bare) error->excerpt = Cut(error->excerpt, kExcerptMax);
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

std::string OneOf(std::span<const std::string_view> names) { return Listed(names, "`"); }

std::string AnyOf(std::span<const std::string_view> names) { return Listed(names, ""); }

}  // namespace viasync::config
