// Collects what is wrong in the user's files: all of it up to a cap, in the order of the files,
// each with the line as it stands there. Secrets never get into it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/config/file_tree.h"

namespace viasync::config {

class Problems {
 public:
  // `files` must outlive this.
  explicit Problems(FileTree& files) : files_(files) {}

  void Add(base::Error error);
  void Add(base::SourcePos where, std::string message, std::string hint);

  // Something to look at that stops nothing.
  void Warn(base::SourcePos where, std::string message, std::string hint);

  bool empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  // True when further problems are only counted: no need to find out more about them.
  bool full() const { return errors_.size() >= kShown; }
  FileTree& files() { return files_; }

  // The problems sorted by place, with their lines; more than kShown are counted in a last one.
  base::Errors Take();
  // The warnings in the same way.
  base::Errors TakeWarnings();

  static constexpr std::size_t kShown = 50;

 private:
  base::Errors Sorted(base::Errors& errors, std::size_t& count, std::string_view more);
  void FillExcerpts(base::Errors& errors);

  FileTree& files_;
  base::Errors errors_;
  std::size_t count_ = 0;
  base::Errors warnings_;
  std::size_t warnings_count_ = 0;
};

// `text` in back quotes, safe to print, long ones cut.
std::string Quoted(std::string_view text);

// " (did you mean `criteria`?)" or nothing: for the end of a message.
std::string DidYouMean(std::string_view word, std::span<const std::string> candidates);
std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates);

// "`a`, `b` or `c`".
std::string OneOf(std::span<const std::string_view> names);
// The same without quotes: `filters, exclusions or lists`.
std::string AnyOf(std::span<const std::string_view> names);

}  // namespace viasync::config
