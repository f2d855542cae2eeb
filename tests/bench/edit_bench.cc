// Writing changes into the user's files, as a ratio to reading and writing the same bytes once.
// Seconds are those of the processor. Nothing is asserted about time.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <vector>

#include "engine/config/desired.h"
#include "engine/config/edit/edit.h"
#include "engine/config/edit/layers.h"
#include "engine/config/edit/write_files.h"
#include "engine/config/project.h"
#include "engine/model/fields.h"

namespace viasync::bench {
namespace {

constexpr int kFilters = 10'000;
constexpr int kExclusions = 100'000;
constexpr int kRuns = 3;
constexpr const char* kProject = "version: 1\nenvironments:\n  dev: {org: acme, region: us}\n";

// A folder that goes with the benchmark.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "viasync-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }
  void Write(const std::string& name, const std::string& text) const {
    auto file = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }

 private:
  std::string path_;
};

// Of the processor, so that what else runs on the machine has no part in it.
double Seconds(const std::function<void()>& work) {
  auto begun = std::clock();
  work();
  return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
}

double MedianSeconds(const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < kRuns; ++i) times.push_back(Seconds(work));
  std::ranges::sort(times);
  return times[kRuns / 2];
}

long PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

std::string FiltersFile() {
  std::string text = "filters:\n";
  for (int i = 0; i < kFilters; ++i) {
    text += fmt::format(
        "  # filter {0}\n  - name: Filter{0:05}\n    description: Phase {0} of the "
        "outreach, evenings first  # as agreed\n    schema: BaseSchema\n    "
        "criteria: |\n      DaysDelinquent > {0}\n",
        i);
    for (int clause = 0; clause < 7; ++clause) {
      text += fmt::format("      AND Balance{0} BETWEEN {1} AND {2}\n", clause, i, i + clause);
    }
    text += "      ORDER BY Balance1, DaysDelinquent DESC\n\n";
  }
  return text;
}

// Reads and writes the bytes of a file once, as safely as they are written otherwise.
void Copy(const std::string& root, const std::string& path) {
  auto tree = config::MakeDiskTree(root);
  auto text = config::ReadAll(*tree, path);
  REQUIRE(text);
  std::map<std::string, config::FileEdit> files;
  files[path] = {.before = *text, .after = *text};
  REQUIRE(config::WriteFiles(root, files));
}

config::EditedFiles Edit(const std::string& root, const std::vector<config::ResourceEdit>& edits) {
  auto project = config::LoadProject(root);
  REQUIRE(project);
  auto tree = config::MakeDiskTree(root);
  auto edited = config::EditRepository(*tree, *project, project->environments.at("dev"), edits, {});
  REQUIRE(edited);
  REQUIRE(edited->refused.empty());
  return std::move(*edited);
}

}  // namespace

TEST_CASE("10,000 changed filters in a 5 MB file") {
  Folder folder;
  auto text = FiltersFile();
  folder.Write("viasync.yaml", kProject);
  folder.Write("config/filters.yaml", text);
  std::vector<config::ResourceEdit> edits;
  for (int i = 0; i < kFilters; ++i) {
    edits.push_back(
        {.action = config::ResourceEdit::Action::kUpdate,
         .kind = model::Kind::kFilter,
         .key = fmt::format("Filter{:05}", i),
         .source = {},
         .values = {{"description", fmt::format("Phase {} changed", i)},
                    {"criteria", fmt::format("DaysDelinquent > {} AND x = 1", i + 1)}}});
  }
  double copy = MedianSeconds([&] { Copy(folder.path(), "config/filters.yaml"); });
  double load = MedianSeconds([&] {
    auto project = config::LoadProject(folder.path());
    REQUIRE(config::LoadDesired(*project, project->environments.at("dev")));
  });
  config::EditedFiles edited;
  double edit = MedianSeconds([&] { edited = Edit(folder.path(), edits); });
  double write = Seconds([&] { REQUIRE(config::WriteFiles(folder.path(), edited.files)); });
  fmt::print("10,000 filters, {:.1f} MB\n", static_cast<double>(text.size()) / 1e6);
  fmt::print("  read and write once  {:.3f} s\n  load                 {:.2f} s\n", copy, load);
  fmt::print("  edit and check       {:.2f} s  {:.1f} times a load\n", edit, edit / load);
  fmt::print("  edit, check, write   {:.2f} s  {:.1f} times read and write\n", edit + write,
             (edit + write) / copy);
  fmt::print("  peak memory {} MB\n", PeakMegabytes());
}

TEST_CASE("the first pull of 100,000 exclusions") {
  Folder folder;
  folder.Write("viasync.yaml", kProject);
  std::vector<config::ResourceEdit> edits;
  for (int i = 0; i < kExclusions; ++i) {
    model::Exclusion value{.type = model::ContactType::kVoice,
                           .address = fmt::format("2025{:07}", i),
                           .list = fmt::format("ContactList{}", i % 9),
                           .reason = "Customer asked not to be called"};
    edits.push_back({.action = config::ResourceEdit::Action::kAdd,
                     .kind = model::Kind::kExclusion,
                     .key = model::KeyOf(value),
                     .source = {},
                     .values = model::ValuesOf(value)});
  }
  config::EditedFiles edited;
  double edit = MedianSeconds([&] { edited = Edit(folder.path(), edits); });
  double write = Seconds([&] { REQUIRE(config::WriteFiles(folder.path(), edited.files)); });
  double copy = MedianSeconds([&] { Copy(folder.path(), "config/exclusions/all.csv"); });
  fmt::print("100,000 exclusions, first pull\n  read and write once  {:.3f} s\n", copy);
  fmt::print("  edit, check, write   {:.2f} s  {:.1f} times read and write\n", edit + write,
             (edit + write) / copy);
  fmt::print("  peak memory {} MB\n", PeakMegabytes());
}

}  // namespace viasync::bench
