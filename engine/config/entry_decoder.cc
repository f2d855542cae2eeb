#include "engine/config/entry_decoder.h"

#include <array>
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
constexpr std::size_t kKeysMax = 8;

using Nodes = std::array<NodeRef, kKeysMax>;

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

template <class R>
std::size_t FieldIndex(std::string_view name) {
  std::size_t index = 0;
  while (model::Fields<R>()[index].name != name) ++index;
  return index;
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
      Report(context, nodes[i],
             fields[i].shape == model::Shape::kTime ? NoMoment(fields[i].name, value)
                                                    : NoContactType(value));
      good = false;
    }
    entry.given |= static_cast<std::uint8_t>(1U << i);
    bool emptied = value.empty() && nodes[i].type() == NodeType::kText;
    if (emptied) entry.emptied |= static_cast<std::uint8_t>(1U << i);
  }
  if (NodeRef node = nodes[AbsentBit<R>()]) {
    auto absent = ReadBool(context, node, kAbsent);
    entry.absent = absent.value_or(false);
    entry.given |= static_cast<std::uint8_t>(1U << AbsentBit<R>());
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

bool CheckCriteriaText(const FileContext& context, NodeRef node, Layer& layer) {
  auto text = ReadText(context, node, "criteria");
  if (!text) return false;
  if (base::Trim(*text).empty()) {
    context.Report(node, "`criteria` is empty",
                   "write what may stand behind WHERE, like `State = 'AK' ORDER BY Balance`");
    return false;
  }
  for (auto& problem : model::ReadCriteria(*text).problems) {
    // Finding the place costs a look into the file.
    bool shown = layer.criteria_faults.size() < Problems::kShown;
    auto where = shown ? PlaceOf(context, node, problem.offset)
                       : base::SourcePos{context.path, node.line(), node.column()};
    layer.criteria_faults.push_back(
        {*text, base::Error{.kind = base::ErrorKind::kInvalid,
                            .message = "`criteria` is not a condition: " + problem.what,
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

}  // namespace

void DecodeFilter(const FileContext& context, NodeRef item, Layer& layer) {
  Entry<model::Filter> entry;
  Nodes nodes;
  bool good = ReadFields(context, item, entry, nodes);
  if (!good && nodes == Nodes{}) return;
  static const std::size_t kName = FieldIndex<model::Filter>("name");
  static const std::size_t kCriteria = FieldIndex<model::Filter>("criteria");
  static const std::size_t kSchema = FieldIndex<model::Filter>("schema");
  good = Require(context, item, nodes[kName], "name",
                 CheckName("name", entry.value.name, MarksOf(nodes[kName]))) &&
         good;
  if (!entry.value.schema.empty()) {
    good = Require(context, item, nodes[kSchema], "schema",
                   CheckName("schema", entry.value.schema, MarksOf(nodes[kSchema]))) &&
           good;
  }
  if (good && nodes[kCriteria]) good = CheckCriteriaText(context, nodes[kCriteria], layer);
  if (good) layer.filters.push_back(std::move(entry));
}

void DecodeList(const FileContext& context, NodeRef item, Layer& layer) {
  Entry<model::List> entry;
  Nodes nodes;
  bool good = ReadFields(context, item, entry, nodes);
  if (!good && nodes == Nodes{}) return;
  static const std::size_t kName = FieldIndex<model::List>("name");
  static const std::size_t kFilter = FieldIndex<model::List>("filter");
  good = Require(context, item, nodes[kName], "name",
                 CheckName("name", entry.value.name, MarksOf(nodes[kName]))) &&
         good;
  if (entry.absent) {
    context.Report(nodes[AbsentBit<model::List>()], "a list cannot be `absent`",
                   "lists are made and deleted in the vendor's UI; remove the entry, or write "
                   "`filter: \"\"` to take its filter away");
    good = false;
  }
  if (!entry.value.filter.empty()) {
    good = Require(context, item, nodes[kFilter], "filter",
                   CheckName("filter", entry.value.filter, MarksOf(nodes[kFilter]))) &&
           good;
  }
  if (!good) return;
  if (NodeRef node = nodes[kFilter]) {
    layer.list_filters[entry.value.name] = {context.path, node.line(), node.column()};
  }
  layer.lists.push_back(std::move(entry));
}

void DecodeExclusion(const FileContext& context, NodeRef item, Layer& layer) {
  if (HasKey(item, kFrom)) return DecodeCsvSource(context, item, layer);
  Entry<model::Exclusion> entry;
  Nodes nodes;
  bool good = ReadFields(context, item, entry, nodes);
  if (!good && nodes == Nodes{}) return;
  static const std::size_t kType = FieldIndex<model::Exclusion>("type");
  static const std::size_t kAddress = FieldIndex<model::Exclusion>("address");
  static const std::size_t kList = FieldIndex<model::Exclusion>("list");
  static const std::size_t kStart = FieldIndex<model::Exclusion>("start");
  static const std::size_t kEnd = FieldIndex<model::Exclusion>("end");
  const auto& value = entry.value;
  // An empty start says as much as none.
  if (!value.start) entry.given &= static_cast<std::uint8_t>(~(1U << kStart));
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
  if (good) layer.exclusions.push_back(std::move(entry));
}

}  // namespace viasync::config
