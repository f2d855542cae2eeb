// The events of a YAML file on their way to a YamlSink: builds the small trees, resolves aliases
// under a limit, refuses what YAML allows and viasync does not. Throws YamlStop where reading
// cannot go on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/config/yaml_events.h"
#include "engine/config/yaml_reader.h"

namespace viasync::config {

class YamlBuilder final : public YamlHandler {
 public:
  // Without `by_item` every document goes to OnRoot as a whole.
  YamlBuilder(const std::string& path, YamlSink& sink, Problems& problems, const YamlLimits& limits,
              bool by_item)
      : path_(path), sink_(sink), problems_(problems), limits_(limits), by_item_(by_item) {}

  void On(const YamlEvent& event) override;
  // Parsers need not tell of a file that holds nothing.
  void Finish();

 private:
  // Where the next event belongs when no tree is open.
  enum class Level { kDocument, kSections, kItems };
  struct Open {
    std::uint32_t index;
    std::uint32_t anchor;
  };

  void OnDocument();
  void OnNull(const YamlEvent& event);
  void OnText(const YamlEvent& event);
  void OnAlias(const YamlEvent& event);
  void OnList(const YamlEvent& event);
  void OnListEnd();
  void OnMap(const YamlEvent& event);
  void OnMapEnd();

  bool AtSectionKey() const;
  void StartSection(YamlPlace place, std::string_view name);
  std::uint32_t AddNode(NodeType type, const YamlEvent& event);
  void OpenNode(NodeType type, const YamlEvent& event);
  void CloseNode();
  void Complete(std::uint32_t index, std::uint32_t anchor);
  void KeepAnchor(std::uint32_t index, std::uint32_t anchor);
  void Deliver();
  void CheckTag(const YamlEvent& event);
  void CheckKeys(NodeRef map);
  void CheckSizes(YamlPlace place);
  void CountUnfolded(std::size_t nodes, YamlPlace place);
  void Report(int line, int column, std::string message, std::string hint);
  void ReportTwice(NodeRef again, int first_line);

  const std::string& path_;
  YamlSink& sink_;
  Problems& problems_;
  const YamlLimits& limits_;
  bool by_item_;

  Level level_ = Level::kDocument;
  bool has_key_ = false;  // in kSections: the key is read, its value comes next
  SectionKey section_;
  std::vector<SectionKey> sections_;  // of this document
  bool started_ = false;
  Tree tree_;
  std::vector<Open> open_;
  Tree anchored_;                       // copies of the anchored nodes of this document
  std::vector<std::uint32_t> anchors_;  // by anchor: index in anchored_ plus 1; 0 = not complete
  std::size_t unfolded_nodes_ = 0;
};

}  // namespace viasync::config
