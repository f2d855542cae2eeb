#include "engine/config/entry_decoder.h"

#include <array>
#include <concepts>
#include <filesystem>
#include <vector>

#include "engine/base/strings.h"
#include "engine/config/layer_reader.h"
#include "engine/config/values.h"
#include "engine/model/criteria_grammar.h"

namespace viasync::config {
namespace {

constexpr std::string_view kAbsent = "absent";
constexpr std::string_view kFrom = "from";

// Where each field of an entry stands, and behind them its `absent`.
using Nodes = std::array<NodeRef, model::kFieldsMax + 1>;

// The kind's field names, then `absent`.
template <class R>
std::span<const std::string_view> KeysOf() {
  static const auto keys = [] {
    std::vector<std::string_view> names;
    for (const auto& field : model::Fields<R>()) names.push_back(field.name);
    names.push_back(kAbsent);
    return names;
  }();
  return keys;
}

void Report(const FileContext& context, NodeRef node, ValueProblem problem) {
  context.Report(node, std::move(problem.message), std::move(problem.hint));
}

// Fills `entry` with what is given; `nodes` says where. False: something was reported.
template <class R>
bool ReadFields(const FileContext& context, NodeRef item, Entry<R>& entry, Nodes& nodes) {
  std::string what = "the entry under `" + std::string(model::KindPlural(model::kKindOf<R>)) + "`";
  auto keys = KeysOf<R>();
  if (!ReadMap(context, item, what, keys, std::span(nodes).first(keys.size()))) return false;
  entry.source = {context.path, item.line()};
  auto fields = model::Fields<R>();
  bool good = true;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!nodes[i]) continue;
    auto text = ReadText(context, nodes[i], fields[i].name);
    if (!text) {
      good = false;
      continue;
    }
    std::string_view value = AsRead(fields[i], *text, nodes[i].marks().quoted);
    if (!fields[i].parse(entry.value, value)) {
      Report(context, nodes[i], Misread(fields[i].shape, fields[i].name, value));
      good = false;
    }
    entry.given.Add(i);
    bool emptied = value.empty() && nodes[i].type() == NodeType::kText;
    if (emptied) entry.emptied.Add(i);
  }
  if (NodeRef node = nodes[kAbsentPlace<R>]) {
    auto absent = ReadBool(context, node, kAbsent);
    entry.absent = absent.value_or(false);
    entry.given.Add(kAbsentPlace<R>);
    good = good && absent;
  }
  return good;
}

TextMarks MarksOf(NodeRef node) { return node ? node.marks() : TextMarks{}; }

// Reports a missing key of the entry, or what is wrong with its value.
bool Require(const FileContext& context, NodeRef item, NodeRef node, std::string_view name,
             std::optional<ValueProblem> problem) {
  if (!node) {
    context.Report(
        item, "the entry has no `" + std::string(name) + "`",
        "add a line `" + std::string(name) + ": …`; without it the meaning is not known");
    return false;
  }
  if (problem) Report(context, node, std::move(*problem));
  return !problem;
}

bool CheckCriteriaText(const FileContext& context, NodeRef node, std::string_view name,
                       Layer& layer) {
  auto text = ReadText(context, node, name);
  if (!text) return false;
  if (base::Trim(*text).empty()) {
    context.Report(node, "`" + std::string(name) + "` is empty",
                   "write what may stand behind WHERE, like `State = 'AK' ORDER BY Balance`");
    return false;
  }
  for (auto& problem : model::ReadCriteria(*text).problems) {
    // Finding the place costs a look into the file.
    bool shown = layer.criteria_faults.size() < Problems::kShown;
    auto where = shown ? PlaceOf(context, node, problem.offset)
                       : base::SourcePos{context.path, node.line(), node.column()};
    layer.criteria_faults.push_back(
        {*text,
         base::Error{.kind = base::ErrorKind::kInvalid,
                     .message = "`" + std::string(name) + "` is not a condition: " + problem.what,
                     .hint = std::move(problem.remedy),
                     .where = std::move(where)}});
  }
  return true;
}

// The path of a CSV file that is named relative to the YAML file. Nullopt: reported.
std::optional<std::string> CsvPath(const FileContext& context, NodeRef node) {
  auto text = ReadText(context, node, kFrom);
  if (!text) return std::nullopt;
  namespace fs = std::filesystem;
  if (text->empty()) {
    context.Report(node, "`from` is empty", "name a CSV file, relative to this file");
    return std::nullopt;
  }
  auto path = (fs::path(context.path).parent_path() / *text).lexically_normal().generic_string();
  if (StaysInside(path)) return path;
  context.Report(node, Quoted(*text) + " leads out of the repository",
                 "copy the file into the repository, and name it relative to this file");
  return std::nullopt;
}

void DecodeCsvSource(const FileContext& context, NodeRef item, Layer& layer) {
  Nodes nodes;
  if (!ReadMap(context, item, "an entry with `from`", std::span(&kFrom, 1), nodes)) return;
  auto path = CsvPath(context, nodes[0]);
  if (!path) return;
  base::SourcePos where{context.path, nodes[0].line(), nodes[0].column()};
  auto [first, added] = layer.csv_files.emplace(*path, where);
  if (!added) {
    context.Report(nodes[0],
                   Quoted(*path) + " is read twice, first in " + first->second.file + ":" +
                       std::to_string(first->second.line),
                   "keep one of the two");
    return;
  }
  ReadExclusionsCsv(*path, where, layer, context.problems);
}

bool HasKey(NodeRef item, std::string_view wanted) {
  if (item.type() != NodeType::kMap) return false;
  for (NodeRef key = item.begin(); key != item.end(); key = key.next().next()) {
    if (key.text() == wanted) return true;
  }
  return false;
}

// What `absent` would mean for a kind that the API cannot delete.
template <class R>
bool CheckAbsent(const FileContext& context, NodeRef node, const Entry<R>& entry) {
  if (!entry.absent || model::InfoOf<R>().can_delete) return true;
  std::string hint = std::string(model::KindPlural(model::kKindOf<R>)) +
                     (model::InfoOf<R>().can_create ? " are deleted in the vendor's UI"
                                                    : " are made and deleted in the vendor's UI") +
                     "; remove the entry";
  for (const auto& field : model::Fields<R>()) {
    if (!field.always_written) continue;
    const std::string name(field.name);
    hint += ", or write `" + name + ": \"\"` to take its " + name + " away";
  }
  context.Report(node,
                 "a " + std::string(model::KindName(model::kKindOf<R>)) + " cannot be `absent`",
                 std::move(hint));
  return false;
}

// Names as the shapes of the fields ask for them: the key is there, and no name is malformed.
template <class R>
bool CheckNames(const FileContext& context, NodeRef item, const Entry<R>& entry,
                const Nodes& nodes) {
  bool good = true;
  auto fields = model::Fields<R>();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].shape != model::Shape::kName) continue;
    const std::string name = fields[i].text(entry.value);
    if (!fields[i].key && name.empty()) continue;
    good = Require(context, item, nodes[i], fields[i].name,
                   CheckName(fields[i].name, name, MarksOf(nodes[i]))) &&
           good;
  }
  return good;
}

template <class R>
bool CheckCriteriaTexts(const FileContext& context, const Nodes& nodes, Layer& layer) {
  auto fields = model::Fields<R>();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const bool criteria = fields[i].shape == model::Shape::kCriteria && nodes[i];
    if (criteria && !CheckCriteriaText(context, nodes[i], fields[i].name, layer)) return false;
  }
  return true;
}

// Where `filter` stands matters later.
void NotePlaces(const FileContext& context, const Entry<model::List>& list, const Nodes& nodes,
                Layer& layer) {
  if (NodeRef node = nodes[model::FieldIndex<model::List>("filter")]) {
    layer.list_filters[list.value.name] = {context.path, node.line(), node.column()};
  }
}
template <class R>
void NotePlaces(const FileContext&, const Entry<R>&, const Nodes&, Layer&) {}

// A kind whose key is one name.
template <model::KeyedByName R>
void Decode(const FileContext& context, NodeRef item, Layer& layer) {
  Entry<R> entry;
  Nodes nodes;
  bool good = ReadFields(context, item, entry, nodes);
  if (!good && nodes == Nodes{}) return;
  good = CheckNames(context, item, entry, nodes) && good;
  good = CheckAbsent(context, nodes[kAbsentPlace<R>], entry) && good;
  if (!good || !CheckCriteriaTexts<R>(context, nodes, layer)) return;
  NotePlaces(context, entry, nodes, layer);
  layer.Of<R>().push_back(std::move(entry));
}

template <std::same_as<model::Exclusion> R>
void Decode(const FileContext& context, NodeRef item, Layer& layer) {
  Entry<R> entry;
  Nodes nodes;
  bool good = ReadFields(context, item, entry, nodes);
  if (!good && nodes == Nodes{}) return;
  static const std::size_t kType = model::FieldIndex<R>("type");
  static const std::size_t kAddress = model::FieldIndex<R>("address");
  static const std::size_t kList = model::FieldIndex<R>("list");
  static const std::size_t kStart = model::FieldIndex<R>("start");
  static const std::size_t kEnd = model::FieldIndex<R>("end");
  const auto& value = entry.value;
  // An empty start says as much as none.
  if (!value.start) entry.given.Remove(kStart);
  bool has_type = Require(context, item, nodes[kType], "type", {});
  std::optional<ValueProblem> misfit;
  if (good) misfit = CheckAddress(value.address, MarksOf(nodes[kAddress]));
  bool has_address = Require(context, item, nodes[kAddress], "address", std::move(misfit));
  good = has_type && has_address && good;
  if (auto problem = CheckListName(value.list.str(), MarksOf(nodes[kList]))) {
    Report(context, nodes[kList], std::move(*problem));
    good = false;
  }
  if (auto problem = CheckPeriod(value); problem && good) {
    Report(context, nodes[kEnd], std::move(*problem));
    good = false;
  }
  if (good) layer.Of<R>().push_back(std::move(entry));
}

}  // namespace

void DecodeEntry(model::Kind kind, const FileContext& context, NodeRef item, Layer& layer) {
  if (model::InfoOf(kind).in_csv && HasKey(item, kFrom)) {
    return DecodeCsvSource(context, item, layer);
  }
  model::WithKind(kind, [&]<class R> { Decode<R>(context, item, layer); });
}

}  // namespace viasync::config
