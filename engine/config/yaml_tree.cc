#include "engine/config/yaml_tree.h"

namespace viasync::config {

std::uint32_t Tree::Add(NodeType type, int line, int column, std::string_view text,
                        TextMarks marks) {
  std::uint32_t index = size();
  nodes_.push_back({.end = index + 1,
                    .text_begin = static_cast<std::uint32_t>(text_.size()),
                    .text_size = static_cast<std::uint32_t>(text.size()),
                    .line = line,
                    .column = column,
                    .type = type,
                    .marks = marks});
  text_ += text;
  return index;
}

std::uint32_t Tree::Append(const Tree& from, std::uint32_t index) {
  std::uint32_t first = size();
  std::uint32_t end = from.nodes_[index].end;
  for (std::uint32_t i = index; i < end; ++i) {
    const Node& node = from.nodes_[i];
    Add(node.type, node.line, node.column, from.text(node), node.marks);
    nodes_.back().end = node.end - index + first;
  }
  return first;
}

void Tree::Clear() {
  nodes_.clear();
  text_.clear();
}

void Tree::MoveTo(std::uint32_t index, int line, int column) {
  nodes_[index].line = line;
  nodes_[index].column = column;
}

}  // namespace viasync::config
