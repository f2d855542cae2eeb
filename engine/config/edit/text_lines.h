// Lines of a text, by byte offsets. Lines end with LF or CRLF; the last one may end with nothing.
#pragma once

#include <cstddef>
#include <string_view>

namespace viasync::config {

std::size_t LineBegin(std::string_view text, std::size_t at);
// Behind the text of the line, in front of its line break.
std::size_t LineStop(std::string_view text, std::size_t at);
// Behind the line break: where the next line begins.
std::size_t LineEnd(std::string_view text, std::size_t at);

// Bytes between the begin of the line and `at`; a byte order mark does not count.
std::size_t ColumnOf(std::string_view text, std::size_t at);

// What the first line ends with; LF where there is none.
std::string_view LineBreakOf(std::string_view text);

// From the begin of a line: how many blanks it starts with.
std::size_t IndentAt(std::string_view text, std::size_t line_begin);
bool IsBlankLine(std::string_view text, std::size_t line_begin);
bool IsCommentLine(std::string_view text, std::size_t line_begin);

// Where the comment begins that stands directly above the line: comment lines with `indent_min` to
// `indent_max` blanks in front, without a blank line between. `line_begin` itself where there is
// none. Nothing above `floor` is looked at.
std::size_t CommentBegin(std::string_view text, std::size_t line_begin, std::size_t floor,
                         std::size_t indent_min = 0,
                         std::size_t indent_max = std::string_view::npos);

// The comment that would become part of a block scalar whose lines are indented by `indent`, if it
// ended above the line; npos: there is none.
std::size_t SwallowedComment(std::string_view text, std::size_t line_begin, std::size_t indent);

// The first byte from `at` on that is neither blank, line break nor comment.
std::size_t SkipSpaceAndComments(std::string_view text, std::size_t at);

}  // namespace viasync::config
