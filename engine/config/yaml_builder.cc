#include "engine/config/yaml_builder.h"

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"

namespace viasync::config {
namespace {

int LineOf(const YAML::Mark& mark) { return mark.line + 1; }
int ColumnOf(const YAML::Mark& mark) { return mark.column + 1; }

constexpr std::string_view kTwiceHint = "keep one of the two";
constexpr std::string_view kKeyHint = "write `key: value` with a plain word as the key";

}  // namespace

void YamlBuilder::OnDocumentStart(const YAML::Mark& mark) {
  // yaml-cpp takes text that belongs to nothing for another document, and never gets past it.
  if (!first_document_ && !stream_.IsDocumentMarker(LineOf(mark))) {
    throw YamlStop{LineOf(mark), ColumnOf(mark), "this belongs to nothing above it",
                   "check its indentation; another document starts with `---`"};
  }
  first_document_ = false;
  level_ = Level::kDocument;
  has_key_ = false;
  sections_.clear();
  anchored_.Clear();
  anchors_.clear();
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (AtSectionKey()) {
    throw YamlStop{LineOf(mark), ColumnOf(mark), "a key is missing", std::string(kKeyHint)};
  }
  Complete(AddNode(NodeType::kNull, mark), anchor);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  CheckTag(mark, tag);
  if (AtSectionKey()) return StartSection(mark, value);
  Complete(AddNode(NodeType::kText, mark, value), anchor);
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  std::uint32_t kept = anchor < anchors_.size() ? anchors_[anchor] : 0;
  if (kept == 0 || AtSectionKey()) {
    throw YamlStop{LineOf(mark), ColumnOf(mark), "this alias cannot be resolved",
                   "an anchor may stand on an entry or a value that is complete above the alias"};
  }
  const Node& node = anchored_.node(kept - 1);
  CountUnfolded(node.end - (kept - 1), LineOf(mark), ColumnOf(mark));
  std::uint32_t index = tree_.Append(anchored_, kept - 1);
  tree_.MoveTo(index, LineOf(mark), ColumnOf(mark));
  CheckSizes(mark);
  Complete(index, 0);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value) {
  CheckTag(mark, tag);
  if (open_.empty() && level_ == Level::kSections && has_key_) {
    level_ = Level::kItems;
  } else {
    OpenNode(NodeType::kList, mark, anchor);
  }
}

void YamlBuilder::OnSequenceEnd() {
  if (!open_.empty()) return CloseNode();
  level_ = Level::kSections;
  has_key_ = false;
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value) {
  CheckTag(mark, tag);
  if (by_item_ && open_.empty() && level_ == Level::kDocument) {
    level_ = Level::kSections;
  } else {
    OpenNode(NodeType::kMap, mark, anchor);
  }
}

void YamlBuilder::OnMapEnd() {
  if (!open_.empty()) return CloseNode();
  level_ = Level::kDocument;
}

bool YamlBuilder::AtSectionKey() const {
  return open_.empty() && level_ == Level::kSections && !has_key_;
}

void YamlBuilder::StartSection(const YAML::Mark& mark, const std::string& name) {
  section_ = {name, LineOf(mark), ColumnOf(mark)};
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

std::uint32_t YamlBuilder::AddNode(NodeType type, const YAML::Mark& mark, std::string_view text) {
  std::uint32_t index = tree_.Add(type, LineOf(mark), ColumnOf(mark), text);
  CheckSizes(mark);
  return index;
}

void YamlBuilder::OpenNode(NodeType type, const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (AtSectionKey()) {
    throw YamlStop{LineOf(mark), ColumnOf(mark), "a key must be a plain word",
                   std::string(kKeyHint)};
  }
  if (open_.size() >= limits_.depth_max) {
    throw YamlStop{LineOf(mark), ColumnOf(mark),
                   "nested more than " + std::to_string(limits_.depth_max) + " levels deep",
                   "no setting of viasync is nested that deeply; check the brackets"};
  }
  open_.push_back({AddNode(type, mark), anchor});
}

void YamlBuilder::CloseNode() {
  auto [index, anchor] = open_.back();
  open_.pop_back();
  tree_.Close(index);
  if (tree_.node(index).type == NodeType::kMap) CheckKeys({&tree_, index});
  Complete(index, anchor);
}

void YamlBuilder::Complete(std::uint32_t index, YAML::anchor_t anchor) {
  if (anchor != 0) KeepAnchor(index, anchor);
  if (open_.empty()) Deliver();
}

void YamlBuilder::KeepAnchor(std::uint32_t index, YAML::anchor_t anchor) {
  const Node& node = tree_.node(index);
  CountUnfolded(node.end - index, node.line, node.column);
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

void YamlBuilder::CheckTag(const YAML::Mark& mark, const std::string& tag) {
  last_ = mark;
  // `?` and `!`: none was written, on a plain or a quoted text.
  if (tag.empty() || tag == "?" || tag == "!" || tag.starts_with("tag:yaml.org,2002:")) return;
  Report(LineOf(mark), ColumnOf(mark), "the tag " + Quoted(tag) + " means nothing here",
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

void YamlBuilder::CheckSizes(const YAML::Mark& mark) {
  if (tree_.size() > limits_.nodes_max || tree_.text_bytes() > limits_.text_bytes_max) {
    throw YamlStop{LineOf(mark), ColumnOf(mark), "one entry holds more than viasync reads",
                   "check its aliases and brackets"};
  }
}

void YamlBuilder::CountUnfolded(std::size_t nodes, int line, int column) {
  unfolded_nodes_ += nodes;
  if (unfolded_nodes_ > limits_.unfolded_nodes_max || nodes > limits_.nodes_max) {
    throw YamlStop{line, column, "anchors and aliases unfold to more than viasync reads",
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
