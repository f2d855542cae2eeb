#include <doctest/doctest.h>

#include "tests/config/edit/edit_run.h"

namespace viasync::config {
namespace {

constexpr auto kExclusion = model::Kind::kExclusion;

EditRun Edit(const std::string& csv, const std::vector<ResourceEdit>& edits) {
  return RunEdits({{"config/e.yaml", "exclusions:\n- from: all.csv\n"}, {"config/all.csv", csv}},
                  edits);
}

ResourceEdit Remove(std::string key) {
  return {.action = Action::kRemove,
          .kind = kExclusion,
          .key = std::move(key),
          .source = {},
          .values = {}};
}

TEST_CASE("a row changes, comes and goes in the style of the file") {
  struct {
    const char* fact;
    std::string before;
    std::vector<ResourceEdit> edits;
    std::string after;
  } cases[] = {
      {"plain",
       "type,address,list,reason\nvoice,111,L,old\nvoice,222,,x\n",
       {Update(kExclusion, "voice:111@L", {{"reason", "new, \"better\""}})},
       "type,address,list,reason\nvoice,111,L,\"new, \"\"better\"\"\"\nvoice,222,,x\n"},
      {"quoted, over lines, CRLF, a byte order mark",
       "\xEF\xBB\xBFtype,address,reason\r\n\r\n\"voice\",\"111\",\"two\r\nlines\"\r\nvoice,222,"
       "\"b\"\r\n",
       {Update(kExclusion, "voice:222@*", {{"reason", "c"}})},
       "\xEF\xBB\xBFtype,address,reason\r\n\r\n\"voice\",\"111\",\"two\r\nlines\"\r\nvoice,222,"
       "\"c\"\r\n"},
      {"a value that goes",
       "reason,type,address\nx,voice,111\n",
       {Update(kExclusion, "voice:111@*", {{"reason", ""}})},
       "reason,type,address\n,voice,111\n"},
      {"a new row in its place",
       "type,address\nvoice,\"111\"\nvoice,\"333\"\n",
       {Add(kExclusion, "voice:222@*", {{"type", "voice"}, {"address", "222"}}),
        Add(kExclusion, "voice:444@*", {{"type", "voice"}, {"address", "444"}})},
       "type,address\nvoice,\"111\"\nvoice,\"222\"\nvoice,\"333\"\nvoice,\"444\"\n"},
      {"a new row behind a last one without line break",
       "type,address\nvoice,333\nvoice,111",
       {Add(kExclusion, "voice:222@*", {{"type", "voice"}, {"address", "222"}})},
       "type,address\nvoice,333\nvoice,111\nvoice,222"},
      {"rows that go",
       "type,address\nvoice,111\n\nvoice,222\nvoice,333",
       {Remove("voice:111@*"), Remove("voice:333@*")},
       "type,address\n\nvoice,222"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.fact);
    auto run = Edit(c.before, c.edits);
    CHECK(run.problems == "");
    CHECK(run.refused() == "");
    CHECK(run.files["config/all.csv"] == c.after);
  }
}

TEST_CASE("what a CSV cannot say is refused with its row") {
  const std::string csv = "type,address\nvoice,111\n";
  CHECK(
      Edit(csv, {Remove("voice:111@*")}).refused().starts_with("config/all.csv:1:1: no row would"));
  CHECK(Edit(csv, {Update(kExclusion, "voice:111@*", {{"reason", "x"}})})
            .refused()
            .starts_with("config/all.csv:1:1: the CSV has no column `reason`"));
  CHECK(Edit("type,address,reason\nvoice,111,x\n",
             {Update(kExclusion, "voice:111@*", {{"reason", "a\x01"}})})
            .refused()
            .starts_with("config/all.csv:2:1: a CSV file cannot hold"));
}

TEST_CASE("of several entries of one key the one that is meant changes") {
  const std::string yaml =
      "exclusions:\n"
      "- {type: voice, address: '111', start: 2025-01-01T00:00:00Z, end: 2025-02-01T00:00:00Z}\n"
      "- {type: voice, address: '111', start: 2026-01-01T00:00:00Z, end: 2026-02-01T00:00:00Z}\n";
  auto run = RunEdit(yaml, {Update(kExclusion, "voice:111@*#2026-01-01T00:00:00Z",
                                   {{"end", "2027-02-01T00:00:00Z"}, {"reason", "r"}})});
  CHECK(run.refused() == "");
  CHECK(run.files["config/a.yaml"] ==
        "exclusions:\n"
        "- {type: voice, address: '111', start: 2025-01-01T00:00:00Z, end: 2025-02-01T00:00:00Z}\n"
        "- {type: voice, address: '111', reason: r, start: 2026-01-01T00:00:00Z, end: "
        "2027-02-01T00:00:00Z}\n");
}

}  // namespace
}  // namespace viasync::config
