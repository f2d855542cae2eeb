#include "engine/report/word_diff.h"

#include <algorithm>
#include <dtl/dtl.hpp>

namespace viasync::report {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kWordsMax = 400;  // dtl's time grows with their number times the changes

bool IsLetter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == '.';
}

// Letters that belong together, blanks that do, and each other sign for itself.
Words WordsOf(std::string_view line) {
  Words words;
  for (char c : line) {
    const bool joins = !words.empty() && ((IsLetter(c) && IsLetter(words.back().back())) ||
                                          (c == ' ' && words.back().back() == ' '));
    if (joins)
      words.back() += c;
    else
      words.emplace_back(1, c);
  }
  return words;
}

void Append(Pieces& pieces, const std::string& word, bool marked) {
  if (pieces.empty() || pieces.back().marked != marked) pieces.push_back({{}, marked});
  pieces.back().text += word;
}

Pieces Whole(std::string_view line) { return {{std::string(line), false}}; }

}  // namespace

std::pair<Pieces, Pieces> DiffWords(std::string_view was, std::string_view becomes) {
  const Words old_words = WordsOf(was), new_words = WordsOf(becomes);
  std::pair<Pieces, Pieces> pieces = {Whole(was), Whole(becomes)};
  if (std::max(old_words.size(), new_words.size()) > kWordsMax) return pieces;
  dtl::Diff<std::string, Words> diff(old_words, new_words);
  diff.compose();
  std::pair<Pieces, Pieces> found;
  std::size_t same = 0;
  for (const auto& [word, info] : diff.getSes().getSequence()) {
    const bool common = info.type == dtl::SES_COMMON;
    if (common && word.front() != ' ') same += word.size();
    if (info.type != dtl::SES_ADD) Append(found.first, word, !common);
    if (info.type != dtl::SES_DELETE) Append(found.second, word, !common);
  }
  constexpr std::size_t kLeastPart = 4;  // a quarter of the shorter line
  return same * kLeastPart >= std::min(was.size(), becomes.size()) ? found : pieces;
}

}  // namespace viasync::report
