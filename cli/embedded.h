// Files that the binary carries along (embed.bzl): what `init` and `demo` lay out.
#pragma once

#include <span>
#include <string_view>

namespace viasync::cli {

struct EmbeddedFile {
  std::string_view path;  // in the repository that is laid out
  std::string_view content;
};

std::span<const EmbeddedFile> InitFiles();
std::span<const EmbeddedFile> InitEmptyFiles();  // without samples, for an org that is pulled
std::span<const EmbeddedFile> InitGithubFiles();  // with @ENV@ and @VAR@: see pipeline_files.h
std::span<const EmbeddedFile> InitGitlabFiles();
std::span<const EmbeddedFile> DemoFiles();

}  // namespace viasync::cli
