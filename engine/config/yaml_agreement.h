// Two parsers must read the same in a file: where they do not, people and other tools will not
// either, and what one of them misses may be a person who must not be called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/config/yaml_events.h"

namespace viasync::config {

// Passes the events of the first parser on, and keeps a trace of them.
class YamlTrace final : public YamlHandler {
 public:
  struct Step {
    std::uint32_t hash;
    YamlPlace place;
  };
  // Which events count, as hashes.
  class Steps {
   public:
    std::optional<std::uint32_t> Next(const YamlEvent& event);

   private:
    bool first_ = false;  // of its document
  };

  explicit YamlTrace(YamlHandler& next) : next_(next) {}
  void On(const YamlEvent& event) override;
  const std::vector<Step>& trace() const { return trace_; }

 private:
  YamlHandler& next_;
  Steps steps_;
  std::vector<Step> trace_;
};

// Holds the events of the second parser against it. Throws YamlStop at the first that is not the
// same; Finish() must follow the last.
class YamlComparison final : public YamlHandler {
 public:
  explicit YamlComparison(const YamlTrace& trace) : trace_(trace.trace()) {}
  void On(const YamlEvent& event) override;
  void Finish() const;

 private:
  const std::vector<YamlTrace::Step>& trace_;
  YamlTrace::Steps steps_;
  std::size_t at_ = 0;
};

}  // namespace viasync::config
