#include "engine/config/yaml_fyaml.h"

#include <libfyaml.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/config/problems.h"
#include "engine/config/unseen.h"

namespace viasync::config {
namespace {

using Type = YamlEvent::Type;

std::size_t Begin(fy_token* token) { return fy_token_start_mark(token)->input_pos; }
std::size_t End(fy_token* token) { return fy_token_end_mark(token)->input_pos; }
bool HasPlace(fy_token* token) { return token && fy_token_start_mark(token); }

std::string_view TextOf(fy_token* token) {
  std::size_t size = 0;
  const char* text = token ? fy_token_get_text(token, &size) : nullptr;
  return text ? std::string_view(text, size) : std::string_view();
}

bool IsNullWord(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

// A text between single quotes. libfyaml 0.7.12 cuts one short that has doubled quotes in a row.
std::string SingleQuoted(std::string_view raw) {
  std::string out;
  for (std::size_t at = 0; at < raw.size();) {
    auto next = std::min(raw.find_first_not_of(" \t\r", at), raw.size());
    std::size_t breaks = 0;
    while (next < raw.size() && raw[next] == '\n') {
      ++breaks;
      next = std::min(raw.find_first_not_of(" \t\r", next + 1), raw.size());
    }
    if (breaks > 0) {  // the first is a blank
      out += breaks == 1 ? " " : std::string(breaks - 1, '\n');
      at = next;
      continue;
    }
    bool doubled = raw.substr(at, 2) == "''";
    out += raw[at];
    at += doubled ? 2 : 1;
  }
  return out;
}

// libfyaml's events as ours.
class Translator {
 public:
  Translator(std::string_view text, std::size_t scalar_bytes_max, YamlHandler& handler)
      : text_(text), scalar_bytes_max_(scalar_bytes_max), handler_(handler) {}

  void OnEvent(const fy_event& event) {
    switch (event.type) {
      case FYET_DOCUMENT_START:
        anchors_.clear();
        anchor_ = 0;
        return Pass(
            {.type = Type::kDocument, .place = PlaceOf(event.document_start.document_start)});
      case FYET_SCALAR:
        return OnScalar(event.scalar.value, event.scalar.anchor, event.scalar.tag);
      case FYET_ALIAS:
        return OnAlias(event.alias.anchor);
      case FYET_SEQUENCE_START:
        return Open(Type::kList, event.sequence_start.sequence_start, event.sequence_start.anchor,
                    event.sequence_start.tag);
      case FYET_MAPPING_START:
        return Open(Type::kMap, event.mapping_start.mapping_start, event.mapping_start.anchor,
                    event.mapping_start.tag);
      case FYET_SEQUENCE_END:
        return Pass({.type = Type::kListEnd, .place = At(behind_)});
      case FYET_MAPPING_END:
        return Pass({.type = Type::kMapEnd, .place = At(behind_)});
      default:
        return;
    }
  }

 private:
  void Pass(const YamlEvent& event) { handler_.On(event); }

  // Most events stand in the line of the last one, or behind it.
  YamlPlace At(std::size_t position) {
    position = std::min(position, text_.size());
    while (position < line_begin_) {
      line_end_ = line_begin_ - 1;
      line_begin_ = line_end_ == 0 ? 0 : text_.rfind('\n', line_end_ - 1) + 1;
      --line_;
    }
    while (position > line_end_) {
      line_begin_ = line_end_ + 1;
      line_end_ = std::min(text_.find('\n', line_begin_), text_.size());
      ++line_;
    }
    return {line_, static_cast<int>(position - line_begin_) + 1};
  }

  YamlPlace PlaceOf(fy_token* token) { return At(HasPlace(token) ? Begin(token) : behind_); }

  // Where a node starts that has these properties in front of `begin`.
  std::size_t Outer(std::size_t begin, fy_token* anchor, fy_token* tag) {
    if (HasPlace(tag)) begin = std::min(begin, Begin(tag));
    if (HasPlace(anchor)) begin = std::min(begin, Begin(anchor) - 1);  // the `&`
    return begin;
  }

  std::uint32_t AnchorOf(fy_token* anchor) {
    if (!anchor) return 0;
    anchors_[std::string(TextOf(anchor))] = ++anchor_;
    return anchor_;
  }

  void OnScalar(fy_token* value, fy_token* anchor, fy_token* tag) {
    YamlEvent event{.tag = TextOf(tag), .anchor = AnchorOf(anchor)};
    if (!HasPlace(value)) {
      event.place = At(Outer(behind_, anchor, tag));
      return Pass(event);
    }
    std::size_t begin = Begin(value);
    std::size_t end = End(value);
    auto style = fy_token_scalar_style(value);
    bool block = style == FYSS_LITERAL || style == FYSS_FOLDED;
    event.quoted = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
    if (block) begin = HeaderOf(begin, anchor, tag);
    if (event.quoted) --begin;
    event.place = At(Outer(begin, anchor, tag));
    if (end - begin > scalar_bytes_max_) {
      throw YamlStop{event.place, "one entry holds more than viasync reads",
                     "check its quotes and brackets"};
    }
    event.text = TextOf(value);
    std::string text;
    if (style == FYSS_SINGLE_QUOTED) {
      std::string_view raw = text_.substr(Begin(value), end - Begin(value));
      if (raw.find("''''") != std::string_view::npos) event.text = text = SingleQuoted(raw);
    }
    bool plain = !block && !event.quoted;
    event.type = plain && !tag && IsNullWord(event.text) ? Type::kNull : Type::kText;
    event.hidden = HoldsUnseen(event.text) && (block || IsRaw(Begin(value), end));
    behind_ = event.quoted ? end + 1 : end;
    Pass(event);
  }

  // libfyaml names the lines of a block scalar; its header stands behind what came last.
  std::size_t HeaderOf(std::size_t begin, fy_token* anchor, fy_token* tag) {
    std::size_t from = behind_;
    if (HasPlace(anchor)) from = std::max(from, End(anchor));
    if (HasPlace(tag)) from = std::max(from, End(tag));
    auto header = text_.find_first_of("|>", from);
    return header < begin ? header : begin;
  }

  // True where the characters stand in the file themselves. Line breaks are folded into blanks.
  bool IsRaw(std::size_t begin, std::size_t end) const {
    std::string raw(text_.substr(begin, end - begin));
    std::erase_if(raw, [](char c) { return c == '\n' || c == '\r'; });
    return HoldsUnseen(raw);
  }

  void OnAlias(fy_token* name) {
    YamlEvent event{.type = Type::kAlias, .place = At(Begin(name) - 1), .text = TextOf(name)};
    auto anchor = anchors_.find(std::string(event.text));
    if (anchor == anchors_.end()) {
      throw YamlStop{
          event.place,
          "broken YAML: there is no anchor for the alias " + Quoted("*" + std::string(event.text)),
          "an alias `*name` needs an anchor `&name` above it"};
    }
    event.anchor = anchor->second;
    behind_ = End(name);
    Pass(event);
  }

  void Open(Type type, fy_token* start, fy_token* anchor, fy_token* tag) {
    std::size_t begin = HasPlace(start) ? Begin(start) : behind_;
    Pass({.type = type,
          .place = At(Outer(begin, anchor, tag)),
          .tag = TextOf(tag),
          .anchor = AnchorOf(anchor)});
  }

  std::string_view text_;
  std::size_t scalar_bytes_max_;
  YamlHandler& handler_;
  std::map<std::string, std::uint32_t> anchors_;  // of this document
  std::uint32_t anchor_ = 0;
  std::size_t behind_ = 0;  // the last node that has a text
  int line_ = 1;
  std::size_t line_begin_ = 0;
  std::size_t line_end_ = std::min(text_.find('\n'), text_.size());
};

struct Deleter {
  void operator()(fy_diag* diagnostics) const { fy_diag_destroy(diagnostics); }
};

// libfyaml 0.7.12 frees some of its memory twice when a parser is destroyed that has found an error
// (`fy_indent_vacuum_internal`). One that did not come to its end is kept until the process does.
class Parser {
 public:
  explicit Parser(const fy_parse_cfg& settings) : parser_(fy_parser_create(&settings)) {}
  ~Parser() {
    static std::vector<fy_parser*> kept;
    if (parser_ && ended_) fy_parser_destroy(parser_);
    if (parser_ && !ended_) kept.push_back(parser_);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  fy_parser* get() const { return parser_; }
  void SetEnded() { ended_ = true; }

 private:
  fy_parser* parser_;
  bool ended_ = false;
};

std::unique_ptr<fy_diag, Deleter> MakeDiagnostics() {
  fy_diag_cfg settings{};
  fy_diag_cfg_default(&settings);
  settings.fp = nullptr;
  settings.output_fn = [](fy_diag*, void*, const char*, std::size_t) {};
  settings.level = FYET_ERROR;
  std::unique_ptr<fy_diag, Deleter> diagnostics(fy_diag_create(&settings));
  if (diagnostics) fy_diag_set_collect_errors(diagnostics.get(), true);
  return diagnostics;
}

YamlStop WhatIsWrong(fy_diag* diagnostics) {
  void* position = nullptr;
  const auto* error = fy_diag_errors_iterate(diagnostics, &position);
  if (!error) return {{}, "it cannot be parsed", "check its indentation and quotes"};
  return {{std::max(error->line, 1), std::max(error->column, 1)},
          error->msg ? error->msg : "it cannot be parsed",
          ""};
}

}  // namespace

std::optional<YamlStop> ReadWithFyaml(std::string_view text, std::size_t scalar_bytes_max,
                                      YamlHandler& handler) {
  auto diagnostics = MakeDiagnostics();
  fy_parse_cfg settings{};
  settings.diag = diagnostics.get();
  settings.flags = static_cast<fy_parse_cfg_flags>(
      FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_ALLOW_DUPLICATE_KEYS |
      FYPCF_SLOPPY_FLOW_INDENTATION | FYPCF_DISABLE_ACCELERATORS);
  Parser parser(settings);
  if (!parser.get() || fy_parser_set_string(parser.get(), text.data(), text.size()) != 0) {
    return WhatIsWrong(diagnostics.get());
  }
  Translator translator(text, scalar_bytes_max, handler);
  auto release = [&](fy_event* event) { fy_parser_event_free(parser.get(), event); };
  for (bool ended = false; !ended;) {
    std::unique_ptr<fy_event, decltype(release)> event(fy_parser_parse(parser.get()), release);
    if (!event) return WhatIsWrong(diagnostics.get());
    translator.OnEvent(*event);
    ended = event->type == FYET_STREAM_END;
  }
  if (fy_parser_get_stream_error(parser.get())) return WhatIsWrong(diagnostics.get());
  parser.SetEnded();
  return std::nullopt;
}

}  // namespace viasync::config
