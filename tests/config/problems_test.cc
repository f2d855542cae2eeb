#include "engine/config/problems.h"

#include <doctest/doctest.h>

#include <array>
#include <sstream>

#include "engine/config/excerpts.h"
#include "engine/config/line_cursor.h"
#include "engine/config/secrets.h"
#include "engine/config/text_place.h"
#include "tests/config/memory_tree.h"

namespace viasync::config {
namespace {

TEST_CASE("problems come in the order of the files, each with its line") {
  MemoryTree files(Files{{"a", "a1\r\na2\na3"}, {"b", "b1\n"}});
  Problems problems(files);
  problems.Add({"b", 1, 1}, "third", "");
  problems.Add({"a", 3, 1}, "second", "");
  problems.Add({"a", 1, 2}, "first", "");
  problems.Add({"a", 1, 2}, "first again", "");
  problems.Add({"b", 9, 1}, "behind the end", "");
  auto errors = problems.Take();
  CHECK(Lines(errors) ==
        "a:1:2: first\na:1:2: first again\na:3:1: second\nb:1:1: third\nb:9:1: behind the end");
  std::string excerpts;
  for (const auto& error : errors) excerpts += error.excerpt + ",";
  CHECK(excerpts == "a1,a1,a3,b1,,");
}

// A file of one line that never ends.
struct Endless final : std::streambuf {
  std::size_t& read;
  std::array<char, 1024> bytes{};
  explicit Endless(std::size_t& counter) : read(counter) {}
  int_type underflow() override {
    read += bytes.size();
    setg(bytes.data(), bytes.data(), bytes.data() + bytes.size());
    return 0;
  }
};

TEST_CASE("an excerpt reads no more of a line than it shows") {
  struct EndlessTree final : FileTree {
    std::size_t read = 0;
    base::Result<std::vector<std::string>> List(const std::string&) override {
      return std::vector<std::string>{};
    }
    base::Result<std::unique_ptr<std::streambuf>> Open(const std::string&) override {
      return std::make_unique<Endless>(read);
    }
  };
  EndlessTree files;
  Problems problems(files);
  problems.Add({"a", 1, 1}, "bad", "");
  auto errors = problems.Take();
  CHECK(errors.front().excerpt.size() > 100);
  CHECK(files.read <= LineCursor::kExcerptBytes + 1024);
}

TEST_CASE("lines are found behind one that is cut") {
  std::stringbuf bytes(std::string(10'000, 'x') + "\n" + std::string(4096, 'y') + "\nz\n\nlast");
  LineCursor lines(bytes);
  std::string seen;
  while (lines.Next()) seen += std::to_string(lines.text().size()) + " ";
  CHECK(seen == "4096 4096 1 0 4 ");
  base::Errors errors = {{.message = "", .where = base::SourcePos{"f", 3, 1}}};
  FillExcerpts(errors, [](const std::string&) {
    return std::make_unique<std::stringbuf>(std::string(10'000, 'x') + "\n\nz\n");
  });
  CHECK(errors.front().excerpt == "z");
}

TEST_CASE("each file is read once, however many errors it has and in whatever order they come") {
  base::Errors errors;
  for (int line = 1000; line > 0; --line) {
    errors.push_back({.message = "", .where = base::SourcePos{line % 2 ? "odd" : "even", line, 1}});
  }
  errors.push_back({.message = "", .where = base::SourcePos{"gone", 1, 1}});
  errors.push_back({.message = "no place"});
  errors.push_back({.message = "", .where = base::SourcePos{"odd", 1, 1}, .excerpt = "kept"});
  int opened = 0;
  FillExcerpts(errors, [&](const std::string& file) -> std::unique_ptr<std::streambuf> {
    ++opened;
    if (file == "gone") return nullptr;
    std::string text;
    for (int line = 1; line <= 1000; ++line) text += file + std::to_string(line) + "\r\n";
    return std::make_unique<std::stringbuf>(text);
  });
  CHECK(opened == 3);
  CHECK(errors.front().excerpt == "even1000");
  CHECK(errors[999].excerpt == "odd1");
  CHECK(errors[1000].excerpt.empty());
  CHECK(errors.back().excerpt == "kept");
}

TEST_CASE("warnings stop nothing, and come in the same way") {
  MemoryTree files(Files{{"a", "a1\na2\n"}});
  Problems problems(files);
  problems.Warn({"a", 2, 1}, "look", "do");
  CHECK(problems.empty());
  auto warnings = problems.TakeWarnings();
  CHECK(Lines(warnings) == "a:2:1: look");
  CHECK(warnings.front().excerpt == "a2");
  CHECK(problems.TakeWarnings().empty());
}

TEST_CASE("problems past the cap are counted") {
  MemoryTree files(Files{});
  Problems problems(files);
  for (int i = 0; i < 60; ++i) problems.Add({"a", i + 1, 1}, "bad", "");
  auto errors = problems.Take();
  CHECK(errors.size() == 51);
  CHECK(errors.back().message == "and 10 more problems");
}

TEST_CASE("a masked line shows where a secret stood, not what it was") {
  struct {
    const char* line;
    const char* masked;
  } cases[] = {
      {"org: acme", "org: acme"},
      {"  client_secret: abc", "  client_secret: ********"},
      {"{org: a, \"Api-Key\" : abc, x: y}", "{org: a, \"Api-Key\" : ********"},
      {"password=abc", "password= ********"},
      {"token_url: https://id.example/token", "token_url: https://id.example/token"},
      {"u: https://me:abc@host/x https://you@h", "u: https://********@host/x https://********@h"},
      {"u: https:/me:abc@host", "u: https:/********@host"},
      {"u: me:a/bc@host", "u: ********@host"},
      {"u: https://host/x?key=abc#d", "u: https://host/x?********"},
      {"client_secrt: abc", "client_secrt: ********"},
      {"ClientSecert : abc", "ClientSecert : ********"},
      {"my_client_secret2: abc", "my_client_secret2: ********"},
      {"'client_secret': abc", "'client_secret': ********"},
      {"\"client\\u005fsecret\": abc", "\"client\\u005fsecret\": ********"},
      {"\"\\x61pi_key\": abc", "\"\\x61pi_key\": ********"},
      {"curl -H 'x-api-key: abc'", "curl -H 'x-api-key: ********"},
      {"  pwd: abc", "  pwd: ********"},
      {"bearer : abc", "bearer : ********"},
      {"PASSPHRASE: abc", "PASSPHRASE: ********"},
      {"{auth: abc}", "{auth: ********"},
      {"session_cookie: abc", "session_cookie: ********"},
      {"path: /x?key=abc&sig=def", "path: /x?key= ********"},
      {"    client_secret abc", "    client_secret ********"},
      {"  - api_key abc", "  - api_key ********"},
      {"keys_property: objectKeys", "keys_property: objectKeys"},
      {"region: us", "region: us"},
      {"credential_command: pass show x", "credential_command: pass show x"},
      {"store: state.db", "store: state.db"},
      {"address: joe@example.com", "address: joe@example.com"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.line);
    CHECK(SecretMasker().Mask(c.line) == c.masked);
  }
}

TEST_CASE("the value of a secret key is masked on the lines that follow as well") {
  SecretMasker masker;
  CHECK(masker.Mask("a: 1") == "a: 1");
  CHECK(masker.Mask("? client_secret") == "? client_secret");
  CHECK(masker.Mask(": abc") == ": ********");
  CHECK(masker.Mask("  def") == "  ********");
  CHECK(masker.Mask("b: 2") == "b: 2");
}

TEST_CASE("a byte of a scalar is found where it stands in the file") {
  struct {
    const char* file;
    base::SourcePos start;
    const char* text;
    char wanted;
    int line;
    int column;
  } cases[] = {
      {"c: |\n  ab\n\n  cXd\n", {"f", 1, 4}, "ab\n\ncXd\n", 'X', 4, 4},
      {"c: >-\n  ab\n  cX\n", {"f", 1, 4}, "ab cX", 'X', 3, 4},
      {"c: ab\n  cX\n", {"f", 1, 4}, "ab cX", 'X', 2, 4},
      {"c: 'it''s X'\n", {"f", 1, 4}, "it's X", 'X', 1, 11},
      {"c: \"a \\\"X\"\n", {"f", 1, 4}, "a \"X", 'X', 1, 9},
      {"c: *x\n", {"f", 1, 4}, "abX", 'X', 1, 4},
  };
  for (const auto& c : cases) {
    CAPTURE(c.file);
    MemoryTree files(Files{{"f", c.file}});
    auto place = PlaceInText(files, c.start, c.text, std::string_view(c.text).find(c.wanted));
    CHECK(place.line == c.line);
    CHECK(place.column == c.column);
  }
}

}  // namespace
}  // namespace viasync::config
