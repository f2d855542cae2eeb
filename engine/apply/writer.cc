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

// The calls of one kind under common names. A list has neither create nor delete: the reference
// knows no such calls, and the plan is checked before it comes here.
struct FilterCalls {
  using R = model::Filter;
  static auto Get(api::Session& s, std::string id, const api::Schemas& schemas) {
    return api::GetFilter(s, std::move(id), schemas);
  }
  static auto Find(api::Session& s, R filter, const api::Schemas& schemas) {
    return api::FindFilter(s, std::move(filter.name), schemas);
  }
  static Task<Result<std::optional<R>>> Create(api::Session& s, R filter,
                                               const api::Schemas& schemas) {
    auto made = co_await api::CreateFilter(s, std::move(filter), schemas);
    if (!made) co_return base::Fail(made.error());
    co_return std::optional<R>(std::move(made->value));
  }
  static Task<Result<std::optional<R>>> Update(api::Session& s, std::string id,
                                               std::int64_t version, R filter,
                                               const api::Schemas& schemas) {
    auto put = co_await api::PutFilter(s, std::move(id), version, std::move(filter), schemas);
    if (!put) co_return base::Fail(put.error());
    co_return std::optional<R>(std::move(put->value));
  }
  static auto Delete(api::Session& s, std::string id) {
    return api::DeleteFilter(s, std::move(id));
  }
};

struct ExclusionCalls {
  using R = model::Exclusion;
  static auto Get(api::Session& s, std::string id, const api::Schemas&) {
    return api::GetExclusion(s, std::move(id));
  }
  static Task<Result<std::vector<model::Remote<R>>>> Find(api::Session& s, R key,
                                                          const api::Schemas&) {
    auto terse = co_await api::FindExclusion(s, std::move(key));
    if (!terse) co_return base::Fail(terse.error());
    std::vector<model::Remote<R>> found;
    for (auto& entry : *terse) {
      auto item = co_await api::GetExclusion(s, entry.id);
      if (item)
        found.push_back(std::move(*item));
      else if (item.error().kind != base::ErrorKind::kNotFound)
        co_return base::Fail(item.error());
    }
    co_return found;
  }
  static Task<Result<std::optional<R>>> Create(api::Session& s, R exclusion, const api::Schemas&) {
    auto id = co_await api::CreateExclusion(s, std::move(exclusion));
    if (!id) co_return base::Fail(id.error());
    co_return std::optional<R>();
  }
  static Task<Result<std::optional<R>>> Update(api::Session& s, std::string id,
                                               std::int64_t version, R exclusion,
                                               const api::Schemas&) {
    auto put = co_await api::PutExclusion(s, std::move(id), version, std::move(exclusion));
    if (!put) co_return base::Fail(put.error());
    co_return std::optional<R>();
  }
  static auto Delete(api::Session& s, std::string id) {
    return api::DeleteExclusion(s, std::move(id));
  }
};

base::Error NotForLists(const char* what) {
  return {.kind = base::ErrorKind::kRejected,
          .message = std::string("the API cannot ") + what + " a list",
          .hint = "do it in the vendor's UI, then run again"};
}

struct ListCalls {
  using R = model::List;
  static auto Get(api::Session& s, std::string id, const api::Schemas&) {
    return api::GetList(s, std::move(id));
  }
  static Task<Result<std::vector<model::Remote<R>>>> Find(api::Session&, R, const api::Schemas&) {
    co_return std::vector<model::Remote<R>>();
  }
  static Task<Result<std::optional<R>>> Create(api::Session&, R, const api::Schemas&) {
    co_return base::Fail(NotForLists("create"));
  }
  static Task<Result<std::optional<R>>> Update(api::Session& s, std::string id,
                                               std::int64_t version, R list, const api::Schemas&) {
    auto patched = co_await api::PatchList(s, std::move(id), version, std::move(list.filter));
    if (!patched) co_return base::Fail(patched.error());
    co_return std::optional<R>();
  }
  static Task<Result<void>> Delete(api::Session&, std::string) {
    co_return base::Fail(NotForLists("delete"));
  }
};

template <class Calls>
class KindWriter final : public Writer {
  using R = typename Calls::R;

 public:
  KindWriter(api::Session& session, const api::Schemas& schemas)
      : session_(session), schemas_(schemas) {}

  Task<Result<std::optional<Current>>> Read(std::string id) override {
    auto item = co_await Calls::Get(session_, std::move(id), schemas_);
    if (item) co_return std::optional<Current>(Describe(*item));
    if (item.error().kind == base::ErrorKind::kNotFound) co_return std::optional<Current>();
    co_return base::Fail(item.error());
  }

  Task<Result<std::vector<Current>>> Find(Values values) override {
    auto items = co_await Calls::Find(session_, Parse(values), schemas_);
    if (!items) co_return base::Fail(items.error());
    std::vector<Current> found;
    for (const auto& item : *items) found.push_back(Describe(item));
    co_return found;
  }

  Task<Result<std::optional<Values>>> Create(Values values) override {
    auto made = co_await Calls::Create(session_, Parse(values), schemas_);
    co_return Shown(made);
  }

  Task<Result<std::optional<Values>>> Update(std::string id, std::int64_t version,
                                             Values values) override {
    auto put = co_await Calls::Update(session_, std::move(id), version, Parse(values), schemas_);
    co_return Shown(put);
  }

  Task<Result<void>> Delete(std::string id) override {
    return Calls::Delete(session_, std::move(id));
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
  static Result<std::optional<Values>> Shown(const Result<std::optional<R>>& answer) {
    if (!answer) return base::Fail(answer.error());
    if (!*answer) return std::optional<Values>();
    return std::optional<Values>(model::ValuesOf(**answer));
  }

  api::Session& session_;
  const api::Schemas& schemas_;
};

}  // namespace

std::unique_ptr<Writer> MakeWriter(model::Kind kind, api::Session& session,
                                   const api::Schemas& schemas) {
  switch (kind) {
    case model::Kind::kFilter:
      return std::make_unique<KindWriter<FilterCalls>>(session, schemas);
    case model::Kind::kExclusion:
      return std::make_unique<KindWriter<ExclusionCalls>>(session, schemas);
    case model::Kind::kList:
      return std::make_unique<KindWriter<ListCalls>>(session, schemas);
  }
  return nullptr;
}

}  // namespace viasync::apply
