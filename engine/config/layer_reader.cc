#include "engine/config/layer_reader.h"

#include <optional>

#include "engine/config/entry_decoder.h"
#include "engine/config/yaml_reader.h"

namespace viasync::config {
namespace {

// "`filters:`, `exclusions:` or `lists:`"
std::string SectionHeads() {
  model::ByKind<std::string> heads;
  for (auto kind : model::kKinds) heads[kind] = std::string(model::KindPlural(kind)) + ":";
  return OneOf(std::vector<std::string_view>(heads.all.begin(), heads.all.end()));
}

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
                       "a file of the configuration", model::kKindPlurals);
    }
  }

  void OnItem(const SectionKey&, NodeRef item) override {
    if (!kind_) return;
    DecodeEntry(*kind_, context_, item, layer_);
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
                    "start with " + SectionHeads());
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
