// Both directions at random: people edit the files and the org, runs are killed, answers are lost,
// and in the end both sides agree and hold every edit that no conflict was reported for. A failure
// names its seed; `VIASYNC_SEED=N` runs that one again, `VIASYNC_TRIALS=N` more of them.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>

#include "engine/base/strings.h"
#include "engine/workflow/applying.h"
#include "engine/workflow/pulling.h"
#include "tests/fakes/memory_store.h"
#include "tests/simulation/sim_world.h"
#include "tests/simulation/watched_store.h"

namespace viasync::simulation {
namespace {

using nlohmann::json;

constexpr int kFilters = 4;
constexpr int kAddresses = 3,
              kLists = 2;  // each address is excluded twice, told apart by the start
constexpr const char* kColumns[] = {"Alpha", "Beta", "Gamma"};

// Values of the three clauses of one filter's criterion.
using Clauses = std::array<int, 3>;

std::string Criterion(const Clauses& clauses) {
  std::string text;
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    text += (i ? " AND " : "") + std::string(kColumns[i]) + " = " + std::to_string(clauses[i]);
  }
  return text;
}

// An exclusion: which address, which start.
using Slot = std::pair<int, int>;

std::string Address(const Slot& slot) { return "555010" + std::to_string(slot.first); }
std::string StartOf(const Slot& slot) {
  return std::to_string(2026 + slot.second) + "-01-05T00:00:00Z";
}
std::string KeyOf(const Slot& slot) { return "voice:" + Address(slot) + "@*"; }
std::string MarkOf(const Slot& slot) {
  return "# e" + std::to_string(slot.first) + std::to_string(slot.second);
}
std::string ListName(int list) { return "L" + std::to_string(list); }

std::string Name(int filter) { return "F" + std::to_string(filter); }

// The number behind `Alpha = ` in a text.
int ClauseIn(const std::string& text, const char* column) {
  auto at = text.find(std::string(column) + " = ");
  REQUIRE(at != std::string::npos);
  return std::stoi(text.substr(at + std::string(column).size() + 3));
}

// What went on in all trials: a simulation in which nothing goes wrong proves nothing.
struct Tally {
  int crashes = 0, pulls = 0, pushes = 0, conflicts = 0;
};

class Trial final : public Witness {
 public:
  Trial(std::uint64_t seed, Tally& tally)
      : tally_(tally), random_(seed), world_(Org(), seed, *this) {
    std::string folder = (std::filesystem::temp_directory_path() / "viasync-sync-XXXXXX").string();
    REQUIRE(mkdtemp(folder.data()));
    root_ = folder;
    std::filesystem::create_directory(root_ / "config");
    Save("viasync.yaml",
         "version: 1\nenvironments:\n  dev: {org: acme, base_url: http://localhost:1,\n"
         "        token_url: http://localhost:1/t}\nlimits: {filters: {update: 1000}, exclusions: "
         "{delete: 1000}}\n");
    std::string text = "# Ours.\nfilters:\n";
    for (int i = 0; i < kFilters; ++i) {
      text += "  - name: " + Name(i) + "   # number " + std::to_string(i) + "\n    criteria: |\n";
      for (int c = 0; c < 3; ++c) {
        text += "      " + std::string(c ? "AND " : "") + kColumns[c] + " = 1\n";
      }
    }
    Save("config/filters.yaml", text);
    text = "exclusions:\n  - {type: voice, address: \"5550199\", start: 2026-01-05T00:00:00Z}\n";
    ForEachSlot([&](const Slot& slot) {
      text += "  - type: voice   " + MarkOf(slot) + "\n    address: \"" + Address(slot) +
              "\"\n    reason: r1\n    start: " + StartOf(slot) + "\n";
    });
    Save(kExclusionsFile, text);
    text = "lists:\n";
    for (int i = 0; i < kLists; ++i) text += "  - name: " + ListName(i) + "\n    filter: F0\n";
    Save(kListsFile, text);
  }
  ~Trial() override {
    for (auto& org : dead_) {
      (void)org.session.release();
      (void)org.client.release();
      (void)org.transport.release();
    }
    std::filesystem::remove_all(root_);
  }

  void Run() {
    REQUIRE(Sync());
    for (int step = 0; step < 20; ++step) {
      switch (random_() % 8) {
        case 0:
          EditFiles();
          break;
        case 1:
          EditOrg();
          break;
        case 2:
          EditEntry(true);
          break;
        case 3:
          EditEntry(false);
          break;
        case 4:
          EditList(Chance(50));
          break;
        default:
          disturbed_ = true;
          Sync(Chance(50) ? static_cast<long>(random_() % 12) : -1);
          disturbed_ = false;
      }
    }
    for (int i = 0; i < 3; ++i) REQUIRE(Sync());
    const auto before = AllFiles();
    writes_ = 0;
    REQUIRE(Sync());
    CHECK_MESSAGE(writes_ == 0, "a second sync writes to the org");
    CHECK_MESSAGE(AllFiles() == before, "a second sync writes files");
    for (int i = 0; i < kFilters; ++i) CheckFilter(i);
    ForEachSlot([&](const Slot& slot) { CheckEntry(slot); });
    for (int i = 0; i < kLists; ++i) CheckList(i);
  }

  Fault Strike(const http::Request& request) override {
    bool writes = request.method != http::Method::kGet && !request.url.ends_with("/t");
    writes_ += writes;
    if (!disturbed_ || !Chance(15)) return Fault::kNone;
    return static_cast<Fault>(random_() % kFaults);
  }

 private:
  static json Org() {
    json org = {{"schemas", {{{"id", "7"}, {"schemaName", "Base"}}}}, {"filters", json::array()}};
    for (int i = 0; i < kFilters; ++i) {
      org["filters"].push_back({{"filterName", Name(i)}, {"filterCriteria", Criterion({1, 1, 1})}});
    }
    ForEachSlot([&](const Slot& slot) {
      org["exclusions"].push_back({{"contactType", 1},
                                   {"contactAddress", Address(slot)},
                                   {"reason", "r1"},
                                   {"startTime", StartOf(slot)}});
    });
    for (int i = 0; i < kLists; ++i) {
      org["lists"].push_back({{"name", ListName(i)}, {"listType", 1}, {"filterName", "F0"}});
    }
    return org;
  }
  template <class Each>
  static void ForEachSlot(Each each) {
    for (int address = 0; address < kAddresses; ++address) {
      for (int start = 0; start < 2; ++start) each(Slot{address, start});
    }
  }
  bool Chance(unsigned percent) { return random_() % 100 < percent; }
  void Save(const std::string& name, const std::string& text) const {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }
  std::string Read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(root_ / name, std::ios::binary).rdbuf();
    return text.str();
  }
  std::string Files() const { return Read("config/filters.yaml"); }
  std::string AllFiles() const { return Files() + Read(kExclusionsFile) + Read(kListsFile); }
  std::string RemoteCriteria(int filter) const {
    auto live = world_.history().LiveOfKey(model::Kind::kFilter, Name(filter));
    REQUIRE(live.size() == 1);
    return ValueOf(live.front()->values, "criteria");
  }
  // Where the entry of a filter stands in the file.
  std::pair<std::size_t, std::size_t> Entry(const std::string& text, int filter) const {
    auto begin = text.find("- name: " + Name(filter));
    REQUIRE(begin != std::string::npos);
    return {begin, std::min(text.find("  - name:", begin + 1), text.size())};
  }

  void EditFiles() {
    int filter = static_cast<int>(random_() % kFilters), column = static_cast<int>(random_() % 3);
    std::string text = Files();
    auto [begin, end] = Entry(text, filter);
    auto at = text.find(std::string(kColumns[column]) + " = ", begin);
    REQUIRE(at < end);
    at = text.find("= ", at) + 2;
    text.replace(at, text.find_first_not_of("0123456789", at) - at, std::to_string(++marks_));
    Save("config/filters.yaml", text);
    local_[{filter, column}] = marks_;
  }

  void EditOrg() {
    int filter = static_cast<int>(random_() % kFilters), column = static_cast<int>(random_() % 3);
    Clauses clauses;
    for (int c = 0; c < 3; ++c) clauses[c] = ClauseIn(RemoteCriteria(filter), kColumns[c]);
    clauses[column] = ++marks_;
    world_.Edit({{"org", "acme"},
                 {"user", "maria"},
                 {"kind", "filter"},
                 {"action", "update"},
                 {"key", Name(filter)},
                 {"set", {{"filterCriteria", Criterion(clauses)}}}});
    remote_[{filter, column}] = marks_;
  }

  // The lines of an entry of a file, and the value behind `field` in them; npos: it is not there.
  struct Place {
    std::size_t begin, end;
    std::string value;
  };
  static Place PlaceIn(const std::string& text, const std::string& head, const std::string& field) {
    auto at = text.find(head);
    if (at == std::string::npos) return {at, at, ""};
    auto begin = text.rfind('\n', at) + 1;
    auto end = std::min(text.find("\n  - ", at), text.size() - 1) + 1;
    auto value = text.find(field, at) + field.size();
    REQUIRE(value < end);
    return {begin, end, text.substr(value, text.find('\n', value) - value)};
  }
  std::string RemoteReason(const Slot& slot) const {
    for (const auto* entry : world_.history().LiveOfKey(model::Kind::kExclusion, KeyOf(slot))) {
      if (ValueOf(entry->values, "start") == StartOf(slot)) return ValueOf(entry->values, "reason");
    }
    return "";
  }
  std::string LocalReason(const Slot& slot) const {
    return PlaceIn(Read(kExclusionsFile), MarkOf(slot), "reason: ").value;
  }
  std::string RemoteFilter(int list) const {
    auto live = world_.history().LiveOfKey(model::Kind::kList, ListName(list));
    REQUIRE(live.size() == 1);
    return ValueOf(live.front()->values, "filter");
  }
  std::string LocalFilter(int list) const {
    return PlaceIn(Read(kListsFile), "name: " + ListName(list) + "\n", "filter: ").value;
  }

  // One of the exclusions gets another reason, or is deleted.
  void EditEntry(bool here) {
    Slot slot(static_cast<int>(random_() % kAddresses), static_cast<int>(random_() % 2));
    const bool deletes = Chance(30);
    if ((here ? LocalReason(slot) : RemoteReason(slot)).empty()) return;
    const std::string reason = "r" + std::to_string(++marks_);
    (here ? ours_ : hers_)[slot] = {marks_, deletes};
    if (here) {
      std::string text = Read(kExclusionsFile);
      auto place = PlaceIn(text, MarkOf(slot), "reason: ");
      std::string entry = text.substr(place.begin, place.end - place.begin);
      auto at = entry.find("reason: ") + 8;
      entry.replace(at, place.value.size(), reason);
      Save(kExclusionsFile,
           text.replace(place.begin, place.end - place.begin, deletes ? "" : entry));
      return;
    }
    json edit = {{"org", "acme"},
                 {"user", "maria"},
                 {"kind", "exclusion"},
                 {"action", deletes ? "delete" : "update"},
                 {"key", KeyOf(slot) + "#" + StartOf(slot)}};
    if (!deletes) edit["set"] = {{"reason", reason}};
    world_.Edit(edit);
  }

  void EditList(bool here) {
    int list = static_cast<int>(random_() % kLists);
    const std::string filter = Name(static_cast<int>(random_() % kFilters));
    if (here) {
      std::string text = Read(kListsFile);
      auto at = text.find("filter: ", text.find("name: " + ListName(list))) + 8;
      Save(kListsFile, text.replace(at, text.find('\n', at) - at, filter));
    } else {
      world_.Edit({{"org", "acme"},
                   {"user", "maria"},
                   {"kind", "list"},
                   {"action", "update"},
                   {"key", ListName(list)},
                   {"set", {{"filterName", filter}}}});
    }
  }

  // As `viasync sync --yes --skip-conflicts`. False: it stopped, or died.
  bool Sync(long life = -1) {
    Fuse fuse(life);
    WatchedStore store(
        store_, records_, fuse, [] { return 0L; }, [](const store::BaseMove&, long) {}, -1);
    auto org = world_.Connect(fuse);
    bool done = false;
    try {
      done = SyncWith(org, store);
    } catch (const Crash&) {
    }
    world_.LandLate();
    if (fuse.dead()) dead_.push_back(std::move(org)), ++tally_.crashes;
    return done;
  }

  bool SyncWith(workflow::Org& org, store::Store& store) {
    if (!workflow::SettleOpenSteps(org, store)) return false;
    auto repository = workflow::LoadRepository(root_.string(), "dev");
    REQUIRE(repository);
    workflow::PlanInputs inputs{.options = {.skip_conflicts = true}, .adopt = true};
    auto view = workflow::ReadOrg(*repository, org, store, inputs);
    if (!view) return false;
    const auto now = world_.clock().Now();
    auto planned = workflow::Decide(*repository, *view, inputs, now);
    REQUIRE(planned);
    conflicts_.clear();
    for (const auto& conflict : planned->plan.conflicts) conflicts_.insert(conflict.change.key);
    auto pulls = workflow::PullsOf(planned->plan);
    tally_.pulls += static_cast<int>(pulls.size());
    tally_.pushes += static_cast<int>(plan::PushCount(planned->plan));
    tally_.conflicts += static_cast<int>(conflicts_.size());
    if (!plan::HasPushes(planned->plan)) {
      auto pull = workflow::PreparePull(*repository, *view, inputs, pulls, {}, now);
      REQUIRE(pull);
      CHECK(pull->by_hand.empty());
      return workflow::WritePull(*repository, *pull, store).has_value();
    }
    auto applied = workflow::ApplyPlan(*planned, org, store, {.run = "run"});
    if (!applied) return false;
    if (pulls.empty()) return true;
    auto pull = workflow::PreparePullAfterPush(*repository, org, store, inputs, view->base.exists,
                                               pulls, {});
    return pull && workflow::WritePull(*repository, *pull, store);
  }

  // The last edit of a clause stands on both sides; where a conflict was reported, on the side
  // where it was made.
  void CheckFilter(int filter) {
    const std::string text = Files();
    auto [begin, end] = Entry(text, filter);
    const std::string local = text.substr(begin, end - begin), remote = RemoteCriteria(filter);
    CHECK(local.find("# number " + std::to_string(filter)) != std::string::npos);
    for (int column = 0; column < 3; ++column) {
      const int here = ClauseIn(local, kColumns[column]),
                there = ClauseIn(remote, kColumns[column]);
      const int ours = local_[{filter, column}], hers = remote_[{filter, column}];
      const std::string what = Name(filter) + " " + kColumns[column] + ": files " +
                               std::to_string(here) + ", org " + std::to_string(there) +
                               ", last edits " + std::to_string(ours) + ", " + std::to_string(hers);
      if (conflicts_.contains(Name(filter))) {
        CHECK_MESSAGE((hers > ours ? there == hers : here == std::max(ours, 1)), what);
        continue;
      }
      CHECK_MESSAGE(here == there, what);
      CHECK_MESSAGE(here == std::max({ours, hers, 1}), what);
    }
  }

  // The last edit of an exclusion stands on both sides, and what was deleted is gone on both.
  void CheckEntry(const Slot& slot) {
    if (conflicts_.contains(KeyOf(slot)) ||
        conflicts_.contains(KeyOf(slot) + "#" + StartOf(slot))) {
      return;
    }
    const auto last = std::max(ours_[slot], hers_[slot]);
    const std::string wanted = last.second ? "" : "r" + std::to_string(std::max(last.first, 1));
    const std::string what = KeyOf(slot) + " " + StartOf(slot);
    CHECK_MESSAGE(LocalReason(slot) == wanted, what);
    CHECK_MESSAGE(RemoteReason(slot) == wanted, what);
  }

  void CheckList(int list) {
    if (conflicts_.contains(ListName(list))) return;
    CHECK_MESSAGE(LocalFilter(list) == RemoteFilter(list), ListName(list));
  }

  static constexpr const char* kExclusionsFile = "config/exclusions.yaml";
  static constexpr const char* kListsFile = "config/lists.yaml";

  Tally& tally_;
  std::mt19937_64 random_;
  SimWorld world_;
  std::filesystem::path root_;
  fakes::MemoryStore store_{"acme"};
  Records records_;
  std::vector<workflow::Org> dead_;
  std::map<std::pair<int, int>, int> local_, remote_;  // the last edit of each clause, by side
  std::map<Slot, std::pair<int, bool>> ours_, hers_;   // the last edit of each; true: deleted
  std::set<std::string> conflicts_;                    // of the last look
  int marks_ = 1, writes_ = 0;
  bool disturbed_ = false;
};

}  // namespace

TEST_CASE("both sides converge, and no edit is lost without a conflict that says so") {
  const char* given = std::getenv("VIASYNC_SEED");
  const std::uint64_t first = given ? std::strtoull(given, nullptr, 10) : 1;
  constexpr std::uint64_t kTrials = 120;
  const char* more = std::getenv("VIASYNC_TRIALS");
  const std::uint64_t last = given ? first : more ? std::strtoull(more, nullptr, 10) : kTrials;
  Tally tally;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    CAPTURE(seed);
    Trial(seed, tally).Run();
  }
  if (given) return;
  CHECK(tally.crashes > 50);
  CHECK(tally.pulls > 100);
  CHECK(tally.pushes > 100);
  CHECK(tally.conflicts > 20);
}

}  // namespace viasync::simulation
