#include "engine/config/yaml_reader.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <istream>

#include "engine/base/strings.h"
#include "engine/config/text_place.h"
#include "engine/config/text_stream.h"
#include "engine/config/yaml_builder.h"

namespace viasync::config {
namespace {

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

// yaml-cpp notices what is never closed at the end of the file: there is nothing to see there.
bool IsUnclosed(const std::string& message) {
  return message.contains("end of ") || message.contains("document indicator");
}

base::Error BrokenYaml(const YAML::Exception& error, const YamlBuilder& builder,
                       const std::string& path, FileTree& files) {
  base::SourcePos where{path, std::max(error.mark.line, 0) + 1, std::max(error.mark.column, 0) + 1};
  std::string what = error.msg;
  if (IsUnclosed(error.msg)) where = builder.last();
  if (error.msg.contains("document indicator")) what = "a quote behind this is never closed";
  if (error.msg.contains("anchor is not defined")) {
    auto line = LineOf(files, path, where.line);
    auto column = std::min(line.size(), static_cast<std::size_t>(where.column - 1));
    auto name = std::string_view(line).substr(column);
    what = "there is no anchor for the alias " + Quoted(name.substr(0, name.find_first_of(" ,]}")));
  }
  // A tab is told by other names, depending on what yaml-cpp hoped for in its place.
  auto indent = LineOf(files, path, where.line);
  indent.resize(std::min(indent.find_first_not_of(" \t"), indent.size()));
  bool tab = indent.contains('\t');
  return {.message = "broken YAML: " + base::Printable(what),
          .hint = HintFor(tab ? "illegal tab" : error.msg),
          .where = where};
}

void ReadStream(TextStream& stream, YamlBuilder& builder, const std::string& path,
                Problems& problems) {
  std::optional<base::Error> broken;
  try {
    std::istream in(&stream);
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YamlStop& stop) {
    broken = {.message = stop.message,
              .hint = stop.hint,
              .where = base::SourcePos{path, stop.line, stop.column}};
  } catch (const YAML::Exception& error) {
    broken = BrokenYaml(error, builder, path, problems.files());
  }
  // What yaml-cpp makes of a stream that was cut off is no news.
  if (const auto& cut = stream.problem()) {
    problems.Add({path, cut->line, cut->column}, cut->message, cut->hint);
  } else if (broken) {
    problems.Add(std::move(*broken));
  }
}

void Read(const std::string& path, YamlSink& sink, Problems& problems, const YamlLimits& limits,
          bool by_item) {
  auto file = problems.files().Open(path);
  if (!file) return problems.Add(std::move(file.error()));
  // Without the end of the document written out, yaml-cpp takes a quote that is never closed for
  // one that closes at the end of the file.
  TextStream stream(std::move(*file), limits.file_bytes_max, "\n...\n");
  YamlBuilder builder(path, stream, sink, problems, limits, by_item);
  ReadStream(stream, builder, path, problems);
}

class WholeFile final : public YamlSink {
 public:
  WholeFile(const std::string& path, Tree& tree, Problems& problems)
      : path_(path), tree_(tree), problems_(problems) {}
  void OnSection(const SectionKey&) override {}
  void OnItem(const SectionKey&, NodeRef) override {}
  void OnOther(const SectionKey&, NodeRef) override {}
  void OnRoot(NodeRef root) override {
    if (tree_.size() > 0) {
      problems_.Add({path_, root.line(), root.column()}, "this file holds a second document",
                    "keep one, without `---`");
      return;
    }
    root.CopyTo(tree_);
  }

 private:
  const std::string& path_;
  Tree& tree_;
  Problems& problems_;
};

}  // namespace

void ReadYaml(const std::string& path, YamlSink& sink, Problems& problems,
              const YamlLimits& limits) {
  Read(path, sink, problems, limits, true);
}

bool ReadYamlTree(const std::string& path, Tree& tree, Problems& problems,
                  const YamlLimits& limits) {
  WholeFile sink(path, tree, problems);
  Read(path, sink, problems, limits, false);
  return problems.empty() && tree.size() > 0;
}

}  // namespace viasync::config
