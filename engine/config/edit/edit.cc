#include "engine/config/edit/edit.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/config/edit/file_builder.h"
#include "engine/config/edit/layers.h"
#include "engine/config/edit/ops.h"
#include "engine/config/edit/self_check.h"

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
    Settle({}, std::move(all));
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
      if (check.wrong.empty()) return check.unclear;
      for (auto edit : check.wrong) Refuse(edit, NotAsMeant(edit));
    }
  }

  base::Error NotAsMeant(std::size_t edit) const {
    base::Error error{.message = "the change would not read back as it was meant",
                      .hint = "edit this entry by hand"};
    const auto& source = input_.edits[edit].source;
    if (!source.file.empty()) error.where = PlaceOf(source);
    return error;
  }

  // Takes as many of `suspects` as go together with `accepted`, halving where something is wrong.
  // Returns those that are in; `built_` then holds them all.
  std::vector<std::size_t> Settle(std::vector<std::size_t> accepted,
                                  std::vector<std::size_t> suspects) {
    std::erase_if(suspects, [&](std::size_t edit) { return out_[edit]; });
    auto both = accepted;
    both.insert(both.end(), suspects.begin(), suspects.end());
    auto wrong = Try(both);
    if (!wrong || suspects.empty()) return both;
    if (suspects.size() == 1) {
      wrong->message = "with this change: " + wrong->message;
      if (wrong->hint.empty()) wrong->hint = "edit this entry by hand";
      Refuse(suspects.front(), std::move(*wrong));
      (void)Try(accepted);
      return accepted;
    }
    auto middle = suspects.begin() + static_cast<std::ptrdiff_t>(suspects.size() / 2);
    std::vector<std::size_t> front(suspects.begin(), middle);
    std::vector<std::size_t> back(middle, suspects.end());
    accepted = Settle(std::move(accepted), std::move(front));
    return Settle(std::move(accepted), std::move(back));
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
    (void)MergeLayers(before, TouchesExclusions(edits), project.manage, problems);
  }
  if (!problems.empty()) return std::unexpected(problems.Take());
  CheckInput input{files, project, environment, before, edits};
  return Session(input, layout).Run();
}

}  // namespace viasync::config
