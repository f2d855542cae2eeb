// yaml-cpp's events on their way to a YamlSink: builds the small trees, resolves aliases under a
// limit, refuses what YAML allows and viasync does not. Throws YamlStop where reading cannot go on:
// yaml-cpp has no other way to be stopped; ReadYaml catches it.
#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/config/text_stream.h"
#include "engine/config/yaml_reader.h"

namespace viasync::config {

struct YamlStop {
  int line;  // from 1
  int column;
  std::string message;
  std::string hint;
};

class YamlBuilder final : public YAML::EventHandler {
 public:
  // `stream` is what yaml-cpp reads. Without `by_item` every document goes to OnRoot as a whole.
  YamlBuilder(const std::string& path, const TextStream& stream, YamlSink& sink, Problems& problems,
              const YamlLimits& limits, bool by_item)
      : path_(path),
        stream_(stream),
        sink_(sink),
        problems_(problems),
        limits_(limits),
        by_item_(by_item) {}

  // Where the last event was: for what yaml-cpp notices too late.
  base::SourcePos last() const { return {path_, last_.line + 1, last_.column + 1}; }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override;
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;

 private:
  // Where the next event belongs when no tree is open.
  enum class Level { kDocument, kSections, kItems };
  struct Open {
    std::uint32_t index;
    YAML::anchor_t anchor;
  };

  bool AtSectionKey() const;
  void StartSection(const YAML::Mark& mark, const std::string& name);
  std::uint32_t AddNode(NodeType type, const YAML::Mark& mark, std::string_view text = {});
  void OpenNode(NodeType type, const YAML::Mark& mark, YAML::anchor_t anchor);
  void CloseNode();
  void Complete(std::uint32_t index, YAML::anchor_t anchor);
  void KeepAnchor(std::uint32_t index, YAML::anchor_t anchor);
  void Deliver();
  void CheckTag(const YAML::Mark& mark, const std::string& tag);
  void CheckKeys(NodeRef map);
  void CheckSizes(const YAML::Mark& mark);
  void CountUnfolded(std::size_t nodes, int line, int column);
  void Report(int line, int column, std::string message, std::string hint);
  void ReportTwice(NodeRef again, int first_line);

  const std::string& path_;
  const TextStream& stream_;
  YamlSink& sink_;
  Problems& problems_;
  const YamlLimits& limits_;
  bool by_item_;

  Level level_ = Level::kDocument;
  bool has_key_ = false;  // in kSections: the key is read, its value comes next
  SectionKey section_;
  std::vector<SectionKey> sections_;  // of this document
  bool first_document_ = true;
  YAML::Mark last_;
  Tree tree_;
  std::vector<Open> open_;
  Tree anchored_;                       // copies of the anchored nodes of this document
  std::vector<std::uint32_t> anchors_;  // by anchor: index in anchored_ plus 1; 0 = not complete
  std::size_t unfolded_nodes_ = 0;
};

}  // namespace viasync::config
