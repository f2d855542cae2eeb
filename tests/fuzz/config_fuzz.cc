// Any bytes as a configuration file and as a CSV beside it: an answer or errors, never a crash.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <sstream>
#include <string>

#include "engine/config/desired.h"
#include "engine/config/project.h"

namespace {

class OneFile final : public viasync::config::FileTree {
 public:
  explicit OneFile(std::string content) : content_(std::move(content)) {}
  viasync::base::Result<std::vector<std::string>> List(const std::string& dir) override {
    if (dir.starts_with("config")) return std::vector<std::string>{"config/a.yaml"};
    return std::vector<std::string>();
  }
  viasync::base::Result<std::unique_ptr<std::streambuf>> Open(const std::string&) override {
    return std::make_unique<std::stringbuf>(content_, std::ios::in);
  }

 private:
  std::string content_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  OneFile tree(std::string(reinterpret_cast<const char*>(data), size));
  viasync::config::Project project;
  viasync::config::Environment environment{.name = "dev", .org = "acme"};
  (void)viasync::config::LoadDesired(project, environment, tree);
  (void)viasync::config::LoadProject(".", tree);
  return 0;
}
