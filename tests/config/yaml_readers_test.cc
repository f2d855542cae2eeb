// Small files are read by two parsers, large ones by one: both ways must give the same.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <string>

#include "engine/config/yaml_plain.h"
#include "engine/config/yaml_reader.h"
#include "tests/config/memory_tree.h"

namespace viasync::config {
namespace {

constexpr int kPaddingLines = 3000;

// Comments in front that make a file a large one.
const std::string& Padding() {
  static const std::string padding = [] {
    std::string text;
    for (int i = 0; i < kPaddingLines; ++i) text += "#" + std::string(99, '-') + "\n";
    return text;
  }();
  return padding;
}

// All that a file holds, with its places.
class Everything final : public YamlSink {
 public:
  explicit Everything(int lines_before) : lines_before_(lines_before) {}
  void OnSection(const SectionKey& section) override {
    seen += "\nsection " + section.name + Place(section.line, section.column);
  }
  void OnItem(const SectionKey&, NodeRef item) override { Show("item", item); }
  void OnOther(const SectionKey&, NodeRef value) override { Show("other", value); }
  void OnRoot(NodeRef root) override { Show("root", root); }

  std::string seen;

 private:
  std::string Place(int line, int column) const {
    return "@" + std::to_string(std::max(line - lines_before_, 1)) + ":" + std::to_string(column);
  }
  void Show(const char* what, NodeRef node) {
    seen += "\n" + std::string(what);
    ShowNode(node);
  }
  void ShowNode(NodeRef node) {
    constexpr std::string_view kTypes = "~\"[{";
    seen += " ";
    seen += kTypes[static_cast<std::size_t>(node.type())];
    seen += std::string(node.text()) + Place(node.line(), node.column());
    seen += node.marks().quoted ? "q" : "";
    seen += node.marks().hidden ? "h" : "";
    for (NodeRef child = node.begin(); child != node.end(); child = child.next()) ShowNode(child);
    seen += ";";
  }
  int lines_before_;
};

struct Outcome {
  std::string seen;
  std::string problems;
};

Outcome ReadAll(const std::string& text, int lines_before) {
  MemoryTree files(Files{{"a.yaml", text}});
  Problems problems(files);
  Everything everything(lines_before);
  ReadYaml("a.yaml", everything, problems);
  return {everything.seen, Lines(problems.Take())};
}

// Pieces that make something of each other when they meet.
std::string Soup() {
  static constexpr std::array<const char*, 44> kPieces = {
      "a: ",      "b: ",    "- ",      "\n",      "\n  ",        "\n    ", "\n- ",  "\n  - ",
      "[",        "]",      "{",       "}",       ", ",          "x",      "y z",   "'q'",
      "'it''s'",  "\"d\"",  "\"\\n\"", "\"\\_\"", "\"\\u200d\"", "|\n  ",  ">\n  ", "|-\n    ",
      ">+\n  ",   " # c\n", "#",       "&n ",     "*n ",         "!!str ", "!t ",   "~",
      "null",     "? ",     ": ",      "---\n",   "...\n",       "\t",     "%",     "<<: ",
      "\xC3\xA9", "0o7",    "\"",      "'"};
  std::string text;
  int pieces = *rc::gen::inRange(0, 24);
  for (int i = 0; i < pieces; ++i) text += *rc::gen::elementOf(kPieces);
  return text + "\n";
}

TEST_CASE("whatever a small file holds, a large one reads the same") {
  bool held = rc::check("what both parsers take is read alike", [] {
    auto text = Soup();
    auto small = ReadAll(text, 0);
    auto large = ReadAll(Padding() + text, kPaddingLines);
    if (!small.problems.empty()) return;  // the second opinion may refuse more
    RC_ASSERT(large.problems == "");
    RC_ASSERT(large.seen == small.seen);
  });
  CHECK(held);
}

TEST_CASE("what is plainly written is known, and what is not") {
  for (const char* text :
       {"", "# c\n\n", "filters: []\n",
        "filters:\n  - name: A 1, b (c)\n    criteria: |\n      a = 'x'\n        # no comment\n\n"
        "      b\n    # comment\n    description: \"it's: # [x]\"  # c\n\n  - name: 'B'\n"
        "exclusions:\n- type: voice\n  address: \"+1 202\"\n  start: 2026-01-01T00:00:00Z\n",
        "exclusions:\r\n  - {type: voice, address: \"1\", list: M\xC3\xBCller} # c\r\n"}) {
    CAPTURE(text);
    CHECK(IsPlainYaml(text));
    CHECK(ReadAll(text, 0).problems.find("do not agree") == std::string::npos);
  }
  for (const char* text :
       {"%YAML 1.2\n---\na: b\n", "a:\n  b: c\n", "a:\n  - b: \"\\n\"\n", "a:\n  - b: 'it''s'\n",
        "a:\n  - b: x\n    y\n", "a:\n  - b: x\n      c: y\n", "a:\n  - b: >\n      x\n",
        "a:\n  - b: |2\n      x\n", "a:\n  - b: |\n\n      x\n", "a:\n  - b: |\n      x\n     y\n",
        "a:\n  - b: &n x\n", "a:\n  - b: *n\n", "a:\n  - b: !!str x\n", "a:\n  - b: ~\n",
        "a:\n  - b: null\n", "a:\n  - b: [x]\n", "a:\n  - - b: x\n", "a:\n  - b: x #c\n   - b: y\n",
        "a:\n  -\n    b: x\n", "a:\n  - b:\tx\n", "a: x\n  - b: y\n", "- a: b\n", "a\n",
        "a:\n  - {b: x,\n     c: y}\n", "a:\n  - {b: x, c}\n", "a:\n  - \"b\": x\n",
        "a:\n  - b: x: y\n", "a:\n  - b: x#y\n", "a:\n  - b: \"x\n      y\"\n"}) {
    CAPTURE(text);
    CHECK_FALSE(IsPlainYaml(text));
  }
}

// Mostly plain, with something odd in it now and then.
std::string AlmostPlain() {
  static constexpr std::array<const char*, 40> kLines = {
      "filters:\n", "exclusions:\n", "lists: []\n", "# c\n", "\n", "  # c\n", "    # c\n",
      "      # c\n", "  - name: A\n", "  - name: \"A: # b\"\n", "  - name: 'A, [b]'  # c\n",
      "    criteria: |\n", "    criteria: |-\n", "      a = 1\n", "        AND b\n", "       c\n",
      "    list: x y\n", "    reason:\n", "    start: 2026-01-01T00:00:00Z\n", "- type: voice\n",
      "  address: \"1\"\n", "- {type: sms, address: \"1\"}\n", "  - {a: b c, d: 'e'} # f\n",
      "  \n", "    \n", "       \n", "    description: x - y, (z) = <1>\n", "    a: b:c\n",
      "    a: -\n", "    a: b\r\n", "    a: |\r\n", "  - a: + b\n", "    a: $x @y %z\n", "    a: no\n",
      "   - a: b\n", "  -  a: b\n", "    a: b \n", "    a: +1\n", "    a: a-b.c/d_e\n",
      "    a: M\xC3\xBC\xC2\xA0x\n"};
  static constexpr std::array<const char*, 12> kOdd = {" ", "#", ":", "\"", "'", "-",
                                                       ",", "}", "{", "|",  "\n", "?"};
  std::string text;
  for (int i = *rc::gen::inRange(0, 14); i > 0; --i) text += *rc::gen::elementOf(kLines);
  if (*rc::gen::inRange(0, 2) && !text.empty()) {
    text.insert(*rc::gen::inRange<std::size_t>(0, text.size()), *rc::gen::elementOf(kOdd));
  }
  return text;
}

TEST_CASE("law: what is plainly written, both parsers read alike") {
  bool held = rc::check("no plain text is read in two ways", [] {
    auto text = AlmostPlain();
    bool plain = IsPlainYaml(text);
    RC_CLASSIFY(plain, "plain");
    if (!plain) return;
    RC_LOG() << text;
    RC_ASSERT(ReadAll(text, 0).problems.find("do not agree") == std::string::npos);
  });
  CHECK(held);
}

}  // namespace
}  // namespace viasync::config
