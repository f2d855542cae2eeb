#include "engine/config/edit/edit.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/config/edit/file_builder.h"
#include "engine/config/edit/layers.h"
#include "engine/config/edit/ops.h"
#include "engine/config/edit/self_check.h"
#include "engine/config/edit/together.h"

namespace viasync::config {
namespace {

// Builds the files with all edits, and without those that turn out not to be possible.
class Session {
 public:
  Session(const CheckInput& input, const Layout& layout)
      : input_(input),
        builder_(input.files, input.project, input.environment, input.before, layout),
        ops_(PlanOps(input.before, input.edits)),
        out_(input.edits.size()) {
    for (auto& refusal : ops_.refused) Refuse(refusal.edit, std::move(refusal.error));
  }

  EditedFiles Run() {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < input_.edits.size(); ++i) all.push_back(i);
    TakeTogether(
        {}, std::move(all), [&](const auto& edits) { return Try(edits); },
        [&](std::size_t edit) { return out_[edit]; },
        [&](std::size_t edit, base::Error why) { Refuse(edit, WithChange(std::move(why))); });
    EditedFiles result;
    result.files = std::move(built_.files);
    result.places = std::move(built_.places);
    result.places.resize(input_.edits.size());
    for (auto& [edit, error] : refused_) result.refused.push_back({edit, std::move(error)});
    return result;
  }

 private:
  void Refuse(std::size_t edit, base::Error error) {
    out_[edit] = true;
    refused_.emplace(edit, std::move(error));
  }

  Ops OpsOf(const std::vector<std::size_t>& edits) const {
    std::vector<bool> wanted(input_.edits.size());
    for (auto edit : edits) wanted[edit] = !out_[edit];
    Ops chosen;
    auto copy = [&](const auto& from, auto& to) {
      std::ranges::copy_if(from, std::back_inserter(to),
                           [&](const auto& op) { return wanted[op.edit]; });
    };
    copy(ops_.fields, chosen.fields);
    copy(ops_.removed, chosen.removed);
    copy(ops_.added, chosen.added);
    return chosen;
  }

  // Builds and checks; edits that are at fault themselves are refused on the way. Returns what is
  // wrong beyond them.
  std::optional<base::Error> Try(const std::vector<std::size_t>& edits) {
    for (;;) {
      auto ops = OpsOf(edits);
      auto built = builder_.Build(ops, input_.edits.size());
      for (auto& refusal : built.refused) Refuse(refusal.edit, std::move(refusal.error));
      if (!built.refused.empty()) continue;
      auto check = CheckEdited(input_, ops, built);
      if (check.good()) {
        built_ = std::move(built);
        return std::nullopt;
      }
      if (check.wrong.empty() && check.faulty.empty()) return check.unclear;
      for (auto edit : check.wrong) Refuse(edit, NotAsMeant(edit));
      for (auto& [edit, error] : check.faulty) Refuse(edit, WithChange(std::move(error)));
    }
  }

  base::Error NotAsMeant(std::size_t edit) const {
    base::Error error{.message = "the change would not read back as it was meant",
                      .hint = "edit this entry by hand"};
    const auto& source = input_.edits[edit].source;
    if (!source.file.empty()) error.where = PlaceOf(source);
    return error;
  }

  static base::Error WithChange(base::Error error) {
    error.message = "with this change: " + error.message;
    if (error.hint.empty()) error.hint = "edit this entry by hand";
    return error;
  }

  const CheckInput& input_;
  FileBuilder builder_;
  Ops ops_;
  std::vector<bool> out_;  // by edit: refused
  std::map<std::size_t, base::Error> refused_;
  BuiltFiles built_;
};

}  // namespace

std::expected<EditedFiles, base::Errors> EditRepository(FileTree& files, const Project& project,
                                                        const Environment& environment,
                                                        std::span<const ResourceEdit> edits,
                                                        const Layout& layout) {
  Problems problems(files);
  auto before = ReadFileLayers(project, environment, problems);
  if (problems.empty()) {
    (void)MergeLayers(before, KindsIn(edits), project.manage, problems);
  }
  if (!problems.empty()) return std::unexpected(problems.Take());
  CheckInput input{files, project, environment, before, edits};
  return Session(input, layout).Run();
}

}  // namespace viasync::config
