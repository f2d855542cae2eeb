// Edits of a repository, chosen by a number, and what must hold afterwards: the files read, every
// edit that was taken has its effect, and every other entry is as it was.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/desired.h"
#include "engine/config/edit/edit.h"
#include "engine/model/fields.h"
#include "tests/config/memory_tree.h"

namespace viasync::config {

class EditCheck {
 public:
  EditCheck(Files files, std::uint64_t choices) : files_(std::move(files)), choices_(choices) {
    files_["viasync.yaml"] = "version: 1\nenvironments:\n  dev: {org: acme, region: us}\n";
  }

  void Run() {
    MemoryTree tree(files_);
    auto project = LoadProject("/repo", tree);
    if (!project) std::abort();
    const auto& environment = project->environments.at("dev");
    auto before = LoadDesired(*project, environment, tree);
    if (!before) return;
    model::ForEachKind([&]<class R> { Choose(before->template Of<R>()); });
    auto edited = EditRepository(tree, *project, environment, edits_, {.csv_threshold = 1});
    if (!edited) std::abort();
    for (const auto& refusal : edited->refused) {
      if (refusal.error.message.empty()) std::abort();
      taken_[refusal.edit] = false;
    }
    for (const auto& [path, edit] : edited->files) {
      files_.erase(path);
      if (edit.after) files_[path] = *edit.after;
    }
    MemoryTree changed(files_);
    auto after = LoadDesired(*project, environment, changed, true);
    if (!after) std::abort();
    model::ForEachKind(
        [&]<class R> { Compare(before->template Of<R>(), after->template Of<R>()); });
  }

 private:
  std::uint64_t Roll(std::uint64_t sides) {
    choices_ = choices_ * 6364136223846793005U + 1442695040888963407U;
    return (choices_ >> 33U) % sides;
  }

  template <class R>
  std::string Text(const model::Field<R>& field) {
    static const char* const kTexts[] = {"",           "new", "a: b # c",   "it's \"so\"",
                                         "two\nlines", " ? ", "\xC3\xA9\\", "[x], {y}"};
    static const char* const kCriteria[] = {"x = 1 AND y = 'a # b'", "n = 1",
                                            "a = 'it''s'\nOR b = 2"};
    if (field.shape == model::Shape::kTime) return "2031-02-03T04:05:06Z";
    if (field.shape == model::Shape::kCriteria) return kCriteria[Roll(3)];
    return kTexts[Roll(8)];
  }

  static std::string FullKey(const model::Exclusion& value) { return model::KeyWithStart(value); }
  template <class R>
  static std::string FullKey(const R& value) {
    return model::KeyOf(value);
  }

  template <class R>
  void Choose(const std::vector<model::Declared<R>>& entries) {
    for (const auto& entry : entries) {
      auto what = Roll(4);
      if (what < 2 || entry.absent || edits_.size() > 12) continue;
      ResourceEdit edit{.kind = model::kKindOf<R>,
                        .key = FullKey(entry.value),
                        .source = entry.source,
                        .values = {}};
      edit.action = what == 2 ? ResourceEdit::Action::kRemove : ResourceEdit::Action::kUpdate;
      for (const auto& field : model::Fields<R>()) {
        if (what == 2 || field.key || Roll(2) == 0 || field.name == "start") continue;
        edit.values.emplace_back(field.name, Text(field));
      }
      edits_.push_back(std::move(edit));
      taken_.push_back(true);
    }
  }

  template <class R>
  void Compare(const std::vector<model::Declared<R>>& before,
               const std::vector<model::Declared<R>>& after) const {
    std::size_t gone = 0;
    for (const auto& entry : before) {
      R wanted = entry.value;
      bool removed = false;
      for (std::size_t i = 0; i < edits_.size(); ++i) {
        const auto& edit = edits_[i];
        bool mine = taken_[i] && edit.kind == model::kKindOf<R> &&
                    edit.source.file == entry.source.file &&
                    edit.source.line == entry.source.line && edit.key == FullKey(entry.value);
        if (!mine) continue;
        removed |= edit.action == ResourceEdit::Action::kRemove;
        for (const auto& field : model::Fields<R>()) {
          for (const auto& [name, text] : edit.values) {
            if (name == field.name) field.parse(wanted, text);
          }
        }
      }
      if (removed) {
        ++gone;
        continue;
      }
      bool there = false;
      for (const auto& now : after) {
        there |= now.absent == entry.absent && model::SameKey(now.value, wanted) &&
                 model::SameValue(now.value, wanted);
      }
      if (!there) std::abort();
    }
    if (before.size() - gone != after.size()) std::abort();
  }

  Files files_;
  std::uint64_t choices_;
  std::vector<ResourceEdit> edits_;
  std::vector<bool> taken_;
};

// The same input chooses the same edits.
inline std::uint64_t ChoicesOf(const std::string& text) {
  std::uint64_t hash = 14695981039346656037U;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

}  // namespace viasync::config
