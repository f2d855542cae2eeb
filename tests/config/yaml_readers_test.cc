// Small files are read by two parsers, large ones by one: both ways must give the same.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <string>

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

}  // namespace
}  // namespace viasync::config
