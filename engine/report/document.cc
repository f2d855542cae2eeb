#include "engine/report/document.h"

namespace viasync::report {

std::string PlainText(const Line& line) {
  std::string text;
  for (const auto& span : line) text += span.text;
  return text;
}

std::string PlaceOf(const Item& item) {
  return item.line > 0 ? item.file + ":" + std::to_string(item.line) : item.file;
}

}  // namespace viasync::report
