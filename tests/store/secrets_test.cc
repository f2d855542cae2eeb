// No secret of a run comes into the store, whoever forgets to keep it out of what he hands over.
#include <fstream>
#include <iterator>

#include "engine/base/redact.h"
#include "tests/store/store_helpers.h"

namespace viasync::store {
namespace {

const std::string kSecret = "s3cr3t/with+letters=";
const std::string kSpelt = "s3cr3t\\/with\\u002bletters%3D";

struct Noted {
  Noted() { base::NoteSecret(kSecret); }
  ~Noted() { base::ForgetSecrets(); }
};

// Every file of the store, as bytes.
std::string AllBytes(const Folder& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
    std::ifstream file(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  return all;
}

void CheckClean(const Folder& folder) {
  const std::string all = AllBytes(folder);
  CHECK(!all.empty());
  CHECK(!base::Redactor{kSecret}.FoundIn(all));
  CHECK(all.find("s3cr3t") == std::string::npos);
}

}  // namespace

TEST_CASE("what people read is kept without the secret") {
  Folder folder;
  VirtualClock clock;
  const Noted noted;
  for (const std::string& spelling : {kSecret, kSpelt}) {
    OpenOptions options = Options(folder / "dev.db");
    options.user = options.commit = "a " + spelling;
    options.command = "viasync apply --x " + spelling;
    auto store = MustOpen(options, clock);
    Step step = MakeStep("A");
    step.org.user = "maria " + spelling;
    auto open = OpenStep(*store, step);
    REQUIRE(open);
    std::vector<Step> none;
    REQUIRE(
        store->Journal({{.step = open->id, .state = StepState::kFailed, .note = spelling}}, none));
    REQUIRE(
        store->MoveBase({Put(model::Kind::kFilter, "B", {{"criteria", spelling}})},
                        {{.key = "B", .action = "update", .before = {{"criteria", spelling}}}}));
    auto run = store->Migrations()->Begin({.name = "migrate x", .run = "r"});
    REQUIRE(run);
    REQUIRE(store->Migrations()->End(*run, RunState::kFailed, "said " + spelling));
    CheckClean(folder);
  }
}

TEST_CASE("what a later run acts on is refused before it is kept") {
  Folder folder;
  VirtualClock clock;
  const Noted noted;
  auto store = MustOpen(Options(folder / "dev.db"), clock);
  for (const std::string& spelling : {kSecret, kSpelt}) {
    for (const Step& step : {MakeStep("A", "x = '" + spelling + "'"), MakeStep(spelling)}) {
      auto refused = OpenStep(*store, step);
      REQUIRE(!refused);
      CHECK(refused.error().kind == base::ErrorKind::kInvalid);
      CHECK(refused.error().message.find("s3cr3t") == std::string::npos);
    }
    CHECK(!store->Migrations()->Begin({.name = "export " + spelling, .run = "r"}));
    auto run = store->Migrations()->Begin({.name = "migrate x", .run = "r"});
    REQUIRE(run);
    CHECK(!store->Migrations()->Record(*run, "chosen", true, "[\"" + spelling + "\"]"));
  }
  CHECK(store->OpenSteps()->empty());
  CheckClean(folder);
}

}  // namespace viasync::store
