#include "engine/config/yaml_cpp.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "engine/base/strings.h"
#include "engine/config/problems.h"

namespace viasync::config {
namespace {

using Type = YamlEvent::Type;

struct Advice {
  std::string_view part;  // of yaml-cpp's message
  std::string_view hint;
};

constexpr std::array kAdvice = {
    Advice{"illegal tab", "YAML indents with spaces only; replace the tab"},
    Advice{"end of map flow", "a `{` is not closed by a `}`; check the brackets"},
    Advice{"end of sequence flow", "a `[` is not closed by a `]`; check the brackets"},
    Advice{"illegal flow end", "there is a `}` or `]` too many"},
    Advice{"illegal EOF in scalar", "a quote is not closed"},
    Advice{"illegal document indicator", "a quote is not closed"},
    Advice{"illegal map value", "a text that contains `: ` goes into quotes"},
    Advice{"end of map not found", "check the indentation: keys of one map stand below each other"},
    Advice{"end of sequence not found", "check the indentation: the `-` stand below each other"},
    Advice{"unknown escape",
           "in double quotes a backslash is written `\\\\`; or use single quotes"},
    Advice{"anchor is not defined", "an alias `*name` needs an anchor `&name` above it"},
    Advice{"unknown token", "a text that starts with a special character goes into quotes"},
};

std::string HintFor(const std::string& message) {
  auto fits = [&](const Advice& advice) { return message.contains(advice.part); };
  auto found = std::ranges::find_if(kAdvice, fits);
  return std::string(
      found == kAdvice.end()
          ? "check the indentation, the quotes and the `:` here and in the line above"
          : found->hint);
}

// yaml-cpp gives `\_` and `\N` as single bytes that are not UTF-8. The text around them is, so that
// no other byte can be meant.
std::string WithWholeCharacters(const std::string& value) {
  std::string whole;
  for (std::size_t i = 0; i < value.size();) {
    auto byte = static_cast<unsigned char>(value[i]);
    std::size_t size = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    if (byte >= 0x80 && byte < 0xC0) whole += '\xC2';
    whole.append(value, i, size);
    i += size;
  }
  return whole;
}

// yaml-cpp's events as ours.
class Translator final : public YAML::EventHandler {
 public:
  Translator(std::string_view text, YamlHandler& handler) : text_(text), handler_(handler) {}

  YamlPlace last() const { return last_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    // yaml-cpp takes text that belongs to nothing for another document, and never gets past it.
    auto position = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
    bool marked = text_.substr(position).starts_with("---");
    if (documents_++ > 0 && !marked) {
      throw YamlStop{PlaceOf(mark), "this belongs to nothing above it",
                     "check its indentation; another document starts with `---`"};
    }
    handler_.On({.type = Type::kDocument, .place = PlaceOf(mark)});
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    handler_.On({.type = Type::kNull, .place = PlaceOf(mark), .anchor = Number(anchor)});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    handler_.On({.type = Type::kAlias, .place = PlaceOf(mark), .anchor = Number(anchor)});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    bool whole = base::IsValidUtf8(value);
    auto repaired = whole ? std::string() : WithWholeCharacters(value);
    handler_.On({.type = Type::kText,
                 .place = Remember(mark),
                 .tag = Written(tag),
                 .text = whole ? value : repaired,
                 .anchor = Number(anchor)});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    handler_.On({.type = Type::kList,
                 .place = Remember(mark),
                 .tag = Written(tag),
                 .anchor = Number(anchor)});
  }
  void OnSequenceEnd() override { handler_.On({.type = Type::kListEnd, .place = last_}); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    handler_.On({.type = Type::kMap,
                 .place = Remember(mark),
                 .tag = Written(tag),
                 .anchor = Number(anchor)});
  }
  void OnMapEnd() override { handler_.On({.type = Type::kMapEnd, .place = last_}); }

 private:
  // `?` and `!`: none was written, on a plain or a quoted text.
  static std::string_view Written(const std::string& tag) {
    return tag == "?" || tag == "!" ? std::string_view() : std::string_view(tag);
  }
  static std::uint32_t Number(YAML::anchor_t anchor) { return static_cast<std::uint32_t>(anchor); }

  static YamlPlace PlaceOf(const YAML::Mark& mark) {
    return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1};
  }

  // What starts here may be what is never closed.
  YamlPlace Remember(const YAML::Mark& mark) {
    last_ = PlaceOf(mark);
    return last_;
  }

  std::string_view text_;
  YamlHandler& handler_;
  YamlPlace last_;
  int documents_ = 0;
};

std::string_view LineAt(std::string_view text, int line) {
  for (; line > 1; --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

// yaml-cpp notices what is never closed at the end of the file: there is nothing to see there.
bool IsUnclosed(const std::string& message) {
  return message.contains("end of ") || message.contains("document indicator");
}

YamlStop InWords(const YAML::Exception& error, std::string_view text, YamlPlace last) {
  YamlPlace place{std::max(error.mark.line, 0) + 1, std::max(error.mark.column, 0) + 1};
  std::string what = error.msg;
  if (IsUnclosed(error.msg)) place = last;
  if (error.msg.contains("document indicator")) what = "a quote behind this is never closed";
  auto line = text.empty() ? text : LineAt(text, place.line);
  if (error.msg.contains("anchor is not defined")) {
    auto name = line.substr(std::min(line.size(), static_cast<std::size_t>(place.column - 1)));
    what = "there is no anchor for the alias " + Quoted(name.substr(0, name.find_first_of(" ,]}")));
  }
  // A tab is told by other names, depending on what yaml-cpp hoped for in its place.
  auto indent = line.substr(0, line.find_first_not_of(" \t"));
  return {place, base::Printable(what), HintFor(indent.contains('\t') ? "illegal tab" : error.msg)};
}

}  // namespace

std::optional<YamlStop> ReadWithYamlCpp(std::string_view text, YamlHandler& handler) {
  // Without the end of the document written out, yaml-cpp takes a quote that is never closed for
  // one that closes at the end of the file.
  std::istringstream in(std::string(text) + (text.ends_with('\n') ? "...\n" : "\n...\n"));
  Translator translator(text, handler);
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(translator)) {
    }
  } catch (const YAML::Exception& error) {
    return InWords(error, text, translator.last());
  }
  return std::nullopt;
}

}  // namespace viasync::config
