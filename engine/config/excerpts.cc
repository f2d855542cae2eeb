#include "engine/config/excerpts.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/config/line_cursor.h"
#include "engine/config/secrets.h"

namespace viasync::config {
namespace {

// The lines of one file, each seen in its turn.
class Lines {
 public:
  explicit Lines(std::unique_ptr<std::streambuf> bytes) : bytes_(std::move(bytes)) {
    if (bytes_) cursor_.emplace(*bytes_);
  }

  // Line `number`, or nothing where there is none. Numbers must not fall.
  std::optional<std::string_view> At(int number) {
    if (!cursor_) return std::nullopt;
    while (cursor_->number() < number && cursor_->Next()) line_ = masker_.Mask(cursor_->text());
    if (cursor_->number() != number) return std::nullopt;
    std::string_view shown = line_;
    while (shown.ends_with('\r')) shown.remove_suffix(1);
    return shown;
  }

 private:
  std::unique_ptr<std::streambuf> bytes_;
  std::optional<LineCursor> cursor_;
  SecretMasker masker_;
  std::string line_;
};

}  // namespace

void FillExcerpts(base::Errors& errors,
                  const std::function<std::unique_ptr<std::streambuf>(const std::string&)>& open) {
  std::vector<base::Error*> wanted;
  for (auto& error : errors) {
    if (error.where && error.where->line > 0 && error.excerpt.empty()) wanted.push_back(&error);
  }
  std::ranges::stable_sort(wanted, {}, [](const auto* error) { return *error->where; });
  const std::string* file = nullptr;
  std::optional<Lines> lines;
  for (auto* error : wanted) {
    if (!file || *file != error->where->file) {
      file = &error->where->file;
      lines.emplace(open(*file));
    }
    if (auto line = lines->At(error->where->line)) error->excerpt = *line;
  }
}

}  // namespace viasync::config
