// A job from its start to its end before an org that the test plays, in virtual time.
#include "engine/migrate/watch.h"

#include <doctest/doctest.h>

#include "engine/model/object_types.h"
#include "tests/api/world.h"

namespace viasync::migrate {
namespace {

using Json = nlohmann::json;

constexpr const char* kJobs = "/via/v3/organizations/acme/campaign/jobs";

struct PlayedJob {
  Json detail = {{"jobType", "import"}, {"jobStatus", "Running"}, {"conflicts", false}};
  Json listed = detail;
  std::function<void(PlayedJob&, const Json& answer)> resolved{};
  std::vector<Json> answers;
  std::vector<std::string> posts;
  int looks = 0, done_after = 1'000'000;

  api::World world{[this](const http::Request& request) { return Serve(request); }};
  Patience patience{.deadline = base::Millis(600'000)};

  PlayedJob() { SetConflict("Dispositions", {"ABC"}); }

  void SetConflict(const std::string& object, const std::vector<std::string>& names) {
    detail["conflicts"] = !names.empty();
    detail["conflictObjectName"] = object;
    detail["conflictInfo"] = Json::array();
    for (const auto& name : names) detail["conflictInfo"].push_back({{"name", name}});
  }

  fakes::Outcome Serve(const http::Request& request) {
    const std::string path = request.url.substr(std::string(api::kBase).size());
    if (path.ends_with("/conflict")) {
      answers.push_back(Json::parse(request.body));
      if (resolved) resolved(*this, answers.back());
      return fakes::Answer(200, "{}");
    }
    if (request.method == http::Method::kPost) {
      posts.push_back(path.substr(path.rfind('/') + 1));
      if (posts.back() == "pause") detail["jobStatus"] = "Paused";
      if (posts.back() == "resume") detail["jobStatus"] = "Running";
      return fakes::Answer(200, "{}");
    }
    if (path.starts_with(std::string(kJobs) + "/7")) {
      if (++looks >= done_after) detail["jobStatus"] = "Completed";
      return fakes::Answer(200, detail.dump());
    }
    listed["id"] = "7";
    listed["fileName"] = "f.zip";
    return fakes::Answer(200, Json{{"jobs", {listed}}, {"totalItems", 1}}.dump());
  }

  Watched Watch(Answers& answers_given, bool resume = false) {
    auto watched = world.Run(WatchJob(world.session, "7", &answers_given, patience, resume));
    REQUIRE_MESSAGE(watched.has_value(), watched.error().message);
    return *watched;
  }
};

Answers Rename(const std::string& from, const std::string& to) {
  Answers answers;
  answers.rules.types[model::TypeKey("Dispositions")].rename[from] = to;
  return answers;
}

}  // namespace

TEST_CASE("a conflict that is answered goes away, and the job ends") {
  PlayedJob job;
  job.resolved = [](PlayedJob& played, const Json&) {
    played.SetConflict("", {});
    played.done_after = played.looks + 2;
  };
  Answers answers = Rename("ABC", "DEF");
  CHECK(job.Watch(answers).end == JobEnd::kDone);
  REQUIRE(job.answers.size() == 1);
  CHECK(job.answers[0].at("conflictChanges").at(0).at("newName") == "DEF");
  CHECK(answers.rounds.at(0).sure);
}

TEST_CASE("a new name that the target has already is not given") {
  PlayedJob job;
  Answers answers = Rename("ABC", "DEF");
  answers.taken = {{model::TypeKey("Dispositions"), "DEF"}};
  const Watched watched = job.Watch(answers);
  CHECK(watched.end == JobEnd::kConflict);
  CHECK(watched.why.find("DEF, which the org has, too") != std::string::npos);
  CHECK(watched.paused);
  CHECK(job.answers.empty());
}

TEST_CASE("an answer that the org never takes in is a circle, and the job waits") {
  PlayedJob job;
  Answers answers = Rename("ABC", "DEF");
  const Watched watched = job.Watch(answers);
  CHECK(watched.end == JobEnd::kConflict);
  CHECK(watched.why.find("go round in a circle") != std::string::npos);
  CHECK(job.answers.size() == 1);
  CHECK(job.world.clock.Steady() < base::Millis(60'000));
}

TEST_CASE("a salted name that collides again is not salted for ever") {
  PlayedJob job;
  job.resolved = [](PlayedJob& played, const Json&) {
    played.SetConflict("Dispositions", {"ABCA1"});
  };
  Answers answers;
  answers.rules.fallback = model::OnConflict::kSalt;
  answers.options = {.salt = "A1", .append_salt = true};
  const Watched watched = job.Watch(answers);
  CHECK(watched.end == JobEnd::kConflict);
  CHECK(watched.why.find("an earlier answer gave this name") != std::string::npos);
  CHECK(job.answers.size() == 1);
}

TEST_CASE("a conflict that only the collection tells of is answered, too") {
  PlayedJob job;
  job.detail = {{"jobType", "import"}, {"jobStatus", "Paused"}};
  job.listed["conflicts"] = true;
  job.listed["conflictObjectName"] = "Dispositions";
  job.listed["jobStatus"] = "Paused";
  job.resolved = [](PlayedJob& played, const Json&) {
    played.listed["conflicts"] = false;
    played.done_after = played.looks + 2;
  };
  Answers answers;
  answers.rules.fallback = model::OnConflict::kIgnore;
  CHECK(job.Watch(answers).end == JobEnd::kDone);
  REQUIRE(job.answers.size() == 1);
  CHECK(job.answers[0].at("configIgnoreAll") == true);
}

TEST_CASE("a conflict without names is not answered by rules that depend on names") {
  for (bool rename : {false, true}) {
    CAPTURE(rename);
    PlayedJob job;
    job.detail["conflicts"] = true;
    job.detail["conflictInfo"] = nullptr;
    Answers answers;
    answers.options.salt = "A1";
    answers.rules.fallback = rename ? model::OnConflict::kIgnore : model::OnConflict::kSalt;
    if (rename) answers.rules.types = Rename("ABC", "DEF").rules.types;
    const Watched watched = job.Watch(answers);
    CHECK(watched.end == JobEnd::kConflict);
    CHECK(watched.why.find("does not name the objects") != std::string::npos);
    CHECK(watched.paused);
    CHECK(job.answers.empty());
  }
}

TEST_CASE("a job that somebody paused is waited for, and left paused at the end of patience") {
  PlayedJob job;
  job.detail = {{"jobType", "import"}, {"jobStatus", "Paused"}, {"conflicts", false}};
  job.patience.deadline = base::Millis(30'000);
  Answers answers;
  const Watched watched = job.Watch(answers);
  CHECK(watched.end == JobEnd::kTimeout);
  CHECK(watched.job.status == "Paused");
  CHECK(job.posts.empty());
}

TEST_CASE("one that an earlier run left paused is resumed once") {
  PlayedJob job;
  job.detail = {{"jobType", "import"}, {"jobStatus", "Paused"}, {"conflicts", false}};
  job.done_after = 4;
  Answers answers;
  CHECK(job.Watch(answers, /*resume=*/true).end == JobEnd::kDone);
  CHECK(job.posts == std::vector<std::string>{"resume"});
}

}  // namespace viasync::migrate
