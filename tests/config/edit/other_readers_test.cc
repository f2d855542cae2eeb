// What is written is YAML for other programs, too: PyYAML reads every value as it was meant, and a
// person sees what is in it.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "engine/config/edit/scalar_text.h"
#include "engine/config/unseen.h"
#include "engine/config/yaml_reader.h"
#include "tests/config/memory_tree.h"

namespace viasync::config {
namespace {

using nlohmann::json;

// Texts of pieces that some reader or other takes for something else.
std::string Value() {
  static constexpr std::array<const char*, 52> kPieces = {"a",
                                                          "B",
                                                          "7",
                                                          " ",
                                                          "  ",
                                                          "-",
                                                          "- ",
                                                          ": ",
                                                          ":",
                                                          " #",
                                                          "#",
                                                          "\\",
                                                          "\"",
                                                          "'",
                                                          "[",
                                                          "]",
                                                          "{",
                                                          "}",
                                                          ",",
                                                          "&",
                                                          "*",
                                                          "!",
                                                          "|",
                                                          ">",
                                                          "%",
                                                          "@",
                                                          "`",
                                                          "~",
                                                          "null",
                                                          "true",
                                                          "\n",
                                                          "\n\n",
                                                          "\t",
                                                          "\r",
                                                          "\x01",
                                                          "\x7F",
                                                          "\xC2\x85",
                                                          "\xC2\x9B",
                                                          "\xC2\xA0",
                                                          "\xC2\xAD",
                                                          "\xC3\xA9",
                                                          "\xE1\x9A\x80",
                                                          "\xE2\x80\x83",
                                                          "\xE2\x80\x8D",
                                                          "\xE2\x80\x8F",
                                                          "\xE2\x80\xA8",
                                                          "\xE2\x80\xA9",
                                                          "\xE3\x80\x80",
                                                          "\xEF\xBB\xBF",
                                                          "\xEF\xBF\xBE",
                                                          "\xF0\x9F\x91\xA9",
                                                          "\xF0\x9F\xBF\xBF"};
  std::string value;
  for (int i = *rc::gen::inRange(0, 9); i >= 0; --i) value += *rc::gen::elementOf(kPieces);
  return value;
}

std::string Item(const std::string& value, ScalarStyle wanted) {
  auto style = FittingStyle(value, wanted, false);
  if (!IsBlock(style)) return "- " + ScalarLine(value, style) + "\n";
  std::string header = style == ScalarStyle::kLiteral ? "- |-\n" : "- >-\n";
  return header + BlockBody(value, style, {.indent = 2}) + "\n";
}

json ReadWithPython(const std::string& yaml) {
  std::string folder = std::getenv("TEST_TMPDIR");
  std::ofstream(folder + "/values.yaml", std::ios::binary) << yaml;
  const std::string script =
      "import json, sys, yaml; json.dump(yaml.load(open(sys.argv[1], 'rb'), yaml.BaseLoader), "
      "open(sys.argv[2], 'w'))";
  std::string command = "/usr/bin/python3 -c \"" + script + "\" " + folder + "/values.yaml " +
                        folder + "/values.json";
  if (std::system(command.c_str()) != 0) return {};
  return json::parse(std::ifstream(folder + "/values.json"), nullptr, false);
}

// The texts of the list `a`; empty where something is wrong.
std::vector<std::string> ReadOwn(const std::string& yaml) {
  struct Texts final : YamlSink {
    std::vector<std::string> seen;
    void OnSection(const SectionKey&) override {}
    void OnItem(const SectionKey&, NodeRef item) override { seen.emplace_back(item.text()); }
    void OnOther(const SectionKey&, NodeRef) override {}
    void OnRoot(NodeRef) override {}
  };
  MemoryTree tree(Files{{"a.yaml", yaml}});
  Problems problems(tree);
  Texts texts;
  ReadYaml("a.yaml", texts, problems);
  auto wrong = Lines(problems.Take());
  CHECK_MESSAGE(wrong == "", (wrong + " in " + yaml.substr(0, 200)));
  return wrong.empty() ? texts.seen : std::vector<std::string>{};
}

TEST_CASE("PyYAML reads what is written, whatever the value and the style") {
  std::string yaml;
  std::vector<std::string> values, items;
  bool held = rc::check("values are written without what YAML forbids", [&] {
    for (int i = 0; i < 20; ++i) {
      auto wanted = static_cast<ScalarStyle>(*rc::gen::inRange(0, 5));
      auto value = Value();
      auto item = Item(value, wanted);
      RC_ASSERT(!HoldsUnwritable(item));
      values.push_back(std::move(value));
      yaml += item;
      items.push_back(std::move(item));
    }
  });
  CHECK(held);
  // All at once: starting Python takes longer than reading.
  auto read = ReadWithPython(yaml);
  REQUIRE(read.is_array());
  REQUIRE(read.size() == values.size());
  for (std::size_t i = 0; i < values.size(); ++i) CHECK(read[i].get<std::string>() == values[i]);
  // Our own readers: one for a large file, both for small ones.
  while (yaml.size() < (300U << 10)) yaml += "# a large file\n";
  CHECK((ReadOwn("a:\n" + yaml) == values));
  std::vector<std::string> one_by_one;
  for (const auto& item : items) {
    auto own = ReadOwn("a:\n" + item);
    one_by_one.push_back(own.empty() ? "nothing" : own.front());
  }
  CHECK((one_by_one == values));
}

TEST_CASE("what nobody would see is written as an escape") {
  struct {
    const char* value;
    const char* written;
  } cases[] = {
      {"Night calls ", "\"Night calls \""},
      {" ACC 1", "\" ACC 1\""},
      {"a\xE2\x80\x8D"
       "b",
       "\"a\\u200db\""},
      {"\xE2\x80\x8F"
       "x",
       "\"\\u200fx\""},
      {"a\xC2\xA0"
       "b",
       "\"a\\xA0b\""},
      {"a\xE3\x80\x80"
       "b",
       "\"a\\u3000b\""},
      {"a\xEF\xBF\xBE"
       "b",
       "\"a\\uFFFEb\""},
      {"\xF0\x9F\xBF\xBF", "\"\\U0001FFFF\""},
      {"a\tb", "\"a\\tb\""},
      {"a\xE2\x80\xA8"
       "b",
       "\"a\\Lb\""},
      {"a\xC2\x85"
       "b",
       "\"a\\x85b\""},
      {"a\xC3\xA9", "a\xC3\xA9"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.written);
    auto style = FittingStyle(c.value, ScalarStyle::kPlain, false);
    CHECK(ScalarLine(c.value, style) == c.written);
  }
  // A number that a spreadsheet has spoilt is read only from quotes.
  CHECK(LooksTyped("9.12E+09"));
  CHECK(LooksTyped("9,12E+09"));
}

}  // namespace
}  // namespace viasync::config
