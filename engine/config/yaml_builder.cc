#include "engine/config/yaml_builder.h"

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"

namespace viasync::config {
namespace {

constexpr std::string_view kTwiceHint = "keep one of the two";
constexpr std::string_view kKeyHint = "write `key: value` with a plain word as the key";

}  // namespace

void YamlBuilder::On(const YamlEvent& event) {
  started_ = true;
  switch (event.type) {
    case YamlEvent::Type::kDocument:
      return OnDocument();
    case YamlEvent::Type::kNull:
      return OnNull(event);
    case YamlEvent::Type::kText:
      return OnText(event);
    case YamlEvent::Type::kAlias:
      return OnAlias(event);
    case YamlEvent::Type::kList:
      return OnList(event);
    case YamlEvent::Type::kListEnd:
      return OnListEnd();
    case YamlEvent::Type::kMap:
      return OnMap(event);
    case YamlEvent::Type::kMapEnd:
      return OnMapEnd();
  }
}

void YamlBuilder::Finish() {
  if (started_) return;
  OnDocument();
  OnNull({});
}

void YamlBuilder::OnDocument() {
  level_ = Level::kDocument;
  has_key_ = false;
  sections_.clear();
  anchored_.Clear();
  anchors_.clear();
}

void YamlBuilder::OnNull(const YamlEvent& event) {
  CheckTag(event);
  if (AtSectionKey()) throw YamlStop{event.place, "a key is missing", std::string(kKeyHint)};
  Complete(AddNode(NodeType::kNull, event), event.anchor);
}

void YamlBuilder::OnText(const YamlEvent& event) {
  CheckTag(event);
  if (AtSectionKey()) return StartSection(event.place, event.text);
  Complete(AddNode(NodeType::kText, event), event.anchor);
}

void YamlBuilder::OnAlias(const YamlEvent& event) {
  std::uint32_t kept = event.anchor < anchors_.size() ? anchors_[event.anchor] : 0;
  if (kept == 0 || AtSectionKey()) {
    throw YamlStop{event.place, "this alias cannot be resolved",
                   "an anchor may stand on an entry or a value that is complete above the alias"};
  }
  const Node& node = anchored_.node(kept - 1);
  CountUnfolded(node.end - (kept - 1), event.place);
  std::uint32_t index = tree_.Append(anchored_, kept - 1);
  tree_.MoveTo(index, event.place.line, event.place.column);
  CheckSizes(event.place);
  Complete(index, 0);
}

void YamlBuilder::OnList(const YamlEvent& event) {
  CheckTag(event);
  if (open_.empty() && level_ == Level::kSections && has_key_) {
    level_ = Level::kItems;
  } else {
    OpenNode(NodeType::kList, event);
  }
}

void YamlBuilder::OnListEnd() {
  if (!open_.empty()) return CloseNode();
  level_ = Level::kSections;
  has_key_ = false;
}

void YamlBuilder::OnMap(const YamlEvent& event) {
  CheckTag(event);
  if (by_item_ && open_.empty() && level_ == Level::kDocument) {
    level_ = Level::kSections;
  } else {
    OpenNode(NodeType::kMap, event);
  }
}

void YamlBuilder::OnMapEnd() {
  if (!open_.empty()) return CloseNode();
  level_ = Level::kDocument;
}

bool YamlBuilder::AtSectionKey() const {
  return open_.empty() && level_ == Level::kSections && !has_key_;
}

void YamlBuilder::StartSection(YamlPlace place, std::string_view name) {
  section_ = {std::string(name), place.line, place.column};
  has_key_ = true;
  auto first = std::ranges::find(sections_, name, &SectionKey::name);
  if (first != sections_.end()) {
    Report(section_.line, section_.column,
           "key " + Quoted(name) + " is given twice, first in line " + std::to_string(first->line),
           "put all entries under one of the two");
    return;
  }
  sections_.push_back(section_);
  sink_.OnSection(section_);
}

std::uint32_t YamlBuilder::AddNode(NodeType type, const YamlEvent& event) {
  std::uint32_t index = tree_.Add(type, event.place.line, event.place.column, event.text,
                                  {.quoted = event.quoted, .hidden = event.hidden});
  CheckSizes(event.place);
  return index;
}

void YamlBuilder::OpenNode(NodeType type, const YamlEvent& event) {
  if (AtSectionKey()) {
    throw YamlStop{event.place, "a key must be a plain word", std::string(kKeyHint)};
  }
  if (open_.size() >= limits_.depth_max) {
    throw YamlStop{event.place,
                   "nested more than " + std::to_string(limits_.depth_max) + " levels deep",
                   "no setting of viasync is nested that deeply; check the brackets"};
  }
  open_.push_back({AddNode(type, event), event.anchor});
}

void YamlBuilder::CloseNode() {
  auto [index, anchor] = open_.back();
  open_.pop_back();
  tree_.Close(index);
  if (tree_.node(index).type == NodeType::kMap) CheckKeys({&tree_, index});
  Complete(index, anchor);
}

void YamlBuilder::Complete(std::uint32_t index, std::uint32_t anchor) {
  if (anchor != 0) KeepAnchor(index, anchor);
  if (open_.empty()) Deliver();
}

void YamlBuilder::KeepAnchor(std::uint32_t index, std::uint32_t anchor) {
  const Node& node = tree_.node(index);
  CountUnfolded(node.end - index, {node.line, node.column});
  if (anchors_.size() <= anchor) anchors_.resize(anchor + 1);
  anchors_[anchor] = anchored_.Append(tree_, index) + 1;
}

void YamlBuilder::Deliver() {
  NodeRef root(&tree_, 0);
  switch (level_) {
    case Level::kDocument:
      sink_.OnRoot(root);
      break;
    case Level::kSections:
      sink_.OnOther(section_, root);
      has_key_ = false;
      break;
    case Level::kItems:
      sink_.OnItem(section_, root);
      break;
  }
  tree_.Clear();
}

void YamlBuilder::CheckTag(const YamlEvent& event) {
  // `!`: a text that is not to be taken for anything else.
  if (event.tag.empty() || event.tag == "!") return;
  // Other programs would decode `!!binary`, and read `!!int` as a number.
  using Type = YamlEvent::Type;
  constexpr std::string_view kTags = "tag:yaml.org,2002:";
  auto tag = event.tag.starts_with(kTags) ? event.tag.substr(kTags.size()) : std::string_view();
  bool text = event.type == Type::kText || event.type == Type::kNull;
  if (text && (tag == "str" || tag == "bool" || tag == "timestamp")) return;
  if (event.type == Type::kList ? tag == "seq" : event.type == Type::kMap && tag == "map") return;
  Report(event.place.line, event.place.column,
         "the tag " + Quoted(event.tag) + " means nothing here",
         "remove it; texts that YAML would misread go into quotes");
}

void YamlBuilder::CheckKeys(NodeRef map) {
  std::vector<NodeRef> keys;
  for (NodeRef key = map.begin(); key != map.end(); key = key.next().next()) {
    if (key.type() != NodeType::kText) {
      Report(key.line(), key.column(), "a key must be a plain word", std::string(kKeyHint));
    } else if (key.text() == "<<") {
      Report(key.line(), key.column(), "merge keys (`<<`) are not supported",
             "repeat the values, or give each an anchor (`&name`) and an alias (`*name`)");
    } else {
      keys.push_back(key);
    }
  }
  constexpr std::size_t kFew = 16;
  if (keys.size() > kFew) {
    std::ranges::stable_sort(keys, {}, &NodeRef::text);
    for (std::size_t i = 1; i < keys.size(); ++i) {
      if (keys[i].text() == keys[i - 1].text()) ReportTwice(keys[i], keys[i - 1].line());
    }
    return;
  }
  for (std::size_t i = 1; i < keys.size(); ++i) {
    auto end = keys.begin() + static_cast<std::ptrdiff_t>(i);
    auto first = std::find_if(keys.begin(), end,
                              [&](const NodeRef& key) { return key.text() == keys[i].text(); });
    if (first != end) ReportTwice(keys[i], first->line());
  }
}

void YamlBuilder::CheckSizes(YamlPlace place) {
  if (tree_.size() > limits_.nodes_max || tree_.text_bytes() > limits_.text_bytes_max) {
    throw YamlStop{place, "one entry holds more than viasync reads",
                   "check its aliases and brackets"};
  }
}

void YamlBuilder::CountUnfolded(std::size_t nodes, YamlPlace place) {
  unfolded_nodes_ += nodes;
  if (unfolded_nodes_ > limits_.unfolded_nodes_max || nodes > limits_.nodes_max) {
    throw YamlStop{place, "anchors and aliases unfold to more than viasync reads",
                   "use fewer of them; a CSV file (`from:`) suits bulk data"};
  }
}

void YamlBuilder::Report(int line, int column, std::string message, std::string hint) {
  problems_.Add({path_, line, column}, std::move(message), std::move(hint));
}

void YamlBuilder::ReportTwice(NodeRef again, int first_line) {
  Report(again.line(), again.column(),
         "key " + Quoted(again.text()) + " is given twice, first in line " +
             std::to_string(first_line),
         std::string(kTwiceHint));
}

}  // namespace viasync::config
