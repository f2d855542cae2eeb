// Every field of every entry of every awkward file, edited in turn.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/base/strings.h"
#include "engine/config/edit/yaml_file.h"
#include "engine/model/fields.h"
#include "tests/config/edit/edit_run.h"

namespace viasync::config {
namespace {

const char* const kFile = "config/a.yaml";

Files RepositoryOf(const std::string& text) {
  return {{"viasync.yaml", kTestProject}, {kFile, text}};
}

Desired Load(const Files& files) {
  MemoryTree tree(files);
  auto project = LoadProject("/repo", tree);
  REQUIRE(project.has_value());
  auto desired = LoadDesired(*project, project->environments.at("dev"), tree);
  if (!desired) {
    CAPTURE(Lines(desired.error()));
    REQUIRE(desired.has_value());
  }
  return std::move(*desired);
}

template <class R>
const std::vector<model::Declared<R>>& Of(const Desired& desired) {
  return desired.Of<R>();
}

std::size_t CommonPrefix(const std::string& a, const std::string& b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}
std::size_t CommonSuffix(const std::string& a, const std::string& b) {
  auto [x, y] = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
  return static_cast<std::size_t>(x - a.rbegin());
}

struct Tally {
  int done = 0;
  int refused = 0;
};

class FileTest {
 public:
  FileTest(const std::string& text, Tally& tally) : text_(text), tally_(tally) {}

  void Run() {
    auto before = Load(RepositoryOf(text_));
    RunKind<model::Filter>(before);
    RunKind<model::Exclusion>(before);
    RunKind<model::List>(before);
  }

 private:
  template <class R>
  void RunKind(const Desired& before) {
    for (std::size_t i = 0; i < Of<R>(before).size(); ++i) {
      for (const auto& field : model::Fields<R>()) {
        if (field.key) continue;
        bool time = field.shape == model::Shape::kTime;
        bool criteria = field.shape == model::Shape::kCriteria;
        auto values = time       ? std::vector<std::string>{"2029-01-02T03:04:05Z", ""}
                      : criteria ? std::vector<std::string>{"x = 1 AND new = 'a: b # c'", "n = 1"}
                                 : std::vector<std::string>{"new", "a: b # 'c' \"d\"", ""};
        for (const auto& value : values) RunOne<R>(before, i, field, value);
      }
      Remove<R>(before, i);
    }
  }

  template <class R>
  ResourceEdit EditOf(const model::Declared<R>& declared) {
    std::string key = model::KeyOf(declared.value);
    if constexpr (model::kKindOf<R> == model::Kind::kExclusion) {
      if (text_.contains("same key")) key = model::KeyWithStart(declared.value);
    }
    return {.action = Action::kUpdate,
            .kind = model::kKindOf<R>,
            .key = key,
            .source = declared.source,
            .values = {}};
  }

  template <class R>
  void RunOne(const Desired& before, std::size_t index, const model::Field<R>& field,
              const std::string& value) {
    const auto& declared = Of<R>(before)[index];
    auto edit = EditOf<R>(declared);
    edit.values = {{std::string(field.name), value}};
    CAPTURE(edit.key);
    CAPTURE(edit.values[0].first);
    CAPTURE(value);
    auto run = RunEdits(RepositoryOf(text_), {edit});
    CHECK(run.problems == "");
    CAPTURE(run.refused());
    if (!run.edited.refused.empty()) {
      ++tally_.refused;
      CHECK_FALSE(run.edited.refused[0].error.hint.empty());
      CHECK(run.edited.refused[0].error.where.has_value());
      CHECK(run.edited.files.empty());
      return;
    }
    ++tally_.done;
    auto after = Load(run.files);
    R expected = declared.value;
    field.parse(expected, value);
    CAPTURE(run.files[kFile]);
    for (std::size_t j = 0; j < Of<R>(before).size(); ++j) {
      const R& wanted = j == index ? expected : Of<R>(before)[j].value;
      auto same = std::ranges::any_of(
          Of<R>(after), [&](const auto& d) { return model::SameValue(d.value, wanted); });
      CHECK(same);
    }
    if (run.edited.files.contains(kFile)) CheckBytes(run.files[kFile]);
  }

  // The bytes that differ lie in one stretch: inside one scalar of the old file, or what came or
  // went as a whole.
  void CheckBytes(const std::string& after) {
    std::size_t prefix = CommonPrefix(text_, after);
    std::size_t suffix = CommonSuffix(text_, after);
    bool inserted = prefix + suffix >= text_.size();
    bool dropped = prefix + suffix >= after.size();
    bool inside = false;
    auto file = YamlFile::Read(kFile, text_);
    REQUIRE(file.has_value());
    for (const auto& node : file->spans().nodes) {
      bool scalar = node.type == SpanNode::Type::kScalar;
      inside = inside || (scalar && node.begin <= prefix && text_.size() - suffix <= node.end);
    }
    CHECK((inserted || dropped || inside));
  }

  template <class R>
  void Remove(const Desired& before, std::size_t index) {
    auto edit = EditOf<R>(Of<R>(before)[index]);
    edit.action = Action::kRemove;
    CAPTURE(edit.key);
    auto run = RunEdits(RepositoryOf(text_), {edit});
    CHECK(run.problems == "");
    CAPTURE(run.refused());
    if (!run.edited.refused.empty()) {
      ++tally_.refused;
      return;
    }
    ++tally_.done;
    auto after = Load(run.files);
    CAPTURE(run.files[kFile]);
    CHECK(Of<R>(after).size() + 1 == Of<R>(before).size());
    for (std::size_t j = 0; j < Of<R>(before).size(); ++j) {
      if (j == index) continue;
      auto same = std::ranges::any_of(Of<R>(after), [&](const auto& d) {
        return model::SameValue(d.value, Of<R>(before)[j].value);
      });
      CHECK(same);
    }
  }

  const std::string& text_;
  Tally& tally_;
};

TEST_CASE("awkward files: a field is edited alone, or refused with a reason") {
  namespace fs = std::filesystem;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator("testdata/awkward")) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  REQUIRE(paths.size() >= 60);
  Tally tally;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    std::string text = bytes.str();
    CAPTURE(path);
    Tally own;
    FileTest(text, own).Run();

    tally.done += own.done;
    tally.refused += own.refused;
  }
  // Refusing everything would be safe, too.
  CHECK(tally.done > 4 * tally.refused);
}

}  // namespace
}  // namespace viasync::config
