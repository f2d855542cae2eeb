#include "cli/hints.h"

#include <algorithm>
#include <array>
#include <utility>

namespace viasync::cli {
namespace {

// Commands that act on a repository, wherever a message may name them.
constexpr std::array<std::string_view, 23> kCommands = {
    "validate", "plan",    "apply",      "pull",      "sync",      "drift",    "diff",    "export",
    "import",   "migrate", "jobs",       "records",   "fastpath",  "attempts", "scripts", "status",
    "history",  "check",   "strategies", "timezones", "reference", "api", "store"};

std::string run_at;

bool IsWordPart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == '/';
}

}  // namespace

std::string WithDirectory(std::string_view text, std::string_view at,
                          std::span<const std::string_view> commands) {
  constexpr std::string_view kTool = "viasync ";
  if (at.empty()) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const auto found = text.find(kTool);
    if (found == std::string_view::npos) break;
    const bool begins = found == 0 || !IsWordPart(text[found - 1]);
    out += text.substr(0, found + kTool.size());
    text.remove_prefix(found + kTool.size());
    const auto end = std::ranges::find_if_not(text, IsWordPart);
    const std::string_view word(text.begin(), end);
    if (!begins || std::ranges::find(commands, word) == commands.end()) continue;
    out.pop_back();
    out += std::string(at) + " ";
  }
  return out += text;
}

void RepeatDirectory(std::string at) { run_at = std::move(at); }
std::string Copyable(std::string_view text) { return WithDirectory(text, run_at, kCommands); }

}  // namespace viasync::cli
