#include "engine/config/layer_reader.h"

#include <array>
#include <optional>

#include "engine/config/entry_decoder.h"
#include "engine/config/yaml_reader.h"

namespace viasync::config {
namespace {

constexpr std::array<std::string_view, 3> kSections = {"filters", "exclusions", "lists"};

class LayerSink final : public YamlSink {
 public:
  LayerSink(const FileContext& context, Layer& layer) : context_(context), layer_(layer) {}

  void OnSection(const SectionKey& section) override {
    kind_ = std::nullopt;
    for (auto kind : model::kKinds) {
      if (model::KindPlural(kind) == section.name) kind_ = kind;
    }
    if (!kind_) {
      ReportUnknownKey(context_, section.line, section.column, section.name,
                       "a file of the configuration", kSections);
    }
  }

  void OnItem(const SectionKey&, NodeRef item) override {
    if (!kind_) return;
    switch (*kind_) {
      case model::Kind::kFilter:
        return DecodeFilter(context_, item, layer_);
      case model::Kind::kExclusion:
        return DecodeExclusion(context_, item, layer_);
      case model::Kind::kList:
        return DecodeList(context_, item, layer_);
    }
  }

  void OnOther(const SectionKey& section, NodeRef value) override {
    if (!kind_ || value.type() == NodeType::kNull) return;
    context_.Report(
        value,
        Quoted(section.name) + " must be a list, found " + std::string(TypeName(value.type())),
        "write the entries below each other, each with a `-` in front");
  }

  void OnRoot(NodeRef root) override {
    if (root.type() == NodeType::kNull) return;
    context_.Report(root, "the file must be a map, found " + std::string(TypeName(root.type())),
                    "start with `filters:`, `exclusions:` or `lists:`");
  }

 private:
  const FileContext& context_;
  Layer& layer_;
  std::optional<model::Kind> kind_;  // of the section that is being read
};

}  // namespace

void ReadLayer(const std::vector<std::string>& files, const std::string& environment,
               const Variables& variables, Layer& layer, Problems& problems) {
  for (const auto& path : files) {
    FileContext context{problems, path, environment, &variables};
    LayerSink sink(context, layer);
    ReadYaml(path, sink, problems);
  }
}

}  // namespace viasync::config
