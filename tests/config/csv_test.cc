#include "engine/config/csv.h"

#include <doctest/doctest.h>

#include <sstream>

namespace viasync::config {
namespace {

// Rows as `line:a|b`, joined with spaces; behind them the problem, if any.
std::string ReadAll(const std::string& text) {
  TextStream stream(std::make_unique<std::stringbuf>(text, std::ios::in), 1 << 24);
  CsvReader reader(stream);
  std::string seen;
  while (reader.Next()) {
    seen += std::to_string(reader.line()) + ":";
    for (std::size_t i = 0; i < reader.size(); ++i) {
      seen += (i ? "|" : "") + std::string(reader.field(i));
    }
    seen += " ";
  }
  if (const auto& problem = reader.problem()) {
    seen += "! " + std::to_string(problem->line) + ":" + std::to_string(problem->column) + " " +
            problem->message;
  }
  return seen;
}

TEST_CASE("rows are read as RFC 4180 has them") {
  struct {
    const char* text;
    const char* seen;
  } cases[] = {
      {"", ""},
      {"a,b\n", "1:a|b "},
      {"a,b", "1:a|b "},
      {"a,b\r\nc,d\r\n", "1:a|b 2:c|d "},
      {"a,\n,b\n,\n", "1:a| 2:|b 3:| "},
      {"\"a,b\",c\n", "1:a,b|c "},
      {"\"a \"\"b\"\"\",c\n", "1:a \"b\"|c "},
      {"\"a\nb\",c\nd,e\n", "1:a\nb|c 3:d|e "},
      {"\"a\r\nb\",c\n", "1:a\nb|c "},
      {"\"\",\"\"\n", "1:| "},
      {"a\n\n\r\nb\n", "1:a 4:b "},
      {"\xEF\xBB\xBF"
       "a,b\n",
       "1:a|b "},
      {"\xC3\xA4,b\n", "1:\xC3\xA4|b "},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(ReadAll(c.text) == c.seen);
  }
}

TEST_CASE("stray quotes and broken bytes are told with their place") {
  struct {
    const char* text;
    const char* seen;
  } cases[] = {
      {"a,b\nc,\"d\n", "1:a|b ! 2:3 this quote is never closed"},
      {"a,b\"c\n", "! 1:4 a quote stands inside a field that is not quoted"},
      {"\"a\"b,c\n", "! 1:4 text follows the closing quote of a field"},
      {"a\nb\xFF\n", "1:a ! 2:2 the file is not UTF-8"},
      {"a,b\rc,d\n",
       "! 1:4 a carriage return stands alone here: some programs take it for the end "
       "of the line"},
      {"a\n\"b\rc\"\n",
       "1:a ! 2:3 a carriage return stands alone here: some programs take it for "
       "the end of the line"},
      {"a\nb\r",
       "1:a ! 2:2 a carriage return stands alone here: some programs take it for the end "
       "of the line"},
      {"a\nb\xE2\x80\xA8\n",
       "1:a ! 2:2 the character U+2028 stands here: some programs take it for "
       "the end of the line"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(ReadAll(c.text) == c.seen);
  }
  CHECK(ReadAll("a\n\"" + std::string(2 << 20, 'x')).contains("! 2:1 this quote is never closed"));
  CHECK(ReadAll(std::string(2 << 20, 'x')).contains("! 1:1 the row is longer than 1 MB"));
}

TEST_CASE("a file that is too large is refused before it is read") {
  struct Untouched final : std::stringbuf {
    using std::stringbuf::stringbuf;
    std::streamsize xsgetn(char*, std::streamsize) override {
      FAIL("a byte was read");
      return 0;
    }
  };
  TextStream stream(std::make_unique<Untouched>(std::string(100, 'x'), std::ios::in), 99);
  CHECK(stream.sgetc() == TextStream::traits_type::eof());
  REQUIRE(stream.problem().has_value());
  CHECK(stream.problem()->message == "the file is too large");
}

TEST_CASE("rows that are sent on may hold what a configuration may not") {
  auto read = [](TextKind kind) {
    TextStream stream(std::make_unique<std::stringbuf>("a\xE2\x80\xA8\x7F", std::ios::in), 99,
                      kind);
    return stream.ReadAll();
  };
  CHECK(read(TextKind::kRows) == "a\xE2\x80\xA8\x7F");
  CHECK(read(TextKind::kConfiguration) == "");
}

TEST_CASE("a file cut at any byte never gives a row that the whole file does not start with") {
  const std::string text = "a,\"b \"\"c\"\"\"\r\n\"d\ne\",f\n";
  const std::string whole = ReadAll(text);
  for (std::size_t size = 0; size < text.size(); ++size) {
    CAPTURE(size);
    auto part = ReadAll(text.substr(0, size));
    bool starts = whole.starts_with(part.substr(0, part.find_last_of(" !|:", part.size()) + 0));
    bool refused = part.contains("!");
    CHECK((starts || refused));
  }
}

}  // namespace
}  // namespace viasync::config
