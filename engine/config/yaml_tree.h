// A small piece of YAML in memory: one entry of a list, or a whole small file. Nodes lie in one
// vector in the order of the file, their texts in one string, so that a tree is built and dropped
// without an allocation per node. Not a general YAML model: no tags.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace viasync::config {

enum class NodeType : std::uint8_t { kNull, kText, kList, kMap };

// How a text is written, where that matters to what it may hold.
struct TextMarks {
  bool quoted = false;  // in single or double quotes
  bool hidden = false;  // holds characters that cannot be seen, and not as escapes
};

struct Node {
  std::uint32_t end = 0;  // index behind the last node inside this one
  std::uint32_t text_begin = 0;
  std::uint32_t text_size = 0;
  std::int32_t line = 0;  // from 1
  std::int32_t column = 0;
  NodeType type = NodeType::kNull;
  TextMarks marks{};
};

class Tree;

// A node where it lies; valid as long as the tree is not changed. A map's children are its keys and
// values in turn.
class NodeRef {
 public:
  NodeRef() = default;
  NodeRef(const Tree* tree, std::uint32_t index) : tree_(tree), index_(index) {}

  explicit operator bool() const { return tree_ != nullptr; }
  NodeType type() const;
  int line() const;
  int column() const;
  std::string_view text() const;  // empty for all but kText
  TextMarks marks() const;

  // First child, or behind the last one: compare with end().
  NodeRef begin() const { return {tree_, index_ + 1}; }
  NodeRef end() const;
  NodeRef next() const { return end(); }
  void CopyTo(Tree& tree) const;
  friend bool operator==(const NodeRef&, const NodeRef&) = default;

 private:
  const Tree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

class Tree {
 public:
  // Adds a node; Close() says where its children end.
  std::uint32_t Add(NodeType type, int line, int column, std::string_view text = {},
                    TextMarks marks = {});
  void Close(std::uint32_t index) { nodes_[index].end = size(); }
  // Appends a copy of `index` of `from` with all inside it.
  std::uint32_t Append(const Tree& from, std::uint32_t index);
  void Clear();
  void MoveTo(std::uint32_t index, int line, int column);

  std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
  std::size_t text_bytes() const { return text_.size(); }
  const Node& node(std::uint32_t index) const { return nodes_[index]; }
  std::string_view text(const Node& node) const {
    return std::string_view(text_).substr(node.text_begin, node.text_size);
  }

 private:
  std::vector<Node> nodes_;
  std::string text_;
};

inline NodeType NodeRef::type() const { return tree_->node(index_).type; }
inline TextMarks NodeRef::marks() const { return tree_->node(index_).marks; }
inline int NodeRef::line() const { return tree_->node(index_).line; }
inline int NodeRef::column() const { return tree_->node(index_).column; }
inline std::string_view NodeRef::text() const { return tree_->text(tree_->node(index_)); }
inline void NodeRef::CopyTo(Tree& tree) const { tree.Append(*tree_, index_); }
inline NodeRef NodeRef::end() const { return {tree_, tree_->node(index_).end}; }

}  // namespace viasync::config
