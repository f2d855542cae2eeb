#include "engine/config/yaml_directives.h"

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/config/problems.h"

namespace viasync::config {
namespace {

// `---` or `...`, alone or with a blank behind it.
bool IsMarker(std::string_view line, std::string_view marker) {
  return line.starts_with(marker) && (line.size() == marker.size() || line[marker.size()] == ' ' ||
                                      line[marker.size()] == '\t');
}

std::string_view WithoutComment(std::string_view line) {
  auto comment = line.find(" #");
  return base::Trim(line.substr(0, comment));
}

}  // namespace

std::optional<YamlStop> CheckYamlDirectives(std::string_view text) {
  bool before_document = true;
  int number = 1;
  for (std::size_t begin = 0; begin < text.size(); ++number) {
    auto end = std::min(text.find('\n', begin), text.size());
    auto line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (IsMarker(line, "...")) {
      before_document = true;
    } else if (before_document && line.starts_with('%')) {
      if (WithoutComment(line) == "%YAML 1.2") continue;
      return YamlStop{{number, 1},
                      "the directive " + Quoted(line) + " means nothing here",
                      "remove it: files are read as YAML 1.2"};
    } else if (!base::Trim(line).empty() && !base::Trim(line).starts_with('#')) {
      before_document = false;
    }
  }
  return std::nullopt;
}

}  // namespace viasync::config
