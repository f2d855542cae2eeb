#include "engine/config/variables.h"

#include <algorithm>
#include <vector>

#include "engine/base/strings.h"
#include "engine/config/problems.h"

namespace viasync::config {
namespace {

// A stretch of the text: either taken as it is or a variable.
struct Piece {
  std::size_t begin;      // in the text
  std::size_t size;       // in the text, marks included
  std::string_view text;  // to be taken; the name where is_variable
  bool is_variable;
};

// The next stretch from `at` on; size 0: a `${` without its `}`.
Piece NextPiece(std::string_view text, std::size_t at) {
  std::string_view rest = text.substr(at);
  if (rest.starts_with("$${")) return {at, 3, "${", false};
  if (rest.starts_with("${")) {
    auto close = rest.find_first_of("}\n");
    if (close == std::string_view::npos || rest[close] != '}') return {at, 0, {}, true};
    return {at, close + 1, rest.substr(2, close - 2), true};
  }
  auto end = rest.find('$', 1);
  return {at, std::min(end, rest.size()), rest.substr(0, end), false};
}

base::Error Undefined(std::string_view name, const Variables& variables) {
  std::vector<std::string> names;
  for (const auto& [known, value] : variables) names.push_back(known);
  return {.message = "variable " + Quoted(name) + " is not defined in this environment" +
                     DidYouMean(name, names),
          .hint =
              "add it under `variables` of the environment in viasync.yaml; a plain `${` is "
              "written `$${`"};
}

}  // namespace

base::Result<std::string> Expand(std::string_view text, const Variables& variables,
                                 std::size_t& offset) {
  std::string expanded;
  for (std::size_t at = 0; at < text.size();) {
    Piece piece = NextPiece(text, at);
    offset = at;
    if (piece.size == 0) {
      return base::Fail(base::ErrorKind::kInvalid, "`${` has no closing `}`",
                        "write `${name}`; a plain `${` is written `$${`");
    }
    at += piece.size;
    if (!piece.is_variable) {
      expanded += piece.text;
      continue;
    }
    auto found = variables.find(std::string(piece.text));
    if (found == variables.end()) return base::Fail(Undefined(piece.text, variables));
    expanded += found->second;
  }
  return expanded;
}

std::size_t OriginalOffset(std::string_view text, const Variables& variables,
                           std::size_t expanded_offset) {
  std::size_t expanded = 0;
  for (std::size_t at = 0; at < text.size();) {
    Piece piece = NextPiece(text, at);
    auto found = piece.is_variable ? variables.find(std::string(piece.text)) : variables.end();
    std::size_t size = found == variables.end() ? piece.text.size() : found->second.size();
    if (expanded_offset < expanded + size) {
      return piece.is_variable ? at : at + std::min(expanded_offset - expanded, piece.size - 1);
    }
    expanded += size;
    at += std::max<std::size_t>(piece.size, 1);
  }
  return text.size();
}

bool IsVariableName(std::string_view name) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  auto inner = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return !name.empty() && letter(name.front()) && std::ranges::all_of(name, inner);
}

}  // namespace viasync::config
