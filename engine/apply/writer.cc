#include "engine/apply/writer.h"

#include <span>
#include <utility>

#include "engine/model/fields.h"
#include "engine/reconcile/reconcile.h"

namespace viasync::apply {
namespace {

using base::Result;
using http::Task;
using model::Values;

// What the plan is checked for before it comes here.
template <class R>
base::Error Impossible(const char* what) {
  return {.kind = base::ErrorKind::kRejected,
          .message =
              std::string("the API cannot ") + what + " a " + std::string(model::InfoOf<R>().name),
          .hint = "do it in the vendor's UI, then run again"};
}

template <class R>
class KindWriter final : public Writer {
  using Calls = api::Calls<R>;

 public:
  KindWriter(api::Session& session, const api::Schemas& schemas) : target_(session, schemas) {}

  Task<Result<std::optional<Current>>> Read(std::string id) override {
    auto item = co_await Calls::Get(target_, std::move(id));
    if (item) co_return std::optional<Current>(Describe(*item));
    if (item.error().kind == base::ErrorKind::kNotFound) co_return std::optional<Current>();
    co_return base::Fail(item.error());
  }

  Task<Result<std::vector<Current>>> Find(Values values) override {
    auto items = co_await Calls::Find(target_, Parse(values));
    if (!items) co_return base::Fail(items.error());
    std::vector<Current> found;
    for (const auto& item : *items) found.push_back(Describe(item));
    co_return found;
  }

  Task<Result<std::optional<Values>>> Create(Values values) override {
    if constexpr (model::InfoOf<R>().can_create) {
      auto made = co_await Calls::Create(target_, Parse(values));
      co_return Shown(made);
    } else {
      co_return base::Fail(Impossible<R>("create"));
    }
  }

  Task<Result<std::optional<Values>>> Update(std::string id, std::int64_t version,
                                             Values values) override {
    auto put = co_await Calls::Update(target_, std::move(id), version, Parse(values));
    co_return Shown(put);
  }

  Task<Result<void>> Delete(std::string id) override {
    if constexpr (model::InfoOf<R>().can_delete) {
      auto gone = co_await Calls::Delete(target_, std::move(id));
      co_return gone;
    } else {
      co_return base::Fail(Impossible<R>("delete"));
    }
  }

  bool Same(const Values& a, const Values& b) const override {
    return model::SameValue(Parse(a), Parse(b));
  }

  bool SameField(const std::string& name, const Values& a, const Values& b) const override {
    for (const auto& field : model::Fields<R>()) {
      if (field.name == name) return field.same(Parse(a), Parse(b));
    }
    return true;
  }

  // Our intention is a local edit of what we saw, the org's move a remote one: the same question
  // that reconcile answers.
  Rebased Rebase(const Values& before, const Values& after, const Current& now,
                 bool merge) const override {
    using enum Rebased::Verdict;
    model::Agreed<R> base{.value = Parse(before)};
    model::Declared<R> local{.value = Parse(after)};
    model::Remote<R> remote{.value = Parse(now.values), .id = now.id, .version = now.version};
    auto decided = reconcile::Reconcile<R>(
        std::span<const model::Agreed<R>>(&base, 1), std::span<const model::Declared<R>>(&local, 1),
        std::span<const model::Remote<R>>(&remote, 1),
        reconcile::Rules{.has_base = true, .merge_texts = merge});
    if (!decided.conflicts.empty()) {
      return {kConflict, {}, std::move(decided.conflicts.front().change.fields)};
    }
    for (auto& change : decided.changes) {
      if (change.direction != reconcile::Direction::kPush) continue;
      std::erase_if(change.fields, [](const auto& field) { return !field.merged; });
      return {kGoOn, std::move(change.after), std::move(change.fields)};
    }
    return {kAlready};
  }

 private:
  static R Parse(const Values& values) {
    // Values come from ValuesOf; what does not read back would be a programmer's error.
    return model::FromValues<R>(values).value_or(R{});
  }
  static Current Describe(const model::Remote<R>& remote) {
    return {remote.id,
            remote.version,
            model::ValuesOf(remote.value),
            {std::string(remote.modified_by.str()), remote.modified_at}};
  }
  static Result<std::optional<Values>> Shown(const Result<model::Remote<R>>& answer) {
    if (!answer) return base::Fail(answer.error());
    if (!answer->detailed) return std::optional<Values>();
    return std::optional<Values>(model::ValuesOf(answer->value));
  }

  api::Target target_;
};

}  // namespace

std::unique_ptr<Writer> MakeWriter(model::Kind kind, api::Session& session,
                                   const api::Schemas& schemas) {
  return model::WithKind(kind, [&]<class R>() -> std::unique_ptr<Writer> {
    return std::make_unique<KindWriter<R>>(session, schemas);
  });
}

}  // namespace viasync::apply
