// Whole files at random, with comments at every place where YAML allows one: whatever is edited,
// each comment of another entry is still there, at that entry.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/config/edit/edit_run.h"

namespace viasync::config {
namespace {

int Roll(int sides) { return *rc::gen::inRange(0, sides); }
bool Perhaps(int one_in) { return Roll(one_in) == one_in - 1; }

enum class Field { kNone, kName, kDescription, kSchema, kCriteria };

struct Note {
  int entry = -1;  // -1: nobody's
  Field field = Field::kNone;
  bool before_name = false;
};

// A file with its comments `# c1.`, `# c2.`, …
class RandomFile {
 public:
  RandomFile() {
    if (Perhaps(3)) Free(), text_ += Perhaps(2) ? "\n" : "";
    if (Perhaps(4)) text_ += "---" + SameLine({}) + "\n";
    if (Perhaps(3)) Free();
    entries_ = 1 + Roll(4);
    Perhaps(3) ? FlowSection() : BlockSection();
    if (Perhaps(2)) OtherSection();
    if (Perhaps(6)) text_ += "...\n";
    if (Perhaps(6) && text_.ends_with('\n')) text_.pop_back();
    if (Perhaps(3)) UseCrlf();
  }

  const std::string& text() const { return text_; }
  int entries() const { return entries_; }
  const std::map<std::string, Note>& notes() const { return notes_; }
  bool Has(int entry, Field field) const { return has_.contains({entry, field}); }

 private:
  std::string Mark(const Note& note) {
    std::string mark = "# c" + std::to_string(notes_.size()) + ".";
    notes_[mark] = note;
    return mark + (Perhaps(4) ? " 'it's \"so\": [a, {b" : "");
  }
  std::string SameLine(const Note& note) {
    if (!Perhaps(3)) return "";
    return (Perhaps(4) ? "\t" : Perhaps(3) ? "    " : " ") + Mark(note);
  }
  void Line(int indent, const Note& note) {
    if (body_open_) indent = std::min(indent, dash_ + 3);  // deeper, it would be of the text
    text_ += std::string(static_cast<std::size_t>(indent), ' ') + Mark(note) + "\n";
  }
  void Blank() { text_ += Perhaps(5) ? "  \n" : "\n"; }
  void Free() {
    for (int i = 1 + Roll(2); i > 0; --i) Line(Roll(3) * 2, {});
  }
  void UseCrlf() {
    std::string crlf;
    for (char c : text_) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    text_ = crlf;
  }

  void BlockSection() {
    dash_ = Roll(3) * 2;
    text_ += "filters:" + SameLine({}) + "\n";
    if (Perhaps(4)) Blank();
    bool touches = true;  // the list's head or the entry above, which says whose a comment is
    for (int i = 0; i < entries_; ++i) {
      if (i > 0) touches = Between(i);
      int low = touches && i > 0 && Perhaps(2) ? dash_ + 1 : 0;
      int high = touches && i > 0 && low == 0 ? dash_ + 1 : low + 6;
      if (Perhaps(2)) {
        for (int n = 1 + Roll(2); n > 0; --n) Line(low + Roll(high - low), {i, Field::kNone, true});
      }
      BlockEntry(i);
    }
    Trailing(entries_ - 1);
    if (Perhaps(2)) Blank();
    if (Perhaps(3)) Line(0, {});
  }

  void Trailing(int entry) {
    if (!Perhaps(3)) return;
    for (int n = 1 + Roll(2); n > 0; --n) Line(dash_ + 1 + Roll(5), {entry, Field::kNone});
    trailed_ = true;
  }

  // What is between two entries; true: the next is directly below the one above.
  bool Between(int entry) {
    trailed_ = false;
    Trailing(entry - 1);
    bool blank = trailed_ || Perhaps(2);
    if (!blank && Perhaps(5)) {
      Line(Roll(dash_ + 1), {});
      blank = true;
    }
    if (!blank) return true;
    Blank();
    if (Perhaps(3)) {
      Free();
      Blank();
    }
    return false;
  }

  void BlockEntry(int entry) {
    text_.append(static_cast<std::size_t>(dash_), ' ');
    auto fields = FieldsOf(entry);
    bool named = false, first = true;
    text_ += "-";
    bool own_line = Perhaps(5);
    if (own_line) text_ += SameLine({entry, Field::kNone, true}) + "\n";
    for (auto field : fields) {
      Note note{entry, field, !named};
      if (first && !own_line) {
        text_ += ' ';
      } else {
        if (Perhaps(6)) Blank();
        if (Perhaps(4)) Line(Roll(dash_ + 6), note);
        text_.append(static_cast<std::size_t>(dash_ + 2), ' ');
      }
      first = false;
      named |= field == Field::kName;
      note.before_name = !named;
      BlockField(entry, field, note);
    }
  }

  std::vector<Field> FieldsOf(int entry) {
    std::vector<Field> fields = {Field::kName};
    if (Perhaps(2)) fields.push_back(Field::kDescription);
    if (Perhaps(3)) fields.push_back(Field::kSchema);
    fields.insert(Perhaps(4) ? fields.begin() : fields.end(), Field::kCriteria);
    for (auto field : fields) has_.insert({entry, field});
    return fields;
  }

  void BlockField(int entry, Field field, const Note& note) {
    body_open_ = false;
    if (field == Field::kName) {
      text_ += "name: F" + std::to_string(entry) + SameLine(note) + "\n";
      return;
    }
    bool criteria = field == Field::kCriteria;
    text_ += std::string(Key(field)) + ":";
    std::string pad(static_cast<std::size_t>(dash_ + 4), ' ');
    std::string a = criteria ? "x = 1" : "one", b = criteria ? "AND y = 2" : "two words";
    static int anchors = 0;
    std::string properties = Perhaps(8)   ? " !!str"
                             : Perhaps(8) ? " &a" + std::to_string(++anchors)
                                          : "";
    switch (field == Field::kSchema ? Roll(3) : Roll(10)) {
      case 0:
        text_ += properties + " " + a + SameLine(note) + "\n";
        return;
      case 1:
        text_ += properties + " '" + a + "'" + SameLine(note) + "\n";
        return;
      case 2:
        text_ += properties + " \"" + a + "\"" + SameLine(note) + "\n";
        return;
      case 3:
        text_ += properties + " \"" + a + "\n" + pad + b + "\"" + SameLine(note) + "\n";
        return;
      case 4:
        text_ +=
            properties + " \"" + a + " \\\n" + pad + "\\x41\\u00e9 = 1\"" + SameLine(note) + "\n";
        return;
      case 5:
        text_ += properties + " '" + a + "\n" + pad + b + "'" + SameLine(note) + "\n";
        return;
      case 6:
        text_ += properties + " " + a + "\n" + pad + b + SameLine(note) + "\n";
        return;
      case 7:
        if (!criteria) {
          text_ += SameLine(note) + "\n";
          return;
        }
        [[fallthrough]];
      default:
        BlockScalar(a, b, pad, properties, note);
    }
  }

  void BlockScalar(const std::string& a, const std::string& b, const std::string& pad,
                   const std::string& properties, const Note& note) {
    static const char* const kHeaders[] = {"|", "|-", "|+", ">", ">-", "|2", ">+"};
    std::string header = kHeaders[Roll(7)];
    text_ += properties + " " + header + SameLine(note) + "\n";
    if (Perhaps(6)) text_ += "\n";
    text_ += pad + (header == "|2" && Perhaps(2) ? " " : "") + a + "\n";
    if (Perhaps(4)) text_ += "\n";
    text_ += pad + (Perhaps(3) ? "  " : "") + b + "\n";
    body_open_ = true;
  }

  static const char* Key(Field field) {
    return field == Field::kDescription ? "description"
           : field == Field::kSchema    ? "schema"
           : field == Field::kCriteria  ? "criteria"
                                        : "name";
  }

  void FlowSection() {
    bool lines = Perhaps(2);
    text_ += lines ? "filters: [" + SameLine({}) + "\n" : "filters: [";
    for (int i = 0; i < entries_; ++i) {
      if (lines && Perhaps(6)) Blank();
      if (lines && Perhaps(3)) Line(Roll(6), {i, Field::kNone, true});
      text_ += lines ? "  " : i > 0 ? " " : "";
      FlowEntry(i, lines && Perhaps(2));
      bool comma = i + 1 < entries_ || Perhaps(3);
      bool late = comma && lines && Perhaps(8);
      if (comma && !late) text_ += ",";
      if (lines) text_ += SameLine({i, Field::kNone}) + "\n";
      if (late) text_ += "  ,\n";
    }
    if (lines && Perhaps(3)) text_ += "\n", Line(Roll(4), {});
    text_ += (lines ? " ]" : "]") + SameLine({}) + "\n";
  }

  void FlowEntry(int entry, bool lines) {
    auto fields = FieldsOf(entry);
    std::ranges::rotate(fields, std::ranges::find(fields, Field::kName));
    text_ += "{";
    for (std::size_t i = 0; i < fields.size(); ++i) {
      Note note{entry, fields[i]};
      if (lines && i > 0) {
        if (Perhaps(4)) Line(Roll(6), note);
        text_ += "   ";
      }
      text_ += std::string(Key(fields[i])) + ": ";
      text_ += fields[i] == Field::kName ? "F" + std::to_string(entry)
               : Perhaps(2)              ? "\"v = 1\""
                                         : "v";
      if (i + 1 < fields.size()) text_ += lines ? "," : ", ";
      if (lines && i + 1 < fields.size()) text_ += SameLine(note) + "\n";
    }
    text_ += "}";
  }

  void OtherSection() {
    if (!text_.ends_with('\n')) text_ += "\n";
    if (Perhaps(2)) Line(0, {});
    text_ += "lists:" + SameLine({}) + "\n";
    for (int i = 0; i < 2; ++i) {
      if (Perhaps(3)) Line(Roll(4), {});
      text_ += "  - name: L" + std::to_string(i) + SameLine({}) + "\n    filter: F0" +
               SameLine({}) + "\n";
    }
  }

  std::string text_;
  int entries_ = 0, dash_ = 0;
  bool body_open_ = false, trailed_ = false;
  std::map<std::string, Note> notes_;
  std::set<std::pair<int, Field>> has_;
};

// The entry whose name is the next below `at`, or the last above; -1: none of the old ones.
int NamedBelow(const std::string& text, std::size_t at) {
  at = text.find("name: ", at);
  if (at == std::string::npos || text[at + 6] != 'F') return -1;
  auto end = std::min(text.find_first_of("\r\n,# }\t", at + 7), text.size());
  return end == at + 8 ? text[at + 7] - '0' : -1;
}
int NamedAbove(const std::string& text, std::size_t at) {
  at = text.rfind("name: ", at);
  return at == std::string::npos ? -1 : NamedBelow(text, at);
}

struct Edits {
  std::vector<ResourceEdit> all;
  std::set<int> removed;
  std::set<std::pair<int, Field>> dropped;
};

Edits RandomEdits(const RandomFile& file) {
  Edits edits;
  auto value = [](bool criteria) {
    if (criteria)
      return std::string(Perhaps(2) ? "x = 1 AND y = 3" : "n = 5 AND x = 1 AND z = 'a'");
    const char* texts[] = {"one",        "one two wordy", "a # b", "-",
                           "it's: [so]", "two\nlines",    "?",     "'' \"\""};
    return std::string(texts[Roll(8)]);
  };
  for (int i = 0; i < file.entries(); ++i) {
    std::string name = "F" + std::to_string(i);
    int what = Roll(5);
    if (what == 1) {
      edits.all.push_back(RemoveFilter(name));
      edits.removed.insert(i);
    } else if (what > 2) {
      model::Values values;
      if (Perhaps(2)) values.emplace_back("description", Perhaps(2) ? "" : value(false));
      if (Perhaps(3)) values.emplace_back("schema", Perhaps(2) ? "" : Perhaps(2) ? "S" : "it's: ?");
      if (Perhaps(2)) values.emplace_back("criteria", value(true));
      for (const auto& [field, text] : values) {
        if (!text.empty()) continue;
        edits.dropped.insert({i, field == "schema" ? Field::kSchema : Field::kDescription});
      }
      if (!values.empty()) edits.all.push_back(UpdateFilter(name, values));
    }
  }
  for (int n = Roll(3); n > 0; --n) {
    std::string name = (n == 1 ? "F" : "E") + std::to_string(Roll(5)) + "new";
    edits.all.push_back(AddFilter(name, value(true)));
  }
  return edits;
}

TEST_CASE("a text of lines stands above a field that goes, and takes no comment for its own") {
  auto run = RunEdit(
      "filters:\n  - name: A\n    schema: one\n      # c\n    criteria: x = 1\n",
      {UpdateFilter("A", {{"description", "two\nlines"}, {"schema", ""}})});
  CHECK(run.refused() == "");
  CHECK(run.files["config/a.yaml"] ==
        "filters:\n  - name: A\n    description: \"two\\nlines\"\n      # c\n    criteria: x = 1\n");
}

TEST_CASE("after any edit every comment of another entry is still there, at that entry") {
  auto good = rc::check([] {
    RandomFile file;
    Edits edits = RandomEdits(file);
    auto run = RunEdits({{"config/a.yaml", file.text()},
                         {"config/z.yaml", "filters:\n- {name: F0Z, criteria: x}\n"}},
                        edits.all);
    const std::string& after = run.files["config/a.yaml"];
    for (const auto& edit : edits.all) {
      RC_LOG() << static_cast<int>(edit.action) << " " << edit.key;
      for (const auto& [name, value] : edit.values) RC_LOG() << " " << name << "=" << value;
      RC_LOG() << "\n";
    }
    RC_LOG() << file.text() << "\n=====\n" << after << "\n=====\n" << run.refused() << "\n";
    RC_ASSERT(run.problems == "");
    RC_ASSERT(run.refused() == "");
    for (const auto& [mark, note] : file.notes()) {
      auto at = after.find(mark);
      RC_LOG() << mark << "\n";
      if (edits.dropped.contains({note.entry, note.field})) continue;
      bool leaves = edits.removed.contains(note.entry);
      RC_ASSERT((at == std::string::npos) == leaves);
      if (leaves) continue;
      RC_ASSERT(after.find(mark, at + 1) == std::string::npos);
      if (note.entry < 0) continue;
      RC_ASSERT((note.before_name ? NamedBelow(after, at) : NamedAbove(after, at)) == note.entry);
    }
  });
  CHECK(good);
}

}  // namespace
}  // namespace viasync::config
