#include "engine/config/edit/yaml_spans.h"

#include <libfyaml.h>

#include <algorithm>
#include <memory>
#include <unordered_set>
#include <utility>

#include "engine/config/edit/text_lines.h"

namespace viasync::config {
namespace {

using Type = SpanNode::Type;

std::uint32_t Begin(fy_token* token) {
  return static_cast<std::uint32_t>(fy_token_start_mark(token)->input_pos);
}
std::uint32_t End(fy_token* token) {
  return static_cast<std::uint32_t>(fy_token_end_mark(token)->input_pos);
}

ScalarStyle StyleOf(fy_token* token) {
  switch (fy_token_scalar_style(token)) {
    case FYSS_SINGLE_QUOTED:
      return ScalarStyle::kSingle;
    case FYSS_DOUBLE_QUOTED:
      return ScalarStyle::kDouble;
    case FYSS_LITERAL:
      return ScalarStyle::kLiteral;
    case FYSS_FOLDED:
      return ScalarStyle::kFolded;
    default:
      return ScalarStyle::kPlain;
  }
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void OnEvent(fy_event& event) {
    switch (event.type) {
      case FYET_DOCUMENT_START:
        spans_.documents.push_back(Next());
        break;
      case FYET_SCALAR:
        OnScalar(event.scalar.value, event.scalar.anchor, event.scalar.tag);
        break;
      case FYET_ALIAS:
        OnAlias(event.alias.anchor);
        break;
      case FYET_SEQUENCE_START:
        Open(Type::kList, event.sequence_start.sequence_start, event.sequence_start.anchor,
             event.sequence_start.tag);
        break;
      case FYET_MAPPING_START:
        Open(Type::kMap, event.mapping_start.mapping_start, event.mapping_start.anchor,
             event.mapping_start.tag);
        break;
      case FYET_SEQUENCE_END:
        Close(event.sequence_end.sequence_end);
        break;
      case FYET_MAPPING_END:
        Close(event.mapping_end.mapping_end);
        break;
      default:
        break;
    }
  }

  YamlSpans Finish() {
    for (const auto& [index, name] : anchors_) {
      spans_.nodes[index].anchored = aliases_.contains(name);
    }
    return std::move(spans_);
  }

 private:
  std::uint32_t Next() const { return static_cast<std::uint32_t>(spans_.nodes.size()); }

  SpanNode& Add(Type type, std::uint32_t begin, int line) {
    auto at = std::min<std::uint32_t>(begin, static_cast<std::uint32_t>(text_.size()));
    spans_.nodes.push_back({.type = type,
                            .last = Next() + 1,
                            .outer_begin = at,
                            .begin = at,
                            .end = at,
                            .line = line});
    return spans_.nodes.back();
  }

  void AddProperties(SpanNode& node, fy_token* anchor, fy_token* tag) {
    if (tag && fy_token_start_mark(tag)) {
      node.outer_begin = std::min(node.outer_begin, Begin(tag));
    }
    if (!anchor) return;
    node.outer_begin = std::min(node.outer_begin, Begin(anchor) - 1);  // the `&`
    std::size_t size = 0;
    const char* name = fy_token_get_text(anchor, &size);
    anchors_.emplace_back(Next() - 1, std::string(name, size));
  }

  void Keep(SpanNode& node, fy_token* token) {
    std::size_t size = 0;
    const char* text = fy_token_get_text(token, &size);
    node.text_begin = static_cast<std::uint32_t>(spans_.texts.size());
    node.text_size = static_cast<std::uint32_t>(size);
    if (text) spans_.texts.append(text, size);
  }

  void OnScalar(fy_token* value, fy_token* anchor, fy_token* tag) {
    if (!value || !fy_token_start_mark(value)) {
      auto& node = Add(Type::kNothing, behind_, 0);
      AddProperties(node, anchor, tag);
      return;
    }
    auto style = StyleOf(value);
    auto& node = Add(Type::kScalar, Begin(value), fy_token_start_mark(value)->line + 1);
    node.style = style;
    node.end = End(value);
    Keep(node, value);
    if (IsBlock(style)) {
      PlaceBlock(node);
    } else if (style != ScalarStyle::kPlain) {
      --node.begin;
      ++node.end;
      node.outer_begin = node.begin;
    }
    AddProperties(node, anchor, tag);
    behind_ = node.end;
  }

  // libfyaml names the lines of the text; its header stands at the end of the line above.
  void PlaceBlock(SpanNode& node) {
    node.body = static_cast<std::uint32_t>(LineBegin(text_, node.begin));
    auto last = node.end > node.body ? text_.find_last_not_of(" \t\r\n", node.end - 1)
                                     : std::string_view::npos;
    bool empty = last == std::string_view::npos || last < node.body;
    auto header = std::min(text_.find_first_of("|>", behind_), text_.size());
    node.begin = static_cast<std::uint32_t>(header);
    node.end = static_cast<std::uint32_t>(empty ? LineStop(text_, header) : last + 1);
    if (empty) node.body = node.end;
    while (node.body < node.end && IsBlankLine(text_, node.body)) {
      node.body = static_cast<std::uint32_t>(LineEnd(text_, node.body));
    }
    node.outer_begin = node.begin;
    node.line = spans_.nodes.size() > 1 ? spans_.nodes[spans_.nodes.size() - 2].line : 1;
  }

  void OnAlias(fy_token* name) {
    auto& node = Add(Type::kAlias, Begin(name) - 1, fy_token_start_mark(name)->line + 1);  // `*`
    node.end = End(name);
    Keep(node, name);
    aliases_.emplace(spans_.TextOf(node));
    behind_ = node.end;
  }

  void Open(Type type, fy_token* start, fy_token* anchor, fy_token* tag) {
    bool known = start && fy_token_start_mark(start);
    auto& node =
        Add(type, known ? Begin(start) : behind_, known ? fy_token_start_mark(start)->line + 1 : 0);
    char bracket = type == Type::kList ? '[' : '{';
    node.flow = known && End(start) > node.begin && text_[node.begin] == bracket;
    AddProperties(node, anchor, tag);
    open_.push_back(Next() - 1);
  }

  void Close(fy_token* end) {
    auto& node = spans_.nodes[open_.back()];
    open_.pop_back();
    node.last = Next();
    node.end = node.flow && end ? End(end) : std::max(node.begin, behind_);
    behind_ = node.end;
  }

  std::string_view text_;
  YamlSpans spans_;
  std::vector<std::uint32_t> open_;
  std::vector<std::pair<std::uint32_t, std::string>> anchors_;
  std::unordered_set<std::string> aliases_;
  std::uint32_t behind_ = 0;  // the last node that has a text
};

struct ParserDeleter {
  void operator()(fy_parser* parser) const { fy_parser_destroy(parser); }
};

}  // namespace

base::Result<YamlSpans> ScanYaml(std::string_view text) {
  fy_parse_cfg settings{};
  settings.flags =
      static_cast<fy_parse_cfg_flags>(FYPCF_QUIET | FYPCF_DEFAULT_VERSION_AUTO |
                                      FYPCF_ALLOW_DUPLICATE_KEYS | FYPCF_SLOPPY_FLOW_INDENTATION);
  std::unique_ptr<fy_parser, ParserDeleter> parser(fy_parser_create(&settings));
  Scanner scanner(text);
  bool good = parser && fy_parser_set_string(parser.get(), text.data(), text.size()) == 0;
  bool ended = false;
  while (good && !ended) {
    fy_event* event = fy_parser_parse(parser.get());
    if (!event) break;
    scanner.OnEvent(*event);
    ended = event->type == FYET_STREAM_END;
    fy_parser_event_free(parser.get(), event);
  }
  if (!ended || fy_parser_get_stream_error(parser.get())) {
    return base::Fail(base::ErrorKind::kInvalid,
                      "the file is written in a way that cannot be edited safely",
                      "edit it by hand");
  }
  return scanner.Finish();
}

}  // namespace viasync::config
