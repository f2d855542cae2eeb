#include "engine/config/yaml_reader.h"

#include <string>
#include <utility>

#include "engine/config/text_stream.h"
#include "engine/config/yaml_agreement.h"
#include "engine/config/yaml_bounds.h"
#include "engine/config/yaml_builder.h"
#include "engine/config/yaml_cpp.h"
#include "engine/config/yaml_directives.h"
#include "engine/config/yaml_fyaml.h"
#include "engine/config/yaml_plain.h"

namespace viasync::config {
namespace {

// Above this size yaml-cpp is slow: it is asked only where the two could differ.
constexpr std::size_t kTwiceBytesMax = 256 << 10;

// For a parser that is only asked what is wrong.
class Nowhere final : public YamlHandler {
 public:
  void On(const YamlEvent&) override {}
};

YamlStop Broken(YamlStop stop) {
  stop.message = "broken YAML: " + stop.message;
  if (stop.hint.empty()) {
    stop.hint = "check the indentation, the quotes and the `:` here and in the line above";
  }
  return stop;
}

// In the words of yaml-cpp where it sees it, too.
YamlStop Explain(std::string_view text, YamlStop stop) {
  if (text.size() > kTwiceBytesMax) return Broken(std::move(stop));
  Nowhere nowhere;
  auto explained = ReadWithYamlCpp(text, nowhere);
  return Broken(explained ? std::move(*explained) : std::move(stop));
}

std::optional<YamlStop> Parse(std::string_view text, YamlBuilder& builder,
                              const YamlLimits& limits) {
  if (auto stop = CheckYamlBounds(text)) return stop;
  if (auto stop = CheckYamlDirectives(text)) return stop;
  try {
    if (text.size() > kTwiceBytesMax && IsPlainYaml(text)) {
      if (auto stop = ReadWithFyaml(text, limits.text_bytes_max, builder)) {
        return Broken(std::move(*stop));
      }
      builder.Finish();
      return std::nullopt;
    }
    YamlTrace trace(builder);
    if (auto stop = ReadWithFyaml(text, limits.text_bytes_max, trace)) {
      return Explain(text, std::move(*stop));
    }
    YamlComparison comparison(trace);
    if (auto stop = ReadWithYamlCpp(text, comparison)) return Broken(std::move(*stop));
    comparison.Finish();
    builder.Finish();
  } catch (const YamlStop& stop) {
    return stop;
  }
  return std::nullopt;
}

void Read(const std::string& path, YamlSink& sink, Problems& problems, const YamlLimits& limits,
          bool by_item) {
  auto file = problems.files().Open(path);
  if (!file) return problems.Add(std::move(file.error()));
  TextStream stream(std::move(*file), limits.file_bytes_max);
  auto text = stream.ReadAll();
  if (const auto& cut = stream.problem()) {
    return problems.Add({path, cut->line, cut->column}, cut->message, cut->hint);
  }
  YamlBuilder builder(path, sink, problems, limits, by_item);
  if (auto stop = Parse(text, builder, limits)) {
    problems.Add({path, stop->place.line, stop->place.column}, std::move(stop->message),
                 std::move(stop->hint));
  }
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
