// The base by Git: for CI runners that keep no store.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/config/git_repo.h"
#include "tests/e2e/harness.h"

namespace viasync::e2e {
namespace {

constexpr const char* kBoth =
    "filters:\n  - {name: Keep, criteria: A = 1}\n  - {name: Drop, criteria: B = 2}\n";
constexpr const char* kOne = "filters:\n  - {name: Keep, criteria: A = 1}\n";

nlohmann::json Org() {
  return {{"filters",
           {{{"filterName", "Keep"}, {"filterCriteria", "A=1"}},
            {{"filterName", "Drop"}, {"filterCriteria", "B = 2"}},
            {{"filterName", "Theirs"}, {"filterCriteria", "C = 3"}}}}};
}

nlohmann::json Summary(World& world, const std::vector<std::string>& more) {
  std::vector<std::string> args = {"plan", "--format", "json"};
  args.insert(args.end(), more.begin(), more.end());
  auto plan = world.Run(args);
  REQUIRE_MESSAGE(plan.exit_code == 0, plan.err);
  return nlohmann::json::parse(plan.out)["summary"];
}

// A repository in Git whose files are `filters`.
struct GitWorld {
  World world{Org()};
  explicit GitWorld(const std::string& filters) {
    world.repo.Write(".gitignore", ".viasync\n");
    world.repo.Write("config/filters.yaml", filters);
    Git(path(), "init -q");
    CommitAll(path());
  }
  const std::string& path() const { return world.repo.path(); }
  std::string Head() const { return Git(path(), "rev-parse HEAD"); }
  // The recorded commit; "none" where nothing is recorded.
  std::string Applied() const {
    return Git(path(), "rev-parse -q --verify refs/viasync/dev || echo none");
  }
  void LoseStore() const { std::filesystem::remove_all(path() + "/.viasync"); }
};

}  // namespace

TEST_CASE("what a commit declared and the files leave out is deleted; nothing else is") {
  GitWorld git(kBoth);
  auto& world = git.world;
  world.repo.Write("config/filters.yaml", kOne);
  CHECK(Summary(world, {})["delete"] == 0);

  auto plan = world.Run({"plan", "--base-ref", "HEAD", "--out", "plan.json"});
  REQUIRE_MESSAGE(plan.exit_code == 0, plan.err);
  CHECK(plan.out.find("base: git ") != std::string::npos);
  CHECK(plan.err.find("viasync apply plan.json -e dev --base-ref " + git.Head()) !=
        std::string::npos);
  auto apply = world.Run({"apply", "plan.json", "--base-ref", "HEAD"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  CHECK(world.Find("filters", "Drop").is_null());
  CHECK_FALSE(world.Find("filters", "Theirs").is_null());
}

TEST_CASE("an unknown commit is an error before any request") {
  World world(Org());
  world.repo.Write("config/filters.yaml", kOne);
  Git(world.repo.path(), "init -q");
  CommitAll(world.repo.path());
  auto plan = world.Run({"plan", "--base-ref", "nowhere"});
  CHECK(plan.exit_code == 1);
  CHECK(plan.err.find("`nowhere` is not a commit") != std::string::npos);
}

TEST_CASE("variables of a hook choose neither the base nor the commit in the history") {
  GitWorld git(kBoth), other(kOne);
  auto& world = git.world;
  world.env["GIT_DIR"] = other.path() + "/.git";
  world.env["GIT_WORK_TREE"] = other.path();
  world.env["GIT_INDEX_FILE"] = other.path() + "/.git/index";
  world.env["GITHUB_SHA"] = std::string(40, '1');
  world.repo.Write("config/filters.yaml", kOne);
  CHECK(Summary(world, {"--base-ref", "HEAD"})["delete"] == 1);
  REQUIRE(world.Run({"apply", "--yes", "--base-ref", "HEAD"}).exit_code == 0);
  auto history = world.Run({"history", "--format", "json"});
  CHECK(history.out.find(git.Head()) != std::string::npos);
}

TEST_CASE("the history of a worktree names the commit of that worktree") {
  GitWorld git(kBoth);
  auto& world = git.world;
  Git(git.path(), "worktree add -q -b f trees/f");
  const std::string tree = git.path() + "/trees/f";
  world.repo.Write("trees/f/config/filters.yaml",
                   std::string(kBoth) + "  - {name: New, criteria: N = 1}\n");
  CommitAll(tree);
  REQUIRE(Git(tree, "rev-parse HEAD") != git.Head());
  auto apply = world.Run({"-C", "trees/f", "apply", "--yes"});
  REQUIRE_MESSAGE(apply.exit_code == 0, apply.err);
  auto history = world.Run({"-C", "trees/f", "history", "--format", "json"});
  CHECK(history.out.find(Git(tree, "rev-parse HEAD")) != std::string::npos);
}

TEST_CASE("a successful apply records its commit, and --base-ref auto starts from it") {
  GitWorld git(kBoth);
  auto& world = git.world;
  CHECK(git.Applied() == "none");
  auto none = world.Run({"plan", "--base-ref", "auto"});
  CHECK(none.exit_code == 1);
  CHECK(none.err.find("refs/viasync/dev") != std::string::npos);

  REQUIRE(world.Run({"apply", "--yes"}).exit_code == 0);
  const std::string first = git.Head();
  CHECK(git.Applied() == first);

  world.repo.Write("config/filters.yaml", kOne);
  CommitAll(git.path());
  git.LoseStore();
  auto plan = world.Run({"plan", "--base-ref", "auto"});
  CHECK(plan.exit_code == 0);
  CHECK(plan.err.find("commit " + first.substr(0, 12) + ", committed") != std::string::npos);
  REQUIRE(world.Run({"apply", "--yes", "--base-ref", "auto"}).exit_code == 0);
  CHECK(world.Find("filters", "Drop").is_null());
  CHECK(git.Applied() == git.Head());
}

TEST_CASE("files that differ from the commit, and an apply that fails, record nothing") {
  GitWorld git(kBoth);
  auto& world = git.world;
  world.repo.Write("config/filters.yaml",
                   std::string(kBoth) + "  - {name: New, criteria: N = 1}\n");
  auto dirty = world.Run({"apply", "--yes"});
  CHECK(dirty.exit_code == 0);
  CHECK(dirty.err.find("refs/viasync/dev was not moved: the files differ") != std::string::npos);
  CHECK(git.Applied() == "none");

  world.repo.Write("config/filters.yaml", std::string(kBoth) +
                                              "  - {name: New, criteria: N = 1}\n"
                                              "  - {name: Newer, criteria: N = 2}\n");
  CommitAll(git.path());
  world.Fault({{"method", "POST"},
               {"path", "*/filters"},
               {"action", "status"},
               {"status", 400},
               {"times", 1}});
  CHECK(world.Run({"apply", "--yes"}).exit_code != 0);
  CHECK(git.Applied() == "none");
  CHECK(world.Run({"apply", "--yes"}).exit_code == 0);
  CHECK(git.Applied() == git.Head());
}

TEST_CASE("a runner without the ref fetches what another one pushed") {
  GitWorld git(kBoth);
  auto& world = git.world;
  Folder shared, runner;
  Git(shared.path(), "init -q --bare");
  Git(git.path(), "remote add origin " + shared.path());
  Git(git.path(), "push -q origin HEAD:refs/heads/main");
  auto wrong = world.Run({"apply", "--yes", "--push-ref", "nowhere"});
  CHECK(wrong.exit_code == 1);
  CHECK(wrong.err.find("no remote `nowhere`") != std::string::npos);
  auto apply = world.Run({"apply", "--yes", "--push-ref", "origin"});
  REQUIRE_MESSAGE(apply.exit_code == 0, apply.err);
  CHECK(Git(shared.path(), "rev-parse refs/viasync/dev") == git.Head());

  Git(runner.path(), "clone -q " + shared.path() + " here");
  auto plan = world.Run({"-C", runner.path() + "/here", "plan", "--base-ref", "auto"});
  CHECK_MESSAGE(plan.exit_code == 0, plan.err);
  CHECK(plan.out.find("No changes") != std::string::npos);
  CHECK(plan.err.find(git.Head().substr(0, 12)) != std::string::npos);
}

TEST_CASE("what was declared and never arrived is created, and stays in the files") {
  const std::string more = std::string(kBoth) + "  - {name: New, criteria: N = 1}\n";
  GitWorld git(more);
  auto& world = git.world;
  auto summary = Summary(world, {"--base-ref", "HEAD"});
  CHECK(summary["create"] == 1);
  CHECK(summary["pull"] == 0);
  REQUIRE(world.Run({"pull", "--yes", "--no-new", "--base-ref", "HEAD"}).exit_code == 0);
  CHECK(world.repo.Read("config/filters.yaml") == more);
  git.LoseStore();
  // Trusted, or recorded as applied, it was there and has been deleted in the org.
  CHECK(Summary(world, {"--base-ref", "HEAD", "--trust-base"})["pull"] == 1);
  Git(git.path(), "update-ref refs/viasync/dev HEAD");
  CHECK(Summary(world, {"--base-ref", "HEAD"})["pull"] == 1);
  CHECK(world.Run({"drift", "--base-ref", "HEAD"}).exit_code == 2);
}

TEST_CASE("a change that was declared and never arrived is not taken for an edit in the org") {
  GitWorld git(kBoth);
  auto& world = git.world;
  REQUIRE(world.Run({"apply", "--yes"}).exit_code == 0);
  const std::string changed =
      "filters:\n  - {name: Keep, criteria: A = 1}\n  - {name: Drop, criteria: B = 9}\n";
  world.repo.Write("config/filters.yaml", changed);
  CommitAll(git.path());
  auto fail = [&] {
    world.Fault({{"method", "PUT"},
                 {"path", "*/filters/*"},
                 {"action", "status"},
                 {"status", 400},
                 {"times", 1}});
    CHECK(world.Run({"apply", "--yes"}).exit_code != 0);
  };
  fail();
  // The store knows what the org had, and it still has it: the change is sent.
  CHECK(world.Run({"apply", "--yes", "--base-ref", "HEAD"}).exit_code == 0);
  CHECK(world.Find("filters", "Drop")["filterCriteria"] == "B = 9");
  CHECK(git.Applied() == git.Head());

  world.repo.Write("config/filters.yaml", kBoth);
  CommitAll(git.path());
  fail();
  git.LoseStore();
  const std::string applied = git.Applied();
  // Without the store nobody knows: a person decides.
  auto unsure = world.Run({"apply", "--yes", "--base-ref", "HEAD"});
  CHECK(unsure.exit_code == 3);
  CHECK(unsure.out.find("whether that ever arrived there is not known") != std::string::npos);
  CHECK(git.Applied() == applied);
  CHECK(world.Run({"pull", "--yes", "--no-new", "--base-ref", "HEAD"}).exit_code == 3);
  CHECK(world.repo.Read("config/filters.yaml") == kBoth);
  CHECK(Summary(world, {"--base-ref", "HEAD", "--trust-base"})["pull"] == 1);
  auto wrong = world.Run({"plan", "--base-ref", "HEAD", "--prefer", "Keep=local"});
  CHECK(wrong.exit_code == 1);
  CHECK(world.Run({"apply", "--yes", "--base-ref", "HEAD", "--prefer", "Drop=local"}).exit_code ==
        0);
  CHECK(world.Find("filters", "Drop")["filterCriteria"] == "B = 2");
}

TEST_CASE("what the files leave out is no drift on a runner without a disk") {
  World world(nlohmann::json{
      {"filters",
       {{{"filterName", "Keep"}, {"filterDescription", "theirs"}, {"filterCriteria", "A=1"}}}}});
  world.repo.Write(".gitignore", ".viasync\n");
  world.repo.Write("config/filters.yaml", kOne);
  Git(world.repo.path(), "init -q");
  CommitAll(world.repo.path());
  REQUIRE(world.Run({"apply", "--yes"}).exit_code == 0);
  std::filesystem::remove_all(world.repo.path() + "/.viasync");
  auto drift = world.Run({"drift", "--base-ref", "auto"});
  CHECK_MESSAGE(drift.exit_code == 0, drift.out);
  CHECK(Summary(world, {"--base-ref", "auto"})["pull"] == 0);
}

TEST_CASE("what git says about a name is shown, and files of a commit are named as such") {
  GitWorld git(kBoth);
  auto& world = git.world;
  Git(git.path(), "tag both");
  world.repo.Write("config/filters.yaml", kOne);
  CommitAll(git.path());
  Git(git.path(), "branch both");
  auto plan = world.Run({"plan", "--base-ref", "both"});
  CHECK(plan.exit_code == 0);
  CHECK(plan.err.find("refname 'both' is ambiguous") != std::string::npos);

  const std::string project = world.repo.Read("viasync.yaml");
  world.repo.Write("viasync.yaml", "environments: [\n");
  CommitAll(git.path());
  const std::string broken = git.Head().substr(0, 12);
  world.repo.Write("viasync.yaml", project);
  CommitAll(git.path());
  auto refused = world.Run({"plan", "--base-ref", "HEAD~1"});
  CHECK(refused.exit_code == 1);
  CHECK(refused.err.find(broken + ":viasync.yaml:1:") != std::string::npos);
  CHECK(refused.err.find("the base, commit " + broken) != std::string::npos);
}

TEST_CASE("no hook of the repository runs, and status shows what was recorded") {
  GitWorld git(kBoth);
  auto& world = git.world;
  for (const char* hook : {"hooks/reference-transaction", "hooks/pre-push"}) {
    world.repo.Write(hook, "#!/bin/sh\ntouch " + git.path() + "/ran\n");
    std::filesystem::permissions(git.path() + "/" + hook, std::filesystem::perms::all);
  }
  Folder shared;
  Git(shared.path(), "init -q --bare");
  Git(git.path(), "remote add origin " + shared.path());
  Git(git.path(), "config core.hooksPath hooks");
  CHECK(world.Run({"status"}).out.find("refs/viasync/dev") == std::string::npos);
  auto apply = world.Run({"apply", "--yes", "--push-ref", "origin"});
  REQUIRE_MESSAGE(apply.exit_code == 0, apply.err);
  CHECK(git.Applied() == git.Head());
  CHECK_FALSE(std::filesystem::exists(git.path() + "/ran"));
  CHECK(world.Run({"status"}).out.find("commit " + git.Head().substr(0, 12)) != std::string::npos);
  auto status = nlohmann::json::parse(world.Run({"status", "--format", "json"}).out);
  CHECK(status[0]["appliedCommit"] == git.Head());
}

TEST_CASE("an environment whose name Git does not take in a ref is recorded all the same") {
  GitWorld git(kBoth);
  auto& world = git.world;
  std::string project = world.repo.Read("viasync.yaml");
  project.replace(project.find("dev:"), 4, "a..b.lock:");
  world.repo.Write("viasync.yaml", project);
  for (const char* name : {"CLIENT_ID", "CLIENT_SECRET", "API_KEY"}) {
    world.env[std::string("VIASYNC_A__B_LOCK_") + name] =
        world.env[std::string("VIASYNC_DEV_") + name];
  }
  CommitAll(git.path());
  auto apply = world.Run({"apply", "--yes"});
  REQUIRE_MESSAGE(apply.exit_code == 0, apply.err);
  git.LoseStore();
  auto plan = world.Run({"plan", "--base-ref", "auto"});
  CHECK_MESSAGE(plan.exit_code == 0, plan.err);
  CHECK(plan.err.find("it was applied last") != std::string::npos);
}

TEST_CASE("the history of a submodule, and of a folder that is a link, names its own commit") {
  GitWorld git(kBoth);
  auto& world = git.world;
  Folder around;
  Git(around.path(), "init -q");
  around.Write("other", "x");
  CommitAll(around.path());
  Git(around.path(), "submodule add -q " + git.path() + " org");
  CommitAll(around.path());
  const std::string inside = around.path() + "/org";
  REQUIRE(Git(inside, "rev-parse HEAD") != Git(around.path(), "rev-parse HEAD"));
  std::filesystem::create_directory_symlink(inside, around.path() + "/link");
  for (const char* way : {"/org", "/link", "/link/config"}) {
    CAPTURE(way);
    const std::string folder = around.path() + way;
    auto apply = world.Run({"-C", folder, "apply", "--yes"});
    REQUIRE_MESSAGE(apply.exit_code == 0, apply.err);
    world.Edit("filter", "update", "Drop", {{"filterCriteria", "B = 7"}});
    REQUIRE(world.Run({"-C", folder, "apply", "--yes", "--revert-drift"}).exit_code == 0);
    auto history = world.Run({"-C", folder, "history", "--limit", "1", "--format", "json"});
    CHECK(history.out.find(Git(inside, "rev-parse HEAD")) != std::string::npos);
  }
}

TEST_CASE("an apply that failed leaves nobody unprotected, also in an org that holds nothing") {
  World world(nlohmann::json{{"exclusions", nlohmann::json::array()}});
  world.repo.Write(".gitignore", ".viasync\n");
  world.repo.Write("config/dnc.yaml",
                   "exclusions:\n  - {type: voice, address: \"2025550100\", reason: asked}\n");
  Git(world.repo.path(), "init -q");
  CommitAll(world.repo.path());
  world.Fault({{"method", "POST"},
               {"path", "*/exclusions"},
               {"action", "status"},
               {"status", 400},
               {"times", 1}});
  CHECK(world.Run({"apply", "--yes"}).exit_code != 0);
  REQUIRE(world.Find("exclusions", "2025550100").is_null());
  std::filesystem::remove_all(world.repo.path() + "/.viasync");
  auto again = world.Run({"apply", "--yes", "--base-ref", "HEAD"});
  CHECK_MESSAGE(again.exit_code == 0, (again.out + again.err));
  CHECK_FALSE(world.Find("exclusions", "2025550100").is_null());
}

TEST_CASE("what the store knows to have arrived was deleted in the org") {
  GitWorld git(kBoth);
  auto& world = git.world;
  REQUIRE(world.Run({"apply", "--yes"}).exit_code == 0);
  Git(git.path(), "update-ref -d refs/viasync/dev");
  world.Edit("filter", "delete", "Drop");
  auto summary = Summary(world, {"--base-ref", "HEAD"});
  CHECK(summary["create"] == 0);
  CHECK(summary["pull"] == 1);
}

TEST_CASE("a commit of another org is no base") {
  GitWorld git(kBoth);
  auto& world = git.world;
  std::string project = world.repo.Read("viasync.yaml");
  std::string other = project;
  other.replace(other.find("acme-dev"), 8, "acme-old");
  world.repo.Write("viasync.yaml", other);
  CommitAll(git.path());
  world.repo.Write("viasync.yaml", project);
  world.repo.Write("config/filters.yaml", kOne);
  auto plan = world.Run({"plan", "--base-ref", "HEAD"});
  CHECK(plan.exit_code == 0);
  CHECK(plan.out.find("No changes") != std::string::npos);
  CHECK(plan.err.find("is not a base: there `dev` is org acme-old") != std::string::npos);
  auto drift = world.Run({"drift", "--base-ref", "HEAD"});
  CHECK(drift.exit_code == 1);
  CHECK(drift.err.find("no base") != std::string::npos);
}

TEST_CASE("without a base a runner does not overwrite what the org has") {
  World world(Org());
  world.repo.Write("config/filters.yaml", "filters:\n  - {name: Keep, criteria: A = 2}\n");
  world.Edit("filter", "update", "Keep", {{"filterCriteria", "A = 3"}});
  auto plan = world.Run({"plan"});
  CHECK(plan.exit_code == 0);
  CHECK(plan.out.find("There is no base") != std::string::npos);
  CHECK(plan.out.find("last changed in the org by maria") != std::string::npos);
  CHECK(plan.err.find("--no-base") != std::string::npos);
  for (const char* command : {"apply", "sync"}) {
    CAPTURE(command);
    auto refused = world.Run({command, "--yes"});
    CHECK(refused.exit_code == 1);
    CHECK(refused.err.find("--base-ref auto") != std::string::npos);
    CHECK(refused.err.find("--no-base") != std::string::npos);
  }
  CHECK(world.Writes().empty());
  CHECK(world.Run({"plan", "--out", "plan.json"}).exit_code == 0);
  CHECK(world.Run({"apply", "plan.json"}).exit_code == 1);
  CHECK(world.Run({"apply", "plan.json", "--no-base"}).exit_code == 0);
  CHECK(world.Find("filters", "Keep")["filterCriteria"] == "A = 2");
  CHECK(world.Run({"apply", "--yes", "--no-base", "--base-ref", "HEAD"}).exit_code == 1);
}

TEST_CASE("a plan file's options are those of the command line, or it is signed") {
  World world(Org());
  world.repo.Write("config/filters.yaml", kBoth);
  REQUIRE(world.Run({"apply", "--yes"}).exit_code == 0);
  world.Edit("filter", "update", "Keep", {{"filterCriteria", "A = 3"}});
  REQUIRE(world.Run({"plan", "--revert-drift", "--prune", "--out", "plan.json"}).exit_code == 0);
  auto bare = world.Run({"apply", "plan.json"});
  CHECK(bare.exit_code == 1);
  CHECK(bare.err.find("was made with --prune") != std::string::npos);
  CHECK(bare.err.find("was made with --revert-drift") != std::string::npos);
  auto more = world.Run({"apply", "plan.json", "--prune", "--revert-drift", "--prefer", "local"});
  CHECK(more.exit_code == 1);
  CHECK(more.err.find("was made without --prefer local") != std::string::npos);

  world.env["VIASYNC_PLAN_KEY"] = "";
  CHECK(world.Run({"apply", "plan.json"}).exit_code == 1);
  auto key = world.Run({"plan", "--new-key"});
  REQUIRE(key.exit_code == 0);
  world.env["VIASYNC_PLAN_KEY"] = key.out.substr(0, 64);
  auto unsigned_plan = world.Run({"apply", "plan.json", "--prune", "--revert-drift"});
  CHECK(unsigned_plan.exit_code == 1);
  CHECK(unsigned_plan.err.find("is not signed") != std::string::npos);
  CHECK(world.Writes().empty());
  REQUIRE(world.Run({"plan", "--revert-drift", "--prune", "--out", "plan.json"}).exit_code == 0);
  auto output = world.Run({"apply", "plan.json"});
  CHECK_MESSAGE(output.exit_code == 0, output.err);
  CHECK(world.Find("filters", "Keep")["filterCriteria"] == "A = 1");
  CHECK(world.Find("filters", "Theirs").is_null());
}

TEST_CASE("a plan of one of several environments needs it named") {
  World world(Org());
  world.repo.Write("config/filters.yaml",
                   std::string(kBoth) + "  - {name: New, criteria: N = 1}\n");
  world.WriteProject("  prod: {org: acme-prod, region: us}\n");
  REQUIRE(world.Run({"plan", "-e", "dev", "--out", "plan.json"}).exit_code == 0);
  auto bare = world.Run({"apply", "plan.json"});
  CHECK(bare.exit_code == 1);
  CHECK(bare.err.find("add -e dev") != std::string::npos);
  CHECK(world.Run({"apply", "plan.json", "-e", "dev"}).exit_code == 0);
}

}  // namespace viasync::e2e
