#include "engine/migrate/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/base/globs.h"
#include "engine/base/strings.h"
#include "engine/model/object_types.h"

namespace viasync::migrate {
namespace {

using Key = std::pair<std::string, std::string>;  // type, name

std::size_t Rank(const std::string& type) {
  auto types = model::ObjectTypes();
  return static_cast<std::size_t>(std::ranges::find(types, type) - types.begin());
}

std::vector<std::string> TypeNames() {
  std::vector<std::string> names;
  for (std::string_view type : model::ObjectTypes()) names.emplace_back(type);
  return names;
}

base::Error NoMatch(const std::string& type, const std::string& pattern,
                    const std::vector<std::string>& names, const std::string& where) {
  base::Error error{.kind = base::ErrorKind::kNotFound,
                    .message = fmt::format("{} offers no {} {}", base::Printable(where), type,
                                           base::Printable(pattern))};
  if (auto near = base::Nearest(pattern, names)) {
    error.hint = fmt::format("Did you mean {}?", base::Printable(*near));
  } else if (names.empty()) {
    error.hint = fmt::format("It offers no object of type {} at all", type);
  } else {
    constexpr std::size_t kShown = 8;
    std::vector<std::string> some(
        names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kShown)));
    error.hint = fmt::format("It offers {}{}", base::Printable(base::Join(some, ", ")),
                             names.size() > kShown ? " and more" : "");
  }
  return error;
}

class Selector {
 public:
  Selector(const std::vector<api::BulkItem>& offer, const std::string& where) : where_(where) {
    for (const api::BulkItem& item : offer) {
      // A group that is none of the 24 types cannot be asked for.
      if (auto type = model::FindObjectType(item.group)) {
        offered_[*type].emplace(item.name, &item);
      }
    }
  }

  void Want(const std::string& type, const std::string& pattern) {
    bool any = pattern == "*";
    for (const auto& [name, item] : offered_[type]) {
      if (name != pattern && !base::GlobMatch(pattern, name)) continue;
      any = true;
      Add({type, name}, "");
    }
    if (any) return;
    std::vector<std::string> names;
    for (const auto& [name, item] : offered_[type]) names.push_back(name);
    errors_.push_back(NoMatch(type, pattern, names, where_));
  }

  // Everything the chosen refer to, and what that refers to in turn.
  void FollowRelated() {
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const Key from = order_[i];
      for (const auto& [type_name, names] : offered_[from.first].at(from.second)->related) {
        auto type = model::FindObjectType(type_name);
        for (const std::string& name : names) {
          const bool there = type && offered_[*type].contains(name);
          if (there) {
            Add({*type, name}, from.first + " " + from.second);
          } else {
            dangling_.insert(type.value_or(type_name) + " " + name);
          }
        }
      }
    }
  }

  std::expected<Selection, base::Errors> Take() {
    if (errors_.empty() && order_.empty()) {
      errors_.push_back(
          {.kind = base::ErrorKind::kNotFound,
           .message = base::Printable(where_) + " offers nothing of what is asked for",
           .hint = "Nothing would travel: look at the types and patterns"});
    }
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    Selection selection{.dangling = {dangling_.begin(), dangling_.end()}};
    std::ranges::sort(order_, {},
                      [](const Key& key) { return std::tuple(Rank(key.first), key.second); });
    for (const Key& key : order_) {
      const api::BulkItem& item = *offered_[key.first].at(key.second);
      selection.objects.push_back({key.first, key.second, item.description, because_.at(key)});
    }
    return selection;
  }

 private:
  void Add(Key key, std::string because) {
    if (because_.emplace(key, std::move(because)).second) order_.push_back(std::move(key));
  }

  const std::string& where_;
  std::map<std::string, std::map<std::string, const api::BulkItem*>> offered_;
  std::vector<Key> order_;
  std::map<Key, std::string> because_;
  std::set<std::string> dangling_;
  base::Errors errors_;
};

}  // namespace

std::expected<Selection, base::Errors> Select(const std::vector<api::BulkItem>& offer,
                                              const model::ObjectGlobs& wanted, bool related,
                                              const std::string& where) {
  Selector selector(offer, where);
  for (const auto& [type, patterns] : wanted) {
    for (const std::string& pattern : patterns) selector.Want(type, pattern);
  }
  if (related) selector.FollowRelated();
  return selector.Take();
}

std::vector<api::ObjectNames> ForRequest(const std::vector<Chosen>& objects) {
  std::vector<api::ObjectNames> request;
  for (const Chosen& object : objects) {
    if (request.empty() || request.back().type != object.type) request.push_back({object.type, {}});
    request.back().names.push_back(object.name);
  }
  return request;
}

base::Result<void> AddObjects(const std::string& text, model::ObjectGlobs& globs) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return base::Fail(base::ErrorKind::kInvalid,
                      fmt::format("--objects `{}` is not TYPE=NAME", base::Printable(text)),
                      "Write it like --objects STRATEGY=ABC_Strategy, or --objects 'INPUTS=ABC_*'");
  }
  const std::string name = text.substr(0, equals);
  auto type = model::FindObjectType(name);
  if (auto fault = base::GlobFault(text.substr(equals + 1))) {
    return base::Fail(base::ErrorKind::kInvalid,
                      fmt::format("--objects `{}`: {}", base::Printable(text), fault->what),
                      std::move(fault->remedy));
  }
  if (type) {
    globs[*type].push_back(text.substr(equals + 1));
    return {};
  }
  const auto types = TypeNames();
  auto near = base::Nearest(base::ToUpper(name), types);
  return base::Fail(base::ErrorKind::kInvalid,
                    fmt::format("there is no type of objects `{}`{}", base::Printable(name),
                                near ? "; did you mean `" + *near + "`?" : ""),
                    "The types are " + base::Join(types, ", "));
}

}  // namespace viasync::migrate
