#include "engine/config/yaml_reader.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/config/memory_tree.h"

namespace viasync::config {
namespace {

std::string Show(NodeRef node) {
  switch (node.type()) {
    case NodeType::kNull:
      return "~";
    case NodeType::kText:
      return std::string(node.text());
    default:
      break;
  }
  bool map = node.type() == NodeType::kMap;
  std::string text = map ? "{" : "[";
  for (NodeRef child = node.begin(); child != node.end(); child = child.next()) {
    text += (text.size() > 1 ? " " : "") + Show(child);
  }
  return text + (map ? "}" : "]");
}

struct Recorder final : YamlSink {
  std::string seen;
  void OnSection(const SectionKey& section) override { seen += section.name + ": "; }
  void OnItem(const SectionKey&, NodeRef item) override {
    seen += Show(item) + "@" + std::to_string(item.line()) + " ";
  }
  void OnOther(const SectionKey&, NodeRef value) override { seen += "other " + Show(value) + " "; }
  void OnRoot(NodeRef root) override { seen += "root " + Show(root) + " "; }
};

struct Read {
  std::string seen;
  std::string problems;
};

Read ReadText(const std::string& text, const YamlLimits& limits = {}) {
  MemoryTree files(Files{{"a.yaml", text}});
  Problems problems(files);
  Recorder recorder;
  ReadYaml("a.yaml", recorder, problems, limits);
  return {recorder.seen, Lines(problems.Take())};
}

TEST_CASE("entries are handed over one by one, with their lines") {
  struct {
    const char* text;
    const char* seen;
  } cases[] = {
      {"a:\n  - x: 1\n    y: 2\n  - z\n", "a: {x 1 y 2}@2 z@4 "},
      {"a: [x, {y: 1}]\nb:\nc: {d: e}\n", "a: x@1 {y 1}@1 b: other ~ c: other {d e} "},
      {"a:\n- x\nb:\n- y\n", "a: x@2 b: y@4 "},
      {"---\na: [x]\n---\na: [y]\n...\n", "a: x@2 a: y@4 "},
      {"%YAML 1.2 # c\n---\na: [x]\n", "a: x@3 "},
      {"a: [!!str x, !!bool true, !!timestamp 2026-01-01]\n", "a: x@1 true@1 2026-01-01@1 "},
      {"a: !!seq [!!map {b: c}]\n", "a: {b c}@1 "},
      {"", "root ~ "},
      {"# nothing\n", "root ~ "},
      {"a", "root a "},
      {"a:", "a: other ~ "},
      {"- x\n", "root [x] "},
      {"a: [0987, 1=1, 2017-11-03T23:20:50Z, no, \"\", null]\n",
       "a: 0987@1 1=1@1 2017-11-03T23:20:50Z@1 no@1 @1 ~@1 "},
      {"\xEF\xBB\xBF"
       "a: [x]\n",
       "a: x@1 "},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    auto read = ReadText(c.text);
    CHECK(read.seen == c.seen);
    CHECK(read.problems == "");
  }
}

TEST_CASE("aliases repeat what their anchor holds, at their own place") {
  CHECK(ReadText("a:\n  - &x {k: v}\n  - *x\n  - {l: &y w}\n  - {m: *y}\n").seen ==
        "a: {k v}@2 {k v}@3 {l w}@4 {m w}@5 ");
  // An anchor of another document is none.
  CHECK(ReadText("a: [&x 1]\n---\na: [*x]\n").problems.contains("a.yaml:3:5: broken YAML"));
}

TEST_CASE("what YAML allows and nobody means is refused") {
  struct {
    const char* text;
    const char* problem;
  } cases[] = {
      {"a:\n  - x: 1\n    x: 2\n", "a.yaml:3:5: key `x` is given twice, first in line 2"},
      {"a: [1]\nb: [2]\na: [3]\n", "a.yaml:3:1: key `a` is given twice, first in line 1"},
      {"a:\n  - <<: {x: 1}\n", "a.yaml:2:5: merge keys (`<<`) are not supported"},
      {"a:\n  - ? [x]\n    : y\n", "a.yaml:2:7: a key must be a plain word"},
      {"a: &x [1]\nb: *x\n", "a.yaml:2:4: this alias cannot be resolved"},
      {"a:\n  - &x [*x]\n", "a.yaml:2:9: this alias cannot be resolved"},
      {"a: [!env x]\n", "a.yaml:1:5: the tag `!env` means nothing here"},
      {"a: [!!binary Zm9v]\n", "a.yaml:1:5: the tag `tag:yaml.org,2002:binary` means nothing here"},
      {"a: [!!int 0o17]\n", "a.yaml:1:5: the tag `tag:yaml.org,2002:int` means nothing here"},
      {"a: [!!null x]\n", "a.yaml:1:5: the tag `tag:yaml.org,2002:null` means nothing here"},
      {"a: !!set {x: y}\n", "a.yaml:1:4: the tag `tag:yaml.org,2002:set` means nothing here"},
      {"a: [!!map [x]]\n", "a.yaml:1:5: the tag `tag:yaml.org,2002:map` means nothing here"},
      {"%YAML 1.1\n---\na: [x]\n", "a.yaml:1:1: the directive `%YAML 1.1` means nothing here"},
      {"# c\n%TAG ! tag:x,1:\n---\na: [x]\n", "a.yaml:2:1: the directive `%TAG ! tag:x,1:`"},
      {"%YAML 1.2\n%SORT x\n---\na: [x]\n", "a.yaml:2:1: the directive `%SORT x`"},
      {"a: [x]\n...\n%YAML 1.1\n---\nb: [y]\n", "a.yaml:3:1: the directive `%YAML 1.1`"},
      {"a: [x]\n}\n", "a.yaml:2:1: "},
      {"a: [x]\n]\n", "a.yaml:2:1: "},
      {"a: [x\x04]\nb: [y]\n", "a.yaml:1:6: the file holds a control character, `\\x04`"},
      {"a: [\xC3(]\n", "a.yaml:1:6: the file is not UTF-8"},
      {"a: [\xED\xA0\x80]\n", "a.yaml:1:6: the file is not UTF-8"},
      {"a: x\xE2\x82", "a.yaml:1:6: the file ends inside a character"},
      {"a: [\n", "a.yaml:1:4: broken YAML: end of sequence flow not found"},
      {"a:\n\t- x\n", "a.yaml:2:2: broken YAML: "},
      {"a:\n  - \"x\n  - y\n", "a.yaml:2:3: broken YAML: a quote behind this is never closed"},
      {"a:\n  - b: 'x\n", "a.yaml:2:5: broken YAML: a quote behind this is never closed"},
      {"a: *b\n", "a.yaml:1:4: broken YAML: there is no anchor for the alias `*b`"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    auto problems = ReadText(c.text).problems;
    CAPTURE(problems);
    CHECK(problems.starts_with(c.problem));
  }
}

TEST_CASE("what some programs take for the end of a line is refused, in comments too") {
  struct {
    const char* text;
    const char* problem;
  } cases[] = {
      {"a:\n  - x # c\r  - y\n", "a.yaml:2:10: a carriage return stands alone here"},
      {"a: [x]\r\r\nb: [y]\n", "a.yaml:1:7: a carriage return stands alone here"},
      {"a: \"x\ry\"\n", "a.yaml:1:6: a carriage return stands alone here"},
      {"a: |\n  x\ry\n", "a.yaml:2:4: a carriage return stands alone here"},
      {"a: [x]\r", "a.yaml:1:7: a carriage return stands alone here"},
      {"a: [x] # \xC2\x85- y\n", "a.yaml:1:10: the character U+0085 stands here: some programs"},
      {"a: [x] # \xE2\x80\xA8- y\n", "a.yaml:1:10: the character U+2028 stands here: some"},
      {"a: [x] # \xE2\x80\xA9- y\n", "a.yaml:1:10: the character U+2029 stands here: some"},
      {"a: [\xEF\xBB\xBFx]\n", "a.yaml:1:5: the character U+FEFF stands here: a byte order"},
      {"a: [\xEF\xBF\xBEx]\n", "a.yaml:1:5: the character U+FFFE stands here: it is not a"},
      {"a: [\xF0\x9F\xBF\xBFx]\n", "a.yaml:1:5: the character U+1FFFF stands here: it is not a"},
      {"a: [\xC2\x9Bx]\n", "a.yaml:1:5: the character U+009B stands here: it is a control"},
      {"a: [\x7Fx]\n", "a.yaml:1:5: the file holds a control character, `\\x7f`"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    auto problems = ReadText(c.text).problems;
    CAPTURE(problems);
    CHECK(problems.starts_with(c.problem));
  }
  CHECK(ReadText("a:\r\n  - x # c\r\n  - y\r\n").seen == "a: x@2 y@3 ");
}

TEST_CASE("escapes mean what YAML 1.2 says") {
  CHECK(ReadText("a: [\"\\_\", \"x\\Ny\", \"\\L\\P\", \"\xC3\xA9\\_\"]\n").seen ==
        "a: \xC2\xA0@1 x\xC2\x85y@1 \xE2\x80\xA8\xE2\x80\xA9@1 \xC3\xA9\xC2\xA0@1 ");
  CHECK(ReadText("a: [\"\\u200d\\U0001F600\\x41\\/\\t\"]\n").seen ==
        "a: \xE2\x80\x8D\xF0\x9F\x98\x80"
        "A/\t@1 ");
}

TEST_CASE("quotes in single quotes are read as they are doubled") {
  struct {
    const char* text;
    const char* seen;
  } cases[] = {
      {"a: ['''''*']\n", "a: ''*@1 "},
      {"a: ['a = '''' AND b = ''c''']\n", "a: a = '' AND b = 'c'@1 "},
      {"a: ['''''''']\n", "a: '''@1 "},
      {"a: ['']\n", "a: @1 "},
      {"a:\n  - 'x''''\n    y''  \n\n\n    z'\n", "a: x'' y'\n\nz@2 "},
      {"a:\n  - '\n\n    ''''  \n    '\n", "a: \n'' @2 "},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    auto read = ReadText(c.text);
    CHECK(read.problems == "");
    CHECK(read.seen == c.seen);
  }
}

TEST_CASE("characters that cannot be seen are told from their escapes") {
  struct {
    const char* text;
    bool quoted;
    bool hidden;
  } cases[] = {
      {"a: [x]\n", false, false},
      {"a: ['x']\n", true, false},
      {"a: [\"\\u200d\"]\n", true, false},
      {"a: [\"\xE2\x80\x8D\"]\n", true, true},
      {"a: [\"\\u200d\xE2\x80\x8D\"]\n", true, true},
      {"a: [x\xC2\xA0y]\n", false, true},
      {"a: [\"x\\_y\"]\n", true, false},
      {"a: [\"x\\ty\"]\n", true, false},
      {"a: [\"x\ty\"]\n", true, true},
      {"a: [\"x\n    y\\n\"]\n", true, false},
      {"a:\n  - |\n    x\n    y\n", false, true},
  };
  struct Marks final : YamlSink {
    TextMarks marks;
    void OnSection(const SectionKey&) override {}
    void OnItem(const SectionKey&, NodeRef item) override { marks = item.marks(); }
    void OnOther(const SectionKey&, NodeRef) override {}
    void OnRoot(NodeRef) override {}
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    MemoryTree files(Files{{"a.yaml", c.text}});
    Problems problems(files);
    Marks seen;
    ReadYaml("a.yaml", seen, problems);
    CHECK(Lines(problems.Take()) == "");
    CHECK(seen.marks.quoted == c.quoted);
    CHECK(seen.marks.hidden == c.hidden);
  }
}

TEST_CASE("what two parsers read differently is refused where they part") {
  // To one of them this is an empty text, to the other it is nothing.
  auto problems = ReadText("a:\n  - x\n  - !!str\n  - y\n").problems;
  CAPTURE(problems);
  CHECK(problems.starts_with("a.yaml:3:5: programs that read YAML do not agree"));
}

TEST_CASE("a large file reads as a small one does") {
  std::string entry =
      "  - name: \"n\"\n    # c\n    text: |\n      one\n      two\n    at: 2017-11-03T23:20:50Z\n"
      "    none:\n    flow: {a: [1, 'x'], b: ~}\n";
  std::string text = "a:\n";
  while (text.size() <= (300 << 10)) text += entry;
  auto large = ReadText(text);
  CHECK(large.problems == "");
  std::string expected = "a: ";
  for (std::size_t line = 2; line < static_cast<std::size_t>(std::ranges::count(text, '\n'));
       line += 8) {
    expected += "{name n text one\ntwo\n at 2017-11-03T23:20:50Z none ~ flow {a [1 x] b ~}}@" +
                std::to_string(line) + " ";
  }
  CHECK((large.seen == expected));
  CHECK(ReadText(text + "  - [\n").problems.contains("broken YAML: "));
  // The second opinion is asked for whatever is not written plainly, however large the file is.
  std::string two_ways = "  - x\n  - !!str\n  - y\n";
  auto small_problem = ReadText("a:\n" + two_ways).problems;
  CHECK(small_problem.contains("do not agree"));
  CHECK(ReadText(text + two_ways).problems.contains("do not agree"));
  CHECK(ReadText(text + "  - x: 1\n    x: 2\n").problems.contains("key `x` is given twice"));
  CHECK(ReadText(text + "  - *b\n").problems.contains("there is no anchor for the alias `*b`"));
}

TEST_CASE("a large map finds its repeated key too") {
  std::string text = "a:\n  - k0: 1\n";
  for (int i = 1; i < 40; ++i) text += "    k" + std::to_string(i) + ": 1\n";
  text += "    k7: 2\n";
  CHECK(ReadText(text).problems == "a.yaml:42:5: key `k7` is given twice, first in line 9");
}

TEST_CASE("depth, size and unfolding are bounded") {
  std::string laughs = "a:\n  - &l0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    std::string alias = "*l" + std::to_string(i - 1);
    laughs += "  - &l" + std::to_string(i) + " [" + alias;
    for (int j = 1; j < 10; ++j) laughs += ", " + alias;
    laughs += "]\n";
  }
  CHECK(ReadText(laughs).problems.contains("more than viasync reads"));
  CHECK(ReadText("a: " + std::string(200, '[')).problems.contains("levels deep"));
  CHECK(ReadText("a: " + std::string(10'000, '[')).problems.contains("levels deep"));
  for (const char* opening : {"[", "[a,", "{a: [", "[&a ", "[!t ", "[[],", "[\n", "[a: ", "- ["}) {
    CAPTURE(opening);
    std::string deep = "a: ";
    for (int i = 0; i < 100'000; ++i) deep += opening;
    CHECK(ReadText(deep).problems.contains("more"));
  }
  CHECK(ReadText("a: [" + std::string(2 << 20, 'x') + "]\n").problems ==
        "a.yaml:1:1: the line is longer than 1 MB");
  std::string wide;
  for (int i = 0; i < 200'000; ++i) wide += "1,";
  CHECK(ReadText("[" + wide + "]\n").problems.contains("more entries than viasync reads in one"));
  for (const char* marker : {"---\n", "...\n", "--- a\n", "---\r\n"}) {
    CAPTURE(marker);
    std::string documents;
    for (int i = 0; i < 200'000; ++i) documents += marker;
    CHECK(ReadText(documents).problems.contains("more documents than viasync reads"));
  }
  CHECK(
      ReadText("a: [[x, x, x, x]]\n", {.nodes_max = 4}).problems.contains("one entry holds more"));
  CHECK(ReadText("a: [xxxxxxxxxx]\n", {.text_bytes_max = 4}).problems.contains("holds more"));
  CHECK(ReadText("a: [xxxxxxxxxx]\n", {.file_bytes_max = 4}).problems.contains("too large"));
}

TEST_CASE("characters that lie across the chunks of a file are read whole") {
  for (int shift = 0; shift < 4; ++shift) {
    std::string text = "a: [\"" + std::string(static_cast<std::size_t>(shift), 'x');
    while (text.size() < 70'000) text += "\xF0\x9F\x98\x80";
    auto read = ReadText(text + "\"]\n");
    CHECK(read.problems == "");
    CHECK(read.seen.size() > 70'000);
  }
}

}  // namespace
}  // namespace viasync::config
