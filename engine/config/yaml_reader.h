// YAML files, event by event. Entries of the top-level lists are handed over one by one and
// forgotten, so a file with 100,000 of them needs little more memory than its bytes. Bounded in
// depth, size and what aliases unfold to; keys given twice are refused, and what two parsers read
// differently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/config/problems.h"
#include "engine/config/yaml_tree.h"

namespace viasync::config {

struct YamlLimits {
  std::size_t depth_max = 32;
  std::size_t nodes_max = 100'000;             // of one tree
  std::size_t text_bytes_max = 16 << 20;       // of one tree
  std::size_t unfolded_nodes_max = 1'000'000;  // of one file: anchors kept, aliases repeated
  std::uint64_t file_bytes_max = 256 << 20;
};

// A key of the file's top-level map.
struct SectionKey {
  std::string name;
  int line = 0;
  int column = 0;
};

// What a file consists of. Nodes are valid during the call only.
class YamlSink {
 public:
  virtual ~YamlSink() = default;
  virtual void OnSection(const SectionKey& section) = 0;
  // An entry of the list under `section`.
  virtual void OnItem(const SectionKey& section, NodeRef item) = 0;
  // The value of `section` where it is no list.
  virtual void OnOther(const SectionKey& section, NodeRef value) = 0;
  // A document whose top level is no map.
  virtual void OnRoot(NodeRef root) = 0;
};

// Reads all documents of `path`. What is wrong with the YAML itself goes to `problems`.
void ReadYaml(const std::string& path, YamlSink& sink, Problems& problems,
              const YamlLimits& limits = {});

// Reads a small file of one document as one tree. False: it has problems.
[[nodiscard]] bool ReadYamlTree(const std::string& path, Tree& tree, Problems& problems,
                                const YamlLimits& limits = {});

}  // namespace viasync::config
