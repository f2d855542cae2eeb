// A report before it has a format: what is to be said, in neutral blocks. It is built once
// (plan_document.h) and printed as text, Markdown or HTML (print_text.h, print_markdown.h,
// print_html.h), so that no format can leave out what another one says. A printer chooses the order
// of the parts, their marks and their layout; it never chooses the facts.
//
// Every text in here is printable already (base::Printable). A format escapes it besides: what
// comes from the org or from files is a value, and may hold whatever a format takes for its own.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/optional_text.h"
#include "engine/report/criteria_diff.h"

namespace viasync::report {

enum class Tone { kPlain, kStrong, kDim, kGood, kCaution, kDanger, kMoved, kConflict };

struct Span {
  std::string text;
  bool value = false;  // of the org or the files, not our own words
  Tone tone = Tone::kPlain;
  friend bool operator==(const Span&, const Span&) = default;
};
using Line = std::vector<Span>;

// The texts of a line, one behind the other.
std::string PlainText(const Line& line);

// What a change does; each format has a mark for it.
enum class Act { kCreate, kUpdate, kDelete, kMoved, kConflict, kNone };

// --- a field of a change ------------------------------------------------------------------------

// One line; both: the first becomes the second.
struct Value {
  std::string name;
  base::OptionalText was, becomes;
};
// A text of clauses. Where it is not compared, no line has a sign.
struct Clauses {
  std::string name;
  bool compared = false;
  std::vector<DiffLine> lines;
};
// A field in conflict. A criterion's local and remote may be what they change in the base: lines
// that begin with their sign.
struct Terms {
  std::string name;
  std::vector<std::string> base, local, remote;
};
using Field = std::variant<Value, Clauses, Terms>;

// --- what a section is made of ------------------------------------------------------------------

// A change, a conflict, or something that is only named.
struct Item {
  Act act = Act::kNone;
  std::string word;                 // what it does: `create`; of a conflict: `conflict`
  std::string kind;                 // `filter`
  std::vector<std::string> name;    // never empty; of a row one text for each column
  std::vector<std::string> detail;  // likewise; empty in a paragraph
  Span warning;                     // what somebody may expect of it; empty = nothing
  std::string file;                 // where it is declared; empty = nowhere
  int line = 0;                     // 0 = not known
  std::vector<Line> notes;
  std::vector<Field> fields;  // of a paragraph
};

// Changes like those in front of it that were left out: how many, and where they are declared.
struct More {
  Line text;  // `… and 90 more exclusions to create, in config/dnc.csv`
};

struct Section {
  // kDanger: what allows contact again. kWarnings: what somebody should look at, a line each.
  // kAside: what is left alone, by name.
  enum class Role { kDanger, kWarnings, kConflicts, kKind, kAside } role = Role::kKind;
  std::string title;   // `filters`; `2 changes allow contact again`
  std::string detail;  // `1 to create, 1 to update`
  std::string remark;  // `nothing is written until they are settled`
  bool stops = false;  // nothing is written because of it
  bool utc = false;    // it holds times, and they are UTC
  // The headings of rows, those of Item::name first; empty: each item is a paragraph.
  std::vector<std::string> columns;
  std::vector<std::variant<Item, More>> parts;
};

// --- the whole ----------------------------------------------------------------------------------

struct Fact {
  std::string name, value;
};

// Numbers by kind.
struct Grid {
  std::vector<std::string> columns;
  struct Row {
    std::string name;
    std::vector<std::size_t> numbers;
  };
  std::vector<Row> rows;
};

struct Notice {
  std::string title;
  std::vector<std::string> lines;  // values
};

struct Document {
  Line title;
  std::vector<Fact> origin;  // where it comes from: the base, the id, when it was made, by what
  std::string caution;       // what must be known before anything else is read; lines
  Line summary;              // the counts in a sentence
  bool quiet = false;        // the summary says that there is nothing to do: it is enough
  Grid counts;
  std::vector<Notice> notices;         // what stops it: limits that it exceeds
  std::string next_sentence, command;  // what to do next; empty = nothing
  // In the order in which they matter: what allows contact again is first.
  std::vector<Section> sections;
  std::string aside;  // what is left alone, where it is only counted
  // What was left out of the sections for its size, and what prints all of it.
  std::size_t changes_cut = 0, conflicts_cut = 0;
  std::string see_all;  // the command
};

// `config/filters.yaml:12`; empty = declared nowhere.
std::string PlaceOf(const Item& item);

}  // namespace viasync::report
