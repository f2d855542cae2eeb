#include "engine/contract/codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "engine/base/strings.h"
#include "engine/contract/document.h"

namespace viasync::contract {
namespace {

std::string Squeezed(std::string_view word) {
  std::string out;
  for (char letter : base::ToLower(word)) {
    if (letter != ' ' && letter != '-' && letter != '_') out += letter;
  }
  return out;
}

// `ListStatus` -> "list status".
std::string Spaced(std::string_view name) {
  std::string out;
  for (char letter : name) {
    if (letter >= 'A' && letter <= 'Z' && !out.empty()) out += ' ';
    out += letter;
  }
  return base::ToLower(out);
}

std::optional<std::int64_t> Number(std::string_view text) {
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Codes::Codes(std::string_view table) : table_(table) {
  const Schema* schema = Document::Get().FindSchema(table);
  if (!schema || schema->words.size() != schema->values.size()) {
    std::fprintf(stderr, "schemas/openapi.json has no words for %s\n", table_.c_str());
    std::abort();
  }
  for (std::size_t i = 0; i < schema->words.size(); ++i) {
    const auto& value = schema->values[i];
    rows_.push_back(
        {value.is_string() ? *Number(value.get<std::string>()) : value.get<std::int64_t>(),
         schema->words[i]});
  }
}

bool Codes::Knows(std::int64_t code) const {
  return std::ranges::find(rows_, code, &Row::code) != rows_.end();
}

std::string Codes::Word(std::int64_t code) const {
  auto row = std::ranges::find(rows_, code, &Row::code);
  return row == rows_.end() ? std::to_string(code) : row->word;
}

base::Result<std::int64_t> Codes::Parse(std::string_view text) const {
  const std::string wanted = Squeezed(base::Trim(text));
  auto number = Number(wanted);
  for (const Row& row : rows_) {
    if (number ? row.code == *number : Squeezed(row.word) == wanted) return row.code;
  }
  auto words = Words();
  auto nearest = base::Nearest(base::ToLower(text), words);
  constexpr std::size_t kAllMax = 12;
  std::string hint = "write one of " + base::Join(words, ", ") + ", or its code";
  if (nearest) {
    hint = "did you mean `" + *nearest + "`?";
  } else if (words.size() > kAllMax) {
    hint = fmt::format("write one of its {} words or codes: `viasync schema openapi` lists them",
                       words.size());
  }
  return base::Fail(base::ErrorKind::kInvalid,
                    fmt::format("`{}` is no {}", base::Printable(text), Spaced(table_)),
                    std::move(hint));
}

std::vector<std::int64_t> Codes::All() const {
  std::vector<std::int64_t> codes;
  for (const Row& row : rows_) codes.push_back(row.code);
  return codes;
}

std::vector<std::string> Codes::Words() const {
  std::vector<std::string> words;
  for (const Row& row : rows_) words.push_back(row.word);
  return words;
}

}  // namespace viasync::contract
