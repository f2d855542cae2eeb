#include "engine/config/yaml_agreement.h"

#include <string_view>
#include <utility>

namespace viasync::config {
namespace {

constexpr std::string_view kTwoReadings = "programs that read YAML do not agree on what this means";
constexpr std::string_view kTwoReadingsHint =
    "write it in a plainer way: texts in double quotes, each entry on lines of its own, and no "
    "comment between a key and its value";

std::uint32_t Mix(std::uint32_t hash, std::string_view bytes) {
  for (char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;  // FNV-1a
  return (hash ^ 0xFFU) * 16777619U;
}

// Parsers may or may not tell of a document that holds nothing, so it does not count.
bool IsEmptyRoot(const YamlEvent& event) {
  return event.type == YamlEvent::Type::kNull && event.tag.empty() && event.anchor == 0;
}

std::uint32_t HashOf(const YamlEvent& event, bool first_of_document) {
  std::uint32_t hash = 2166136261U + static_cast<std::uint32_t>(event.type);
  if (first_of_document) hash = Mix(hash, "---");
  hash = Mix(hash, event.tag);
  hash = (hash ^ event.anchor) * 16777619U;
  // Only one of the parsers tells the name of an alias.
  if (event.type != YamlEvent::Type::kText) return hash;
  // yaml-cpp loses some of the final line breaks that `>+` keeps; nobody takes them for a value.
  auto last = event.text.find_last_not_of('\n');
  return Mix(hash, event.text.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

}  // namespace

std::optional<std::uint32_t> YamlTrace::Steps::Next(const YamlEvent& event) {
  if (event.type == YamlEvent::Type::kDocument) {
    first_ = true;
    return std::nullopt;
  }
  bool first = std::exchange(first_, false);
  if (first && IsEmptyRoot(event)) return std::nullopt;
  return HashOf(event, first);
}

void YamlTrace::On(const YamlEvent& event) {
  if (auto hash = steps_.Next(event)) trace_.push_back({*hash, event.place});
  next_.On(event);
}

void YamlComparison::On(const YamlEvent& event) {
  auto hash = steps_.Next(event);
  if (!hash) return;
  if (at_ < trace_.size() && trace_[at_].hash == *hash) {
    ++at_;
    return;
  }
  throw YamlStop{event.place, std::string(kTwoReadings), std::string(kTwoReadingsHint)};
}

void YamlComparison::Finish() const {
  if (at_ == trace_.size()) return;
  throw YamlStop{trace_[at_].place, std::string(kTwoReadings), std::string(kTwoReadingsHint)};
}

}  // namespace viasync::config
