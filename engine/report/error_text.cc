#include "engine/report/error_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace viasync::report {
namespace {

using base::ErrorKind;

// Of a longer line only the surroundings of the column are shown.
constexpr std::size_t kBeforeCaretMax = 60;
constexpr std::size_t kExcerptMax = 100;

std::string_view KindText(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalid:
      return "invalid";
    case ErrorKind::kNotFound:
      return "not-found";
    case ErrorKind::kIo:
      return "io";
    case ErrorKind::kNetwork:
      return "network";
    case ErrorKind::kAuth:
      return "auth";
    case ErrorKind::kRejected:
      return "rejected";
    case ErrorKind::kConflict:
      return "conflict";
    case ErrorKind::kUnavailable:
      return "unavailable";
    case ErrorKind::kProtocol:
      return "protocol";
    case ErrorKind::kLimit:
      return "limit";
    case ErrorKind::kStale:
      return "stale";
    case ErrorKind::kBusy:
      return "busy";
    case ErrorKind::kLeaseLost:
      return "lease-lost";
    case ErrorKind::kUnknown:
      return "unknown";
    case ErrorKind::kInterrupted:
      return "interrupted";
  }
  return {};
}

std::vector<const base::Error*> Sorted(const base::Errors& errors) {
  std::vector<const base::Error*> sorted;
  for (const auto& error : errors) sorted.push_back(&error);
  std::ranges::stable_sort(sorted, {}, [](const base::Error* error) {
    return std::tuple(!error->where, error->where.value_or(base::SourcePos{}));
  });
  return sorted;
}

std::string PlaceText(const base::SourcePos& where) {
  std::string text = base::Printable(where.file);
  if (where.line > 0) text += ":" + std::to_string(where.line);
  if (where.line > 0 && where.column > 0) text += ":" + std::to_string(where.column);
  return text;
}

// Tabs as blanks, so that the caret stands under the column on any terminal.
std::string Blanks(std::string_view text) {
  std::string blanks(text);
  std::ranges::replace(blanks, '\t', ' ');
  return base::Printable(blanks);
}

std::string ExcerptText(const base::Error& error, const Style& style) {
  std::string_view line = error.excerpt;
  auto column = static_cast<std::size_t>(std::max(error.where->column, 0));
  std::size_t at = std::min(column > 0 ? column - 1 : 0, line.size());
  at = base::CharacterStart(line, at);
  const std::size_t first =
      base::CharacterStart(line, at > kBeforeCaretMax ? at - kBeforeCaretMax : 0);
  std::string before = (first > 0 ? "…" : "") + Blanks(line.substr(first, at - first));
  std::string number = std::to_string(error.where->line);
  std::string text = "  " + Paint(style, Colour::kDim, number + " | ") + before +
                     Clip(Blanks(line.substr(at)), kExcerptMax) + "\n";
  if (column == 0) return text;
  return text + "  " + Paint(style, Colour::kDim, std::string(number.size(), ' ') + " | ") +
         std::string(Columns(before), ' ') + Paint(style, Colour::kRed, "^") + "\n";
}

nlohmann::ordered_json ItemsOf(const base::Errors& errors) {
  using Json = nlohmann::ordered_json;
  Json items = Json::array();
  for (const auto* error : Sorted(errors)) {
    Json item = {{"kind", KindText(error->kind)}, {"message", error->message}};
    if (!error->hint.empty()) item["hint"] = error->hint;
    if (error->where) item["file"] = error->where->file;
    if (error->where && error->where->line > 0) item["line"] = error->where->line;
    if (error->where && error->where->column > 0) item["column"] = error->where->column;
    if (!error->excerpt.empty()) item["excerpt"] = error->excerpt;
    if (error->http_status != 0) item["httpStatus"] = error->http_status;
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace

std::string ErrorText(const base::Error& error, const Style& style) {
  bool placed = error.where && !error.where->file.empty();
  std::string text = placed ? Paint(style, Colour::kBold, PlaceText(*error.where) + ":")
                            : Paint(style, Colour::kRed, "error:");
  text += " " + base::Printable(error.message) + "\n";
  if (placed && error.where->line > 0 && !error.excerpt.empty()) text += ExcerptText(error, style);
  if (!error.hint.empty()) {
    text += "  " + Paint(style, Colour::kCyan, "→") + " " + base::Printable(error.hint) + "\n";
  }
  return text;
}

std::string ErrorsText(const base::Errors& errors, const Style& style, std::size_t shown_max) {
  std::vector<std::string> texts;
  const auto sorted = Sorted(errors);
  const auto placed = static_cast<std::size_t>(std::ranges::count_if(
      errors, [](const base::Error& error) { return error.where.has_value(); }));
  // One more is as short as saying that there is one.
  const std::size_t shown = placed <= shown_max + 1 ? placed : shown_max;
  for (std::size_t i = 0; i < shown; ++i) texts.push_back(ErrorText(*sorted[i], style));
  if (shown < placed) {
    texts.push_back("… and " + base::Plural(placed - shown, "more error") + "\n");
  }
  // What has no place may be the count of what was not even kept.
  for (std::size_t i = placed; i < sorted.size(); ++i)
    texts.push_back(ErrorText(*sorted[i], style));
  return base::Join(texts, "\n");
}

std::string ErrorsJson(const base::Errors& errors, const base::Errors& warnings) {
  nlohmann::ordered_json json = {{"errors", ItemsOf(errors)}};
  if (!warnings.empty()) json["warnings"] = ItemsOf(warnings);
  return base::DumpJson(json, 2) + "\n";
}

}  // namespace viasync::report
