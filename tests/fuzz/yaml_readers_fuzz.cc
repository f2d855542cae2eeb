// Any bytes as a YAML file: what is taken as a small file, which two parsers read, is read the same
// as a part of a large one, which one parser reads. Else a file would change its meaning as it
// grows.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

#include "engine/config/yaml_reader.h"

namespace {

using namespace viasync::config;

class OneFile final : public FileTree {
 public:
  explicit OneFile(std::string content) : content_(std::move(content)) {}
  viasync::base::Result<std::vector<std::string>> List(const std::string&) override {
    return std::vector<std::string>();
  }
  viasync::base::Result<std::unique_ptr<std::streambuf>> Open(const std::string&) override {
    return std::make_unique<std::stringbuf>(content_, std::ios::in);
  }

 private:
  std::string content_;
};

class Everything final : public YamlSink {
 public:
  void OnSection(const SectionKey& section) override { seen += "\n" + section.name; }
  void OnItem(const SectionKey&, NodeRef item) override { Show(item); }
  void OnOther(const SectionKey&, NodeRef value) override { Show(value); }
  void OnRoot(NodeRef root) override { Show(root); }

  std::string seen;

 private:
  void Show(NodeRef node) {
    seen += "\n" + std::to_string(static_cast<int>(node.type())) + " ";
    seen += node.text();
    for (NodeRef child = node.begin(); child != node.end(); child = child.next()) Show(child);
    seen += ";";
  }
};

struct Outcome {
  bool good;
  std::string seen;
};

Outcome Read(std::string text) {
  OneFile tree(std::move(text));
  Problems problems(tree);
  Everything everything;
  ReadYaml("a.yaml", everything, problems);
  return {problems.empty(), std::move(everything.seen)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kSmallBytes = 4 << 10;
  std::string text(reinterpret_cast<const char*>(data), size);
  auto small = Read(text);
  if (!small.good || size > kSmallBytes) return 0;
  static const std::string kPadding = [] {
    std::string padding;
    for (int i = 0; i < 3000; ++i) padding += "#" + std::string(99, '-') + "\n";
    return padding;
  }();
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  auto large = Read(kPadding + text);
  if (!large.good || large.seen != small.seen) std::abort();
  return 0;
}
